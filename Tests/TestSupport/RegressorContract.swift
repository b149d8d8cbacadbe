import LinearAlgebra
import ModelFiles
import Regression
import Testing

/// What every regressor must do, whatever it learns; one call for each new type.
///
/// - Equal data and settings give equal models; the order of rows does not matter to `tolerance`.
/// - The archive gives back a model with the same predictions, bit for bit.
/// - Wrong widths, NaN and infinity are refused; no rows predict nothing.
/// - A row is predicted the same alone and among others.
/// - Deviations are positive, and a model that can learn beats the mean on smooth data.
/// - A scaled and shifted target scales and shifts mean and deviation.
/// - Constant targets and constant columns give finite predictions.
///
/// - Parameters:
///   - tolerance: relative to the spread of the targets, for the order of rows.
///   - equivariance: the same for scaled targets; nil where the method does not promise it.
public func expectRegressorContract<R: Regressor>(
  _ regressor: R, tolerance: Double = 1e-8, equivariance: Double? = 1e-8,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let data = try RegressorContract.data(rows: 80)
  let new = try RegressorContract.data(rows: 17, seed: 99).features
  let model = try regressor.fit(data)
  let prediction = try model.predict(new)
  let spread = Standardizer.moments(of: data.targets).deviation

  func expect(_ condition: Bool, _ what: Comment) {
    #expect(condition, what, sourceLocation: sourceLocation)
  }
  func expectSame(_ other: Prediction, within tolerance: Double, _ what: String) {
    for (a, b, name) in [
      (other.mean, prediction.mean, "mean"),
      (other.standardDeviation, prediction.standardDeviation, "deviation"),
    ] {
      expectClose(
        a, b, relative: 0, absolute: tolerance * spread, "\(what): \(name)",
        sourceLocation: sourceLocation)
    }
  }

  expect(model.featureCount == data.featureCount, "featureCount is the width trained on")
  expect(prediction.count == 17, "a prediction for each row")
  expect(prediction.mean.allSatisfy(\.isFinite), "means are finite")
  expect(
    prediction.standardDeviation.allSatisfy { $0 > 0 && $0.isFinite }, "deviations are positive")

  let again = try regressor.fit(data)
  expect(try again.predict(new) == prediction, "fit twice = fit once")
  expect(again.archive() == model.archive(), "fit twice, archives equal")

  var generator = SeededGenerator(seed: 5)
  let shuffled = try regressor.fit(data.selecting(generator.permutation(data.count))).predict(new)
  expectSame(shuffled, within: tolerance, "rows in another order")

  let restored = try R.Model(archive: model.archive())
  expect(try restored.predict(new) == prediction, "the archive restores the model exactly")
  expect(restored.archive() == model.archive(), "the restored model writes the same archive")
  #expect(throws: ArchiveError.self, "an empty archive is refused", sourceLocation: sourceLocation) {
    try R.Model(archive: TensorArchive())
  }

  #expect(
    throws: PredictionError.featureCount(expected: data.featureCount, found: 3),
    sourceLocation: sourceLocation
  ) { try model.predict(Matrix(rows: 2, columns: 3)) }
  for bad in [Double.nan, .infinity] {
    var broken = new
    broken[1, 2] = bad
    #expect(throws: PredictionError.nonFinite(row: 1, column: 2), sourceLocation: sourceLocation) {
      try model.predict(broken)
    }
  }
  expect(
    try model.predict(Matrix(rows: 0, columns: data.featureCount)).count == 0,
    "no rows, no predictions")

  let alone = try model.predict(new.selectingRows([4]))
  expectClose(
    alone.mean + alone.standardDeviation, [prediction.mean[4], prediction.standardDeviation[4]],
    relative: 1e-10, absolute: 1e-10 * spread, "a row alone", sourceLocation: sourceLocation)

  let truth = try RegressorContract.data(rows: 17, seed: 99)
  let metrics = RegressionMetrics(targets: truth.targets, prediction: prediction)
  expect(metrics.rSquared ?? -1 > 0.3, "R² of \(metrics.rSquared ?? -1) on smooth data")

  if let equivariance {
    let scaled = try regressor.fit(RegressorContract.data(rows: 80) { 3 * $0 - 10 }).predict(new)
    let back = Prediction(
      mean: scaled.mean.map { ($0 + 10) / 3 },
      standardDeviation: scaled.standardDeviation.map { $0 / 3 })
    expectSame(back, within: equivariance, "scaled targets")
  }

  let flat = try regressor.fit(RegressorContract.data(rows: 30) { _ in 2.5 }).predict(new)
  expectClose(
    flat.mean, [Double](repeating: 2.5, count: 17), relative: 1e-6, "constant targets",
    sourceLocation: sourceLocation)
  expect(
    flat.standardDeviation.allSatisfy { $0 > 0 && $0 < 0.1 }, "deviations for constant targets")
}

/// Data for `expectRegressorContract`.
public enum RegressorContract {
  /// Smooth in two of five features, linear in a third, with one constant, one of another
  /// magnitude and noise of 0.1; rows in groups of two.
  public static func data(
    rows: Int, seed: UInt64 = 1, transform: (Double) -> Double = { $0 }
  ) throws(FitError) -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    var features = Matrix(rows: rows, columns: 5)
    var targets: [Double] = []
    for i in 0..<rows {
      let (a, b, c) = (generator.uniform(), generator.uniform(), generator.normal())
      features[i, 0] = a
      features[i, 1] = 1000 * b
      features[i, 2] = c
      features[i, 3] = 7
      features[i, 4] = generator.normal()
      targets.append(transform(2 * a + b * b + 0.5 * c + 0.1 * generator.normal()))
    }
    return try TrainingSet(features: features, targets: targets, groups: (0..<rows).map { $0 / 2 })
  }
}
