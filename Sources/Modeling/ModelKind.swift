import GaussianProcesses
import ModelFiles
import Regression

/// The models that can be asked for by name.
public enum ModelKind: String, CaseIterable, Sendable, Codable {
  /// Chosen for the data, or a mixture of several: see `ModelLeague`.
  case auto
  case ridge
  case gp
  case extraTrees = "extra-trees"
  case randomForest = "random-forest"
  case boosting

  /// Learns from `data`; intervals are calibrated on groups left out.
  ///
  /// - Throws: `FitError`.
  func fit(
    _ data: TrainingSet, options: ModelingOptions, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FitError) -> any FittedRegressor {
    let folds = options.calibrationFolds
    switch self {
    case .auto:
      // Too few rows to compare models on: the one that shrinks to the mean.
      guard data.count >= Self.leastRowsToCompare else {
        let fallback = try ModelKind.gp.fit(data, options: options)
        return StackedModel(single: FittedModel(kind: .gp, regressor: fallback))
      }
      return try ModelLeague(on: data, options: options, progress: progress).fit(data, options: options)
    case .ridge:
      return try CalibratedRegressor(RidgeRegressor(), folds: folds, seed: options.seed).fit(data)
    case .gp:
      return try CalibratedRegressor(GaussianProcessRegressor(seed: options.seed), folds: folds, seed: options.seed)
        .fit(data)
    case .extraTrees, .randomForest, .boosting: return try fitBare(data, options: options)
    }
  }

  static let leastRowsToCompare = 20

  /// What `auto` compares, the most accurate on public conductivity data first.
  static let candidates: [ModelKind] = [.boosting, .extraTrees, .gp, .ridge]

  /// Learns from `data`, with the deviations the method itself gives: for a stack, which calibrates.
  func fitBare(_ data: TrainingSet, options: ModelingOptions) throws(FitError) -> any FittedRegressor {
    switch self {
    case .auto: return try fit(data, options: options)
    case .ridge: return try RidgeRegressor().fit(data)
    case .gp: return try GaussianProcessRegressor(seed: options.seed).fit(data)
    case .extraTrees: return try ExtraTreesRegressor(ForestSettings(seed: options.seed)).fit(data)
    case .randomForest: return try RandomForestRegressor(ForestSettings(seed: options.seed)).fit(data)
    case .boosting:
      // Large tables carry bigger trees.
      let isLarge = data.count > 5000
      return try GradientBoostingRegressor(
        treeCount: isLarge ? 2000 : 400, learningRate: isLarge ? 0.05 : 0.03, leafCount: isLarge ? 63 : 15,
        seed: options.seed
      ).fit(data)
    }
  }

  /// About how long one fit takes on two cores of 2020's kind: what a budget is counted in, so that
  /// the choice depends on the table and never on the clock.
  func estimatedSeconds(rows: Int, columns: Int) -> Double {
    let (n, d) = (Double(rows), Double(columns))
    return switch self {
    case .auto: 0
    case .ridge: 1e-9 * n * d * min(n, d) + 1e-9 * n * n
    case .gp: 1e-9 * n * n * (n + d) * 2
    case .extraTrees, .randomForest: 5e-6 * n * d
    case .boosting: n > 5000 ? 2e-6 * n * d : 1e-5 * n * d
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
    case .gp:
      if isCalibrated { return try CalibratedModel<GaussianProcess>(archive: archive) }
      return try GaussianProcess(archive: archive)
    case .extraTrees, .randomForest: return try ForestModel(archive: archive)
    }
  }
}
