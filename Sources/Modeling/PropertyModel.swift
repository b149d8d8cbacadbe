import Chemistry
import CompositionNetworks
import Descriptors
import FileIO
import Foundation
import LinearAlgebra
import ModelFiles
import Regression
import Stability
import Tables

/// A trained model of one property: from formulas and conditions to numbers with uncertainty.
///
///     let table = try Table(reading: "electrolytes.csv")
///     let options = ModelingOptions(target: "conductivity_S_cm", log10: true, groupColumn: "doi")
///     let model = try PropertyModel(training: Measurements(table, options: options), options: options)
///     try model.write(to: "conductivity.safetensors")
///     let predictions = try model.predict([Sample(formula: "Li3N", composition: …)])
public struct PropertyModel: Sendable {
  public let options: ModelingOptions
  /// The kind that was asked for; `summary` says what `auto` made of it.
  public let kind: ModelKind
  public let provenance: Provenance
  let features: FeatureSpace
  let regressor: any FittedRegressor
  let domain: ApplicabilityDomain
  /// The training rows, in the order of `domain`.
  public let references: [Reference]

  /// A training row, as an explanation names it.
  public struct Reference: Sendable, Codable, Equatable {
    public let formula: String
    /// The target, in the units that are modelled; for a censored row, the bound.
    public let target: Double
    public let censoring: Censoring
    /// The group cell, such as a DOI; empty without a group column.
    public let group: String

    public init(formula: String, target: Double, censoring: Censoring, group: String) {
      self.formula = formula
      self.target = target
      self.censoring = censoring
      self.group = group
    }
  }

  /// What a prediction stands on.
  public struct Provenance: Sendable, Codable, Equatable {
    /// Version of the program that trained the model.
    public var version: String
    /// SHA-256 of each data file.
    public var datasets: [String]
    public var rows: Int
    public var censoredRows: Int
    public var rejectedRows: Int
    public var groups: Int
    /// Smallest and largest target, in the units that are modelled.
    public var targetRange: [Double]
  }

  /// Trains on measured rows.
  ///
  /// - Parameters:
  ///   - data: the rows, with the groups by which models are calibrated and chosen.
  ///   - options: the kind of model, its descriptors and seed; kept in the model's file.
  ///   - checkpoint: where networks keep what they need to go on after they were killed; other models need none.
  ///   - progress: called as models are compared or epochs pass; where it returns false, networks stop with what
  ///     they have.
  /// - Throws: `ModelingError`.
  public init(
    training data: Measurements, options: ModelingOptions, checkpoint: TrainingCheckpoint? = nil,
    progress: (FitProgress) -> Bool = { _ in true }
  ) throws(ModelingError) {
    let samples = data.rows.map(\.sample)
    let kind = options.model.resolved(for: data, options: options)
    var resolved = options
    resolved.model = kind
    let space: FeatureSpace
    do {
      space = try FeatureSpace(fittedTo: samples, options: resolved, phases: Self.knownPhases(data, options: resolved))
    } catch {
      throw .descriptors(error)
    }
    do {
      let set = try data.trainingSet(in: space, noise: options.noise ?? .learned)
      self.kind = kind
      regressor = try Self.regressor(kind, for: set, in: space, options: options, checkpoint: checkpoint, progress: progress)
    } catch {
      throw .fit(error)
    }
    self.options = options
    features = space
    domain = ApplicabilityDomain(samples.map(\.composition), groups: data.groups, seed: options.seed)
    references = data.rows.map {
      Reference(formula: $0.sample.formula, target: $0.target, censoring: $0.censoring, group: $0.groupCell)
    }
    let targets = data.rows.map(\.target)
    provenance = Provenance(
      version: SuperionicVersion.current, datasets: data.digests, rows: data.count,
      censoredRows: data.censoredCount,
      rejectedRows: data.diagnostics.count { $0.severity == .rejected }, groups: data.groupCount,
      targetRange: [targets.min() ?? 0, targets.max() ?? 0])
  }

  /// Fewer energies make a hull with little to say.
  static let leastPhases = 200

  /// The training rows as phases, where the target is an energy per atom and the kind uses a hull.
  private static func knownPhases(_ data: Measurements, options: ModelingOptions) -> [Phase]? {
    guard options.model.usesHull, options.targetsAreEnergies, data.count >= leastPhases
    else { return nil }
    return data.rows.filter { $0.censoring == .none }.map { Phase($0.sample.composition, formationEnergy: $0.target) }
  }

  /// A model of the asked kind: about temperature an Arrhenius law where the rows show one, and
  /// otherwise whatever the kind makes of the column 1000/T.
  private static func regressor(
    _ kind: ModelKind, for set: TrainingSet, in space: FeatureSpace, options: ModelingOptions,
    checkpoint: TrainingCheckpoint?, progress: (FitProgress) -> Bool
  ) throws(FitError) -> any FittedRegressor {
    if options.log10, !kind.isClassifier, let column = space.temperatureColumn {
      let arrhenius = try ArrheniusTrainer(temperatureColumn: column, seed: options.seed).fit(set) {
        room throws(FitError) in
        FittedModel(kind: kind, regressor: try kind.fit(room, options: options, checkpoint: checkpoint, progress: progress))
      }
      if let arrhenius { return arrhenius }
    }
    return try kind.fit(set, options: options, checkpoint: checkpoint, progress: progress)
  }

  /// The models behind the predictions, such as `boosting 0.62 + gp 0.38`.
  public var summary: String {
    if let arrhenius { return "Arrhenius law with \(Self.summary(arrhenius.roomTemperature.regressor, kind)) at 25 °C" }
    return Self.summary(regressor, kind)
  }

  /// How sure the fit of each Gaussian process among the models is: log likelihood, spread over starts, jitter.
  public var fitDetails: [String] {
    let outer = arrhenius?.roomTemperature.regressor ?? regressor
    let models = (outer as? StackedModel)?.members.map(\.regressor) ?? [outer]
    return models.compactMap { model in GaussianProcessDescription(model).map { "\($0.method): \($0.details)" } }
  }

  private static func summary(_ regressor: any FittedRegressor, _ kind: ModelKind) -> String {
    (regressor as? StackedModel)?.summary ?? GaussianProcessDescription(regressor)?.method ?? kind.rawValue
  }

  /// How the candidates of an automatic choice compared; nil for a kind asked for by name.
  public var league: LeagueTable? { ((arrhenius?.roomTemperature.regressor ?? regressor) as? StackedModel)?.league }

  private var arrhenius: ArrheniusModel? { regressor as? ArrheniusModel }

  /// Whether the model knows activation energies.
  public var hasActivationEnergies: Bool { arrhenius != nil }

  /// Activation energies in eV with their central intervals; nil for a model without them.
  public func activationEnergies(
    _ samples: [Sample], level: Double = 0.9
  ) throws(ModelingError) -> (mean: [Double], lower: [Double], upper: [Double])? {
    guard let arrhenius else { return nil }
    guard !samples.isEmpty else { return ([], [], []) }
    do {
      return try arrhenius.activationEnergies(features.matrix(for: samples), level: level)
    } catch {
      throw .prediction(error)
    }
  }

  /// The names of the columns the regressor sees.
  public var featureNames: [String] { features.names }

  /// Predicts a new measurement of each sample, at `temperature` in °C where the sample has none of
  /// its own.
  ///
  /// - Throws: `ModelingError`.
  public func predict(
    _ samples: [Sample], temperature: Double = FeatureSpace.roomTemperature
  ) throws(ModelingError) -> Prediction {
    guard !samples.isEmpty else { return Prediction(mean: [], standardDeviation: []) }
    do {
      return try regressor.predict(features.matrix(for: samples, temperature: temperature))
    } catch {
      throw .prediction(error)
    }
  }

  /// How well each sample is covered by the training data; see `ApplicabilityDomain`.
  public func domainScores(_ samples: [Sample]) -> [Double] { domain.scores(of: samples.map(\.composition)) }

  /// The training rows nearest to a sample in composition, nearest first, with their distances.
  public func neighbours(of sample: Sample, limit: Int) -> [(reference: Reference, distance: Double)] {
    domain.known.nearest(to: sample.composition, limit: limit).map { (references[$0.index], $0.distance) }
  }

  /// For each composition the training rows nearest to it, nearest first: positions in `references` with
  /// distances. On all cores.
  public func nearestReferences(to compositions: [Composition], limit: Int) -> [[(index: Int, distance: Double)]] {
    domain.known.nearest(toEach: compositions, limit: limit).map { $0.map { ($0.index, $0.distance) } }
  }

  // MARK: Model files

  /// Writes the model, whole or not at all.
  public func write(to path: String) throws(ModelingError) {
    do {
      try FileContents.write(Safetensors.encode(archive()), to: path)
    } catch {
      throw .file(path, reason: "\(error)")
    }
  }

  /// Opens a model file.
  /// - Throws: `ModelingError.file` for one that is missing, foreign, newer, cut short or altered.
  public init(reading path: String) throws(ModelingError) {
    let data: Data
    do { data = try FileContents.read(path) } catch { throw .unreadable(error) }
    do {
      try self.init(archive: Safetensors.decode(data))
    } catch {
      throw .file(path, reason: "\(error)")
    }
  }

  func archive() throws(ArchiveError) -> TensorArchive {
    var archive = TensorArchive()
    try archive.set("options", json: options)
    try archive.set("provenance", json: provenance)
    archive.set("kind", text: kind.rawValue)
    archive.nest(try features.archive(), under: "features")
    archive.nest(regressor.archive(), under: "regressor")
    archive.nest(domain.archive(), under: "domain")
    try archive.set("references", json: references)
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    options = try archive.json("options", as: ModelingOptions.self)
    provenance = try archive.json("provenance", as: Provenance.self)
    guard let kind = ModelKind(rawValue: try archive.text("kind")) else {
      throw .invalid("kind", reason: "is a model that this version lacks")
    }
    self.kind = kind
    features = try FeatureSpace(archive: archive.nested(under: "features"))
    let stored = archive.nested(under: "regressor")
    regressor =
      try stored.text("kind") == ArrheniusModel.kind ? ArrheniusModel(archive: stored) : kind.decode(stored)
    domain = try ApplicabilityDomain(archive: archive.nested(under: "domain"))
    references = try archive.json("references", as: [Reference].self)
    guard references.count == domain.known.count else {
      throw .invalid("references", reason: "does not have a row for each composition")
    }
    guard regressor.featureCount == features.names.count else {
      throw .invalid("regressor", reason: "expects another number of features")
    }
  }
}

extension Measurements {
  /// The rows as numbers in a feature space settled on them.
  ///
  /// - Throws: `ModelingError`.
  public func trainingSet(options: ModelingOptions) throws(ModelingError) -> TrainingSet {
    let space: FeatureSpace
    do { space = try FeatureSpace(fittedTo: rows.map(\.sample), options: options) } catch { throw .descriptors(error) }
    do { return try trainingSet(in: space, noise: options.noise ?? .learned) } catch { throw .fit(error) }
  }

  /// The rows as numbers in a feature space.
  func trainingSet(in space: FeatureSpace, noise: NoiseSource) throws(FitError) -> TrainingSet {
    try TrainingSet(
      features: space.matrix(for: rows.map(\.sample)), targets: rows.map(\.target),
      censoring: rows.map(\.censoring), noiseVariances: noise == .repeats ? RepeatNoise(of: self)?.variances : nil,
      groups: groups, featureNames: space.names)
  }
}
