import CompositionNetworks
import GaussianProcesses
import ModelFiles
import Regression
import Stability

/// The models that can be asked for by name.
public enum ModelKind: String, CaseIterable, Sendable, Codable {
  /// Chosen for the data, or a mixture of several: see `ModelLeague`.
  case auto
  case ridge
  /// Bayesian linear regression by its evidence.
  case bayesianRidge = "bayesian-ridge"
  case elasticNet = "elastic-net"
  case kernelRidge = "kernel-ridge"
  case gp
  /// A Gaussian process over atomic fractions and element scales: `CompositionProcessRegressor`.
  case compositionGP = "composition-gp"
  case extraTrees = "extra-trees"
  case randomForest = "random-forest"
  /// A random forest whose intervals are quantiles of the targets that share leaves with a row.
  case quantileForest = "quantile-forest"
  case boosting
  /// Boosting of several quantiles, which are the intervals.
  case quantileBoosting = "quantile-boosting"
  /// Boosting of the distance from the convex hull of the other training rows, for formation energies.
  case hullBoosting = "hull-boosting"
  /// A network over the elements of the formula, which reads element fractions instead of `descriptors`.
  case network
  /// Boosted trees for the probability of a target of at most `ModelingOptions.threshold`.
  case classifier
  /// The same by a Gaussian process with probit likelihood, for few rows.
  case probit
  /// One small network, of the formula alone unless neighbours are asked for: less accurate, and quick enough to screen
  /// millions of candidates.
  case compactNetwork = "compact-network"
  /// Networks that begin with the weights learned on formation energies, tuned on a small table.
  case pretrainedNetwork = "pretrained-network"

  /// Learns from `data`; intervals are calibrated on groups left out.
  ///
  /// - Parameter checkpoint: for networks; others need none.
  /// - Throws: `FitError`.
  func fit(
    _ data: TrainingSet, options: ModelingOptions, checkpoint: TrainingCheckpoint? = nil,
    progress: (FitProgress) -> Bool = { _ in true }
  ) throws(FitError) -> any FittedRegressor {
    switch self {
    case .auto:
      // Too few rows to compare models on: the one that shrinks to the mean.
      guard data.count >= Self.leastRowsToCompare else {
        let fallback = try ModelKind.gp.fit(data, options: options)
        return StackedModel(single: FittedModel(kind: .gp, regressor: fallback))
      }
      return try ModelLeague(on: data, options: options, progress: { _ = progress(FitProgress(done: $0, total: $1)) }).fit(data, options: options)
    case .network, .compactNetwork, .pretrainedNetwork:
      return try network(data, options: options).fit(data, checkpoint: checkpoint) {
        progress(FitProgress(done: $0.epoch, total: $0.epochs, loss: $0.loss, heldBackError: $0.heldBackError))
      }
    case .gp where options.intervals == .jackknifePlus && options.gaussianProcessMethod.isExact(rows: data.count):
      return try JackknifePlusRegressor(gaussianProcess(options)).fit(data)
    case .ridge, .bayesianRidge, .elasticNet, .gp, .kernelRidge, .compositionGP:
      func calibrated(_ base: some Regressor) throws(FitError) -> any FittedRegressor {
        try CalibratedRegressor(base, folds: options.calibrationFolds, seed: options.seed).fit(data)
      }
      return try calibrated(bareRegressor(for: data, options: options))
    case .classifier, .probit:
      func calibrated(_ base: some Regressor) throws(FitError) -> any FittedRegressor {
        try CalibratedProbabilities(base, folds: options.calibrationFolds, seed: options.seed).fit(data)
      }
      return try calibrated(bareRegressor(for: data, options: options))
    case .extraTrees, .randomForest, .quantileForest, .boosting, .quantileBoosting, .hullBoosting:
      return try fitBare(data, options: options)
    }
  }

  static let leastRowsToCompare = 20

  /// What `auto` compares, the most accurate on public conductivity data first.
  static func candidates(for data: TrainingSet) -> [ModelKind] {
    let hasHull = data.featureNames.contains(HullFeatures.energyName)
    let hasFractions = ElementColumns(names: data.featureNames) != nil && data.count <= GaussianProcessMethod.exactRows
    return (hasHull ? [.hullBoosting] : []) + (hasFractions ? [.compositionGP] : [.gp])
      + [.boosting, .extraTrees, .ridge]
  }

  /// Whether the model makes something of a hull of known phases.
  var usesHull: Bool { self == .auto || self == .hullBoosting }

  /// Learns from `data`, with the deviations the method itself gives: for a stack, which calibrates.
  func fitBare(_ data: TrainingSet, options: ModelingOptions) throws(FitError) -> any FittedRegressor {
    if self == .auto { return try fit(data, options: options) }
    func fitted(_ regressor: some Regressor) throws(FitError) -> any FittedRegressor { try regressor.fit(data) }
    return try fitted(bareRegressor(for: data, options: options))
  }

  /// What learns from `data`, before any calibration on groups left out.
  private func bareRegressor(for data: TrainingSet, options: ModelingOptions) throws(FitError) -> any Regressor {
    let seed = options.seed
    switch self {
    case .ridge: return RidgeRegressor()
    case .bayesianRidge: return BayesianRidgeRegressor()
    case .elasticNet: return ElasticNetRegressor(seed: seed)
    // `auto` compares the others and is none itself; a Gaussian process stands for it on a few rows.
    case .gp, .auto:
      if options.gaussianProcessMethod.isExact(rows: data.count) { return try gaussianProcess(options) }
      try options.checkInducing()
      let inducing = InducingPointRegressor(seed: seed)
      return options.method == .iterative ? IterativeProcessRegressor(inducing) : inducing
    case .kernelRidge: return KernelRidgeRegressor()
    case .compositionGP: return CompositionProcessRegressor()
    case .extraTrees: return ExtraTreesRegressor(ForestSettings(seed: seed))
    case .randomForest: return RandomForestRegressor(ForestSettings(seed: seed))
    case .quantileForest: return QuantileForestRegressor(ForestSettings(seed: seed))
    case .boosting: return boosting(of: data.targets, seed: seed)
    case .quantileBoosting: return QuantileBoostingRegressor(boosting(of: data.targets, seed: seed))
    case .classifier: return BoostedClassifier(boosting(of: data.targets, seed: seed))
    case .probit: return ProbitRegressor(ProbitClassifier(starts: 1, seed: seed))
    case .network, .compactNetwork, .pretrainedNetwork: return network(data, options: options)
    case .hullBoosting:
      guard let column = data.featureNames.firstIndex(of: HullFeatures.energyName) else {
        throw .invalidSetting(
          "hull-boosting learns energies per atom from their hull: name the target …eV_per_atom, without --log10, "
            + "and give at least \(PropertyModel.leastPhases) rows")
      }
      let distances = data.targets.indices.map { data.targets[$0] - data.features[$0, column] }
      return BaselineRegressor(base: boosting(of: distances, seed: seed), column: column)
    }
  }

  /// Above 5,000 rows the budget sets the number of networks and epochs; it is kept in the model file with the options.
  private func network(_ data: TrainingSet, options: ModelingOptions) -> CompositionNetworkRegressor {
    var regressor = CompositionNetworkRegressor(
      members: options.members, targetsAreEnergies: options.targetsAreEnergies, neighbours: options.neighbours,
      isCompact: self == .compactNetwork, isPretrained: self == .pretrainedNetwork, seed: options.seed)
    if data.count > Self.comparedRows {
      regressor = regressor.affording(seconds: options.budget ?? ModelingOptions.defaultNetworkBudget, for: data)
    }
    return regressor
  }

  var isNetwork: Bool { self == .network || self == .compactNetwork || self == .pretrainedNetwork }

  /// What `auto` stands for: for more rows than this, of formulas alone, the network, which on public formation,
  /// decomposition and hull energies beats boosted trees by a tenth and more.
  static let comparedRows = 5000

  /// Whether the kind predicts probabilities of labels instead of numbers.
  public var isClassifier: Bool { self == .classifier || self == .probit }

  /// What is fitted when the kind is asked for.
  func resolved(for data: Measurements, options: ModelingOptions) -> ModelKind {
    let isOfFormulas =
      options.temperatureColumn == nil && options.numericColumns.isEmpty && options.categoryColumns.isEmpty
    return self == .auto && data.count > Self.comparedRows && isOfFormulas ? .network : self
  }

  /// The descriptor set that the kind reads whatever is asked for; nil where that is free.
  var requiredDescriptors: String? { isNetwork || self == .compositionGP ? "fractions" : nil }

  /// Unless asked otherwise bounds are taken as values: on public conductivities error and density of groups left out
  /// are better so than with bounds as bounds.
  private func gaussianProcess(_ options: ModelingOptions) throws(FitError) -> GaussianProcessRegressor {
    var regressor = GaussianProcessRegressor(seed: options.seed)
    regressor.censoredRows = options.bounds ?? .measured
    if options.likelihood == .studentT {
      guard options.bounds != .bounds else {
        throw .invalidSetting("--likelihood student-t takes bounds as values; leave out --bounds bounds")
      }
      regressor.likelihood = .studentT(degrees: GaussianProcessLikelihood.degrees)
      // Each evaluation takes some tens of factorisations.
      regressor.starts = 1
    }
    return regressor
  }

  /// Settings for a table: large ones carry more and bigger trees, and hold their outliers in check.
  ///
  /// Chosen on conductivities (cross-validation by DOI) and formation energies (a validation part).
  private func boosting(of targets: [Double], seed: UInt64) -> GradientBoostingRegressor {
    guard targets.count > 5000 else { return GradientBoostingRegressor(seed: seed) }
    let scale = RobustScale.medianDeviation(of: targets)
    return GradientBoostingRegressor(
      loss: scale > 0 ? .huber(delta: scale) : .squared, treeCount: 2500, learningRate: 0.05, leafCount: 127,
      seed: seed)
  }

  /// About how long one fit takes on two cores of 2020's kind: what a budget is counted in, so that
  /// the choice depends on the table and never on the clock.
  func estimatedSeconds(rows: Int, columns: Int) -> Double {
    let (n, d) = (Double(rows), Double(columns))
    return switch self {
    case .auto: 0
    case .ridge: 1e-9 * n * d * min(n, d) + 1e-9 * n * n
    case .gp: n > Double(GaussianProcessMethod.exactRows) ? 60 + 2e-4 * n : 1e-9 * n * n * (n + d) * 2
    case .compositionGP: 1e-8 * n * min(n, 700) * min(n, 700) + 1e-9 * n * n * (n + 400)
    case .bayesianRidge: 1e-9 * n * d * min(n, d)
    case .elasticNet: 1e-8 * n * d * d + 1e-4 * d * d
    case .kernelRidge: 2e-8 * n * n * n + 2e-7 * n * n
    case .extraTrees, .randomForest, .quantileForest: 5e-6 * n * d
    case .quantileBoosting: n > 5000 ? 2e-5 * n * d : 5e-5 * n * d
    case .classifier: n > 5000 ? 4e-6 * n * d : 1e-5 * n * d
    case .probit: 2e-8 * n * n * n
    case .network, .compactNetwork, .pretrainedNetwork: n > 5000 ? ModelingOptions.defaultNetworkBudget : 10 + 0.05 * n
    case .boosting, .hullBoosting: n > 5000 ? 4e-6 * n * d : 1e-5 * n * d
    }
  }

  /// Reads the model that `fit` made for this kind.
  func decode(_ archive: TensorArchive) throws(ArchiveError) -> any FittedRegressor {
    // Inside a stack a model stands without a calibration of its own.
    let isCalibrated = try archive.text("kind").hasPrefix("calibrated ")
    switch self {
    case .auto: return try StackedModel(archive: archive)
    case .boosting: return try GradientBoostingModel(archive: archive)
    case .ridge:
      if isCalibrated { return try CalibratedModel<RidgeModel>(archive: archive) }
      return try RidgeModel(archive: archive)
    case .bayesianRidge:
      if isCalibrated { return try CalibratedModel<BayesianRidgeModel>(archive: archive) }
      return try BayesianRidgeModel(archive: archive)
    case .elasticNet:
      if isCalibrated { return try CalibratedModel<ElasticNetModel>(archive: archive) }
      return try ElasticNetModel(archive: archive)
    case .gp:
      if try archive.text("kind").hasSuffix(IterativeProcess.kind) {
        if isCalibrated { return try CalibratedModel<IterativeProcess>(archive: archive) }
        return try IterativeProcess(archive: archive)
      }
      if try archive.text("kind").hasSuffix(InducingPointProcess.kind) {
        if isCalibrated { return try CalibratedModel<InducingPointProcess>(archive: archive) }
        return try InducingPointProcess(archive: archive)
      }
      if try archive.text("kind") == JackknifePlusModel.kind { return try JackknifePlusModel(archive: archive) }
      if isCalibrated { return try CalibratedModel<GaussianProcess>(archive: archive) }
      return try GaussianProcess(archive: archive)
    case .compositionGP:
      if isCalibrated { return try CalibratedModel<CompositionProcessModel>(archive: archive) }
      return try CompositionProcessModel(archive: archive)
    case .kernelRidge:
      if isCalibrated { return try CalibratedModel<KernelRidgeModel>(archive: archive) }
      return try KernelRidgeModel(archive: archive)
    case .classifier:
      if isCalibrated { return try CalibratedProbabilityModel<BoostedClassifierModel>(archive: archive) }
      return try BoostedClassifierModel(archive: archive)
    case .probit:
      if isCalibrated { return try CalibratedProbabilityModel<ProbitModel>(archive: archive) }
      return try ProbitModel(archive: archive)
    case .extraTrees, .randomForest: return try ForestModel(archive: archive)
    case .quantileForest: return try QuantileForestModel(archive: archive)
    case .quantileBoosting: return try QuantileBoostingModel(archive: archive)
    case .network, .compactNetwork, .pretrainedNetwork: return try CompositionNetworkModel(archive: archive)
    case .hullBoosting: return try BaselineModel<GradientBoostingModel>(archive: archive)
    }
  }
}

extension Measurements {
  /// Whether these options train a network on these rows.
  public func usesNetwork(_ options: ModelingOptions) -> Bool {
    options.model.resolved(for: self, options: options).isNetwork
  }
}
