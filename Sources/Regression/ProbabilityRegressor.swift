import LinearAlgebra
import ModelFiles

/// Boosted trees for labels 0 and 1: the mean of a prediction is the probability of 1.
///
///     let model = try CalibratedProbabilities(BoostedClassifier()).fit(data)
///     let probabilities = try model.predict(features).mean
///
/// Trees are those of `GradientBoostingRegressor`, of the log odds (`BoostingLoss.logistic`). The probabilities are as
/// sure as the trees are; `CalibratedProbabilities` makes them honest.
public struct BoostedClassifier: Regressor, Hashable, Codable {
  /// Trees and runs; its loss is not used.
  public var base: GradientBoostingRegressor

  public init(_ base: GradientBoostingRegressor = GradientBoostingRegressor()) { self.base = base }

  /// - Throws: `FitError`, also for targets that are no labels.
  /// - Complexity: that of `GradientBoostingRegressor`.
  public func fit(_ original: TrainingSet) throws(FitError) -> BoostedClassifierModel {
    try original.checkLabels()
    var settings = base
    settings.loss = .logistic
    let members = try GradientBoostingRegressor.Members(settings, original.canonicallyOrdered())
    return BoostedClassifierModel(featureCount: original.featureCount, logOdds: BoostedMean(members.results))
  }
}

extension TrainingSet {
  /// Throws unless every target is 0 or 1 and known.
  package func checkLabels() throws(FitError) {
    guard targets.allSatisfy({ $0 == 0 || $0 == 1 }), !hasCensoredRows else {
      throw .invalidSetting("a classifier learns labels 0 and 1; say from which value on with --classify")
    }
  }
}

/// What `BoostedClassifier` learned.
public struct BoostedClassifierModel: FittedRegressor, Equatable {
  public static let kind = "boosted-classifier"

  public let featureCount: Int
  let logOdds: BoostedMean

  init(featureCount: Int, logOdds: BoostedMean) {
    self.featureCount = featureCount
    self.logOdds = logOdds
  }

  /// Probabilities of 1, with the deviation of the label.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    return Prediction(probabilities: logOdds(features).map { BoostingLoss.probability(logOdds: $0) })
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("feature_count", [featureCount])
    logOdds.write(to: &archive)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    featureCount = try archive.integers("feature_count", shape: [1])[0]
    logOdds = try BoostedMean(from: archive, featureCount: featureCount)
  }
}

extension Prediction {
  /// Probabilities p of a label 1 as predictions of the label: mean p and deviation √(p(1 − p)), p kept within 1e-6 of
  /// 0 and 1 for the latter.
  package init(probabilities: [Double]) {
    self.init(
      mean: probabilities,
      standardDeviation: probabilities.map {
        let kept = min(max($0, 1e-6), 1 - 1e-6)
        return (kept * (1 - kept)).squareRoot()
      })
  }
}

/// A classifier whose probabilities are made to agree with what came out in groups it had not seen.
///
/// The classifier is fitted again without each fold of groups; a non-decreasing map from its probabilities to the
/// labels of the rows left out (`IsotonicRegression`, shrunk by one row) is then applied to the final model's.
public struct CalibratedProbabilities<Base: Regressor>: Regressor {
  public let base: Base
  /// Above 5,000 rows, one fold is left out once.
  public let folds: Int
  public let seed: UInt64

  public init(_ base: Base, folds: Int = 5, seed: UInt64 = 0) {
    self.base = base
    self.folds = folds
    self.seed = seed
  }

  /// - Complexity: `folds` + 1 fits of the base; 2 above 5,000 rows.
  public func fit(_ data: TrainingSet) throws(FitError) -> CalibratedProbabilityModel<Base.Model> {
    guard folds >= 2 else { throw .invalidSetting("calibration needs at least 2 folds, not \(folds)") }
    let model = try base.fit(data)
    guard data.count > 1 else { return CalibratedProbabilityModel(base: model, map: IsotonicRegression([], [])) }
    let (rows, unseen) = try base.predictingGroupsLeftOut(data, folds: folds, seed: seed)
    return CalibratedProbabilityModel(base: model, map: IsotonicRegression(unseen.mean, rows.map { data.targets[$0] }, prior: 1))
  }
}

/// What `CalibratedProbabilities` made.
public struct CalibratedProbabilityModel<Base: FittedRegressor>: FittedRegressor {
  public static var kind: String { "calibrated \(Base.kind)" }

  public let base: Base
  /// From the base's probabilities to calibrated ones; the identity without knots.
  public let map: IsotonicRegression

  init(base: Base, map: IsotonicRegression) {
    self.base = base
    self.map = map
  }

  public var featureCount: Int { base.featureCount }

  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    Prediction(probabilities: try base.predict(features).mean.map { min(max(map($0), 0), 1) })
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(base.archive(), under: "base")
    archive.set("knots", map.knots)
    archive.set("values", map.values)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    base = try Base(archive: archive.nested(under: "base"))
    let knots = try archive.finiteDoubles("knots")
    let values = try archive.finiteDoubles("values", shape: [knots.count])
    guard let map = IsotonicRegression(knots: knots, values: values) else {
      throw .invalid("knots", reason: "is not an ascending map of probabilities")
    }
    self.map = map
  }
}
