import LinearAlgebra
import ModelFiles

/// Any regressor, with deviations and intervals made honest on groups it has not seen.
///
/// Rows of one publication resemble each other, so a model that judges itself by its likelihood
/// or by single left-out rows is too sure of itself. Here the regressor is fitted again without
/// each fold of groups, and its errors on the rows left out calibrate the deviations and intervals
/// of the final model (`ResidualCalibration`).
public struct CalibratedRegressor<Base: Regressor>: Regressor {
  public let base: Base
  /// Fits without one fold each; above 5,000 rows, one fold is left out once.
  public let folds: Int
  public let seed: UInt64

  public init(_ base: Base, folds: Int = 5, seed: UInt64 = 0) {
    self.base = base
    self.folds = folds
    self.seed = seed
  }

  /// A single row leaves nothing to calibrate on, and the deviations stay as they are.
  ///
  /// - Complexity: `folds` + 1 fits of the base; 2 above 5000 rows.
  public func fit(_ data: TrainingSet) throws(FitError) -> CalibratedModel<Base.Model> {
    guard folds >= 2 else { throw .invalidSetting("calibration needs at least 2 folds, not \(folds)") }
    let model = try base.fit(data)
    guard data.count > 1 else { return CalibratedModel(base: model, calibration: nil) }
    let (rows, unseen) = try base.predictingGroupsLeftOut(data, folds: folds, seed: seed)
    let calibration = ResidualCalibration(
      targets: rows.map { data.targets[$0] }, censoring: rows.map { data.censoring[$0] }, means: unseen.mean,
      variances: unseen.standardDeviation.map { $0 * $0 }, smallest: leastDeviation(of: data.targets))
    return CalibratedModel(base: model, calibration: calibration)
  }
}

/// Beyond this many rows one held-back fold gives enough errors.
private let fullCalibrationLimit = 5000

extension Regressor {
  /// Predictions of rows by models that had not seen their groups, in the order of the rows returned: of all rows, or
  /// above 5,000 of one fold.
  func predictingGroupsLeftOut(
    _ data: TrainingSet, folds: Int, seed: UInt64
  ) throws(FitError) -> (rows: [Int], prediction: Prediction) {
    let splits = try GroupedFolds.upTo(folds, groups: data.groups, seed: seed)
    var rows: [Int] = []
    var (means, deviations): ([Double], [Double]) = ([], [])
    for fold in 0..<(data.count > fullCalibrationLimit ? 1 : splits.count) {
      let fitted = try fit(data.selecting(splits.trainingRows(fold)))
      let prediction: Prediction
      do {
        prediction = try fitted.predict(data.features.selectingRows(splits.heldOut[fold]))
      } catch {
        throw .numericalFailure("a calibration fold could not be predicted: \(error)")
      }
      rows += splits.heldOut[fold]
      means += prediction.mean
      deviations += prediction.standardDeviation
    }
    return (rows, Prediction(mean: means, standardDeviation: deviations))
  }
}

/// A model whose deviations and intervals come from held-out groups.
public struct CalibratedModel<Base: FittedRegressor>: FittedRegressor {
  public static var kind: String { "calibrated \(Base.kind)" }

  public let base: Base
  /// Nil where the training data was a single row.
  public let calibration: ResidualCalibration?

  init(base: Base, calibration: ResidualCalibration?) {
    self.base = base
    self.calibration = calibration
  }

  public var featureCount: Int { base.featureCount }

  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try base.predict(features)
    guard let calibration else { return prediction }
    for i in prediction.standardDeviation.indices {
      let deviation = prediction.standardDeviation[i]
      prediction.standardDeviation[i] = calibration.standardDeviation(
        deviation * deviation, mean: prediction.mean[i])
    }
    prediction.shape = calibration.shape
    return prediction
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(base.archive(), under: "base")
    if let calibration { archive.nest(calibration.archive(), under: "calibration") }
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    base = try Base(archive: archive.nested(under: "base"))
    let stored = archive.nested(under: "calibration")
    calibration = stored.tensors.isEmpty ? nil : try ResidualCalibration(archive: stored)
  }
}
