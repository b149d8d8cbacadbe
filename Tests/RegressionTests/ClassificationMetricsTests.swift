import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct ClassificationMetricsTests {
  /// roc_auc_score, brier_score_loss, log_loss, f1_score and accuracy_score of scikit-learn 1.9.1 for these lists.
  @Test func scoresAreThoseOfScikitLearn() throws {
    let p = [0.9, 0.8, 0.7, 0.6, 0.55, 0.4, 0.35, 0.2, 0.1, 0.05]
    let labels = [true, true, false, true, false, true, false, false, true, false]
    let metrics = ClassificationMetrics(probabilities: p, labels: labels)
    #expect(isClose(metrics.accuracy, 0.6) && isClose(try #require(metrics.f1), 0.6))
    #expect(isClose(try #require(metrics.auc), 0.72))
    #expect(isClose(metrics.brier, 0.23374999999999999))
    #expect(isClose(metrics.logLoss, 0.6765905777944148))
    #expect(metrics.reliability.reduce(0) { $0 + $1.rows } == 10)
  }

  @Test func perfectAndOneSidedAnswers() {
    let perfect = ClassificationMetrics(probabilities: [1, 0, 1], labels: [true, false, true])
    #expect(perfect.f1 == 1 && perfect.auc == 1 && perfect.brier == 0 && perfect.calibrationError == 0)
    let none = ClassificationMetrics(probabilities: [0.2, 0.3], labels: [false, false])
    #expect(none.auc == nil && none.recall == nil && none.f1 == nil && none.accuracy == 1)
  }

  @Test func theEmpiricalDistributionIsMonotoneAndInvertsItsQuantiles() {
    var generator = SeededGenerator(seed: 4)
    let sorted = (0..<199).map { _ in generator.normal() }.sorted()
    let shape = Prediction.Shape.empirical(sorted)
    let grid = stride(from: -8.0, through: 8, by: 0.01).map(shape.cumulative)
    #expect(zip(grid, grid.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(grid.allSatisfy { $0 >= 0 && $0 <= 1 })
    let (low, high) = shape.centralQuantiles(0.9)
    #expect(isClose(shape.cumulative(low), 0.05, relative: 1e-9) && isClose(shape.cumulative(high), 0.95, relative: 1e-9))
    // Ranks k of n + 1 at the residuals themselves, and normal tails beyond.
    #expect(isClose(shape.cumulative(sorted[9]), 10.0 / 200) && shape.cumulative(sorted[0] - 3) < 1e-4)
    let normal = Prediction(mean: [1, 1], standardDeviation: [2, 2])
    #expect(normal.probabilities(below: 1) == [0.5, 0.5])
  }
}
