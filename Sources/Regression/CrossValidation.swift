/// Predictions of every row by a model that had not seen its fold.
public struct OutOfFoldPredictions: Sendable, Equatable {
  /// One entry for each row, in the order of the training set.
  public let mean: [Double]
  public let standardDeviation: [Double]
  /// The bounds of the central interval of probability `level`.
  public let lower: [Double]
  public let upper: [Double]
  public let level: Double
  /// The folds they come from.
  public let folds: GroupedFolds

  /// Metrics over all rows.
  public func metrics(against data: TrainingSet) -> RegressionMetrics {
    metrics(against: data, rows: Array(0..<mean.count))
  }

  /// Metrics over the rows that one fold held out.
  public func metrics(against data: TrainingSet, fold: Int) -> RegressionMetrics {
    metrics(against: data, rows: folds.heldOut[fold])
  }

  /// Metrics over any rows, such as one family or a stratum of distance to the training data.
  public func metrics(against data: TrainingSet, rows: [Int]) -> RegressionMetrics {
    RegressionMetrics(
      targets: rows.map { data.targets[$0] }, censoring: rows.map { data.censoring[$0] },
      mean: rows.map { mean[$0] }, standardDeviation: rows.map { standardDeviation[$0] },
      lower: rows.map { lower[$0] }, upper: rows.map { upper[$0] }, level: level)
  }
}

extension Regressor {
  /// Fits once for each fold, on the rows outside it, and predicts the rows inside.
  ///
  /// - Parameters:
  ///   - data: n rows.
  ///   - folds: made for the rows of `data`.
  ///   - level: of the intervals, in (0, 1).
  ///   - progress: called after each fold with the number done.
  /// - Throws: `FitError` from a fit.
  /// - Complexity: one fit and one prediction for each fold.
  public func outOfFoldPredictions(
    _ data: TrainingSet, folds: GroupedFolds, level: Double = 0.9,
    progress: (Int) -> Void = { _ in }
  ) throws(FitError) -> OutOfFoldPredictions {
    precondition(folds.rowCount == data.count, "folds of \(folds.rowCount) rows for \(data.count)")
    var mean = [Double](repeating: 0, count: data.count)
    var deviation = mean
    var lower = mean
    var upper = mean
    for (fold, rows) in folds.heldOut.enumerated() {
      let model = try fit(data.selecting(folds.trainingRows(fold)))
      let prediction: Prediction
      do throws(PredictionError) {
        prediction = try model.predict(data.features.selectingRows(rows))
      } catch {
        // A training set holds finite features of one width, so this is a fault of the model.
        throw .numericalFailure("fold \(fold + 1) could not be predicted: \(error)")
      }
      let interval = prediction.interval(level)
      for (k, row) in rows.enumerated() {
        mean[row] = prediction.mean[k]
        deviation[row] = prediction.standardDeviation[k]
        lower[row] = interval.lower[k]
        upper[row] = interval.upper[k]
      }
      progress(fold + 1)
    }
    return OutOfFoldPredictions(
      mean: mean, standardDeviation: deviation, lower: lower, upper: upper, level: level,
      folds: folds)
  }
}
