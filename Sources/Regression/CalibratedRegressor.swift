import LinearAlgebra
import ModelFiles

/// Any regressor, with intervals made honest on groups it has not seen.
///
/// Rows of one publication resemble each other, so a model that judges itself by its likelihood
/// or by single left-out rows is too sure of itself. Here the regressor is fitted again without
/// each fold of groups; the residuals of the rows left out, in units of the deviation predicted
/// for them, scale the deviations of the final model and replace the normal quantiles of its
/// intervals (conformal prediction with a normalised score).
///
/// Reference: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive
/// inference for regression", J. Am. Stat. Assoc. 113 (2018), doi 10.1080/01621459.2017.1307116.
public struct CalibratedRegressor<Base: Regressor>: Regressor {
  public let base: Base
  /// Fits without one fold each; above `fullLimit` rows, one fold is left out once.
  public let folds: Int
  public let seed: UInt64

  /// Beyond this many rows one held-back fold gives enough residuals.
  static var fullLimit: Int { 5000 }
  /// Residuals kept in the model, as evenly spaced quantiles.
  static var residualLimit: Int { 1999 }

  public init(_ base: Base, folds: Int = 5, seed: UInt64 = 0) {
    self.base = base
    self.folds = folds
    self.seed = seed
  }

  /// - Complexity: `folds` + 1 fits of the base; 2 above 5000 rows.
  public func fit(_ data: TrainingSet) throws(FitError) -> CalibratedModel<Base.Model> {
    guard folds >= 2 else { throw .invalidSetting("calibration needs at least 2 folds, not \(folds)") }
    let model = try base.fit(data)
    let count = min(folds, Set(data.groups).count)
    guard count >= 2 else { return CalibratedModel(base: model, scale: 1, residuals: []) }
    let splits: GroupedFolds
    do {
      splits = try GroupedFolds(groups: data.groups, count: count, seed: seed)
    } catch {
      throw .invalidSetting("\(error)")
    }
    var residuals: [Double] = []
    for fold in 0..<(data.count > Self.fullLimit ? 1 : count) {
      let heldOut = splits.heldOut[fold]
      let fitted = try base.fit(data.selecting(splits.trainingRows(fold)))
      let prediction: Prediction
      do {
        prediction = try fitted.predict(data.features.selectingRows(heldOut))
      } catch {
        throw .numericalFailure("a calibration fold could not be predicted: \(error)")
      }
      for (i, row) in heldOut.enumerated() where data.censoring[row] == .none {
        let deviation = max(prediction.standardDeviation[i], .leastNormalMagnitude)
        residuals.append((data.targets[row] - prediction.mean[i]) / deviation)
      }
    }
    // Fewer residuals than this say nothing about a 90% interval.
    guard residuals.count >= 10 else { return CalibratedModel(base: model, scale: 1, residuals: []) }
    let meanSquare = residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
    let scale = meanSquare > 0 ? meanSquare.squareRoot() : 1
    let sorted = residuals.map { $0 / scale }.sorted()
    return CalibratedModel(base: model, scale: scale, residuals: Self.thinned(sorted))
  }

  /// At most `residualLimit` of the sorted values, at evenly spaced ranks.
  private static func thinned(_ sorted: [Double]) -> [Double] {
    guard sorted.count > residualLimit else { return sorted }
    return (0..<residualLimit).map { sorted[$0 * (sorted.count - 1) / (residualLimit - 1)] }
  }
}

/// A model whose deviations were scaled, and whose intervals come from held-out residuals.
public struct CalibratedModel<Base: FittedRegressor>: FittedRegressor {
  public static var kind: String { "calibrated" }

  public let base: Base
  /// Root mean square of the held-out residuals in units of the deviations predicted for them.
  public let scale: Double
  /// Standardised held-out residuals, ascending; empty where there were too few.
  public let residuals: [Double]

  init(base: Base, scale: Double, residuals: [Double]) {
    self.base = base
    self.scale = scale
    self.residuals = residuals
  }

  public var featureCount: Int { base.featureCount }

  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try base.predict(features)
    guard !residuals.isEmpty else { return prediction }
    for i in prediction.standardDeviation.indices { prediction.standardDeviation[i] *= scale }
    prediction.shape = .empirical(residuals)
    return prediction
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.nest(base.archive(), under: "base")
    archive.set("scale", [scale])
    archive.set("residuals", residuals)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    base = try Base(archive: archive.nested(under: "base"))
    scale = try archive.double("scale")
    residuals = try archive.doubles("residuals")
  }
}
