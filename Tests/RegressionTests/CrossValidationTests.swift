import Regression
import TestSupport
import Testing

@Suite struct CrossValidationTests {
  @Test func eachFoldIsPredictedByAModelOfTheOthers() throws {
    let data = try RegressorContract.data(rows: 30)
    let folds = try GroupedFolds(groups: data.groups, count: 3, seed: 8)
    let ridge = RidgeRegressor(penalties: [0.5])
    let predictions = try ridge.outOfFoldPredictions(data, folds: folds, level: 0.8)
    for fold in 0..<3 {
      let rows = folds.heldOut[fold]
      let prediction = try ridge.fit(data.selecting(folds.trainingRows(fold)))
        .predict(data.features.selectingRows(rows))
      #expect(rows.map { predictions.mean[$0] } == prediction.mean)
      #expect(rows.map { predictions.upper[$0] } == prediction.interval(0.8).upper)
      let metrics = predictions.metrics(against: data, fold: fold)
      #expect(
        metrics
          == RegressionMetrics(
            targets: rows.map { data.targets[$0] }, prediction: prediction, level: 0.8))
    }
    #expect(predictions.metrics(against: data).count == 30)
  }
}
