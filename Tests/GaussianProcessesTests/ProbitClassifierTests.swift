import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct ProbitClassifierTests {
  @Test func probabilitiesFollowTheLabelsAndDoubtTheBorder() throws {
    var generator = SeededGenerator(seed: 9)
    let x = Matrix(rows: 80, columns: 2, elements: (0..<160).map { _ in generator.normal() })
    let labels = (0..<80).map { x[$0, 0] + 0.2 * generator.normal() > 0 }
    let model = try ProbitClassifier(starts: 1).fit(features: x, labels: labels)
    let p = try model.probabilities(Matrix([[2, 0], [0, 0], [-2, 0]]))
    #expect(p[0] > 0.95 && abs(p[1] - 0.5) < 0.2 && p[2] < 0.05, "\(p)")
    let swapped = try ProbitClassifier(starts: 1).fit(features: x, labels: labels.map { !$0 })
    expectClose(try swapped.probabilities(Matrix([[2, 0], [0.3, 1]])), try model.probabilities(Matrix([[2, 0], [0.3, 1]])).map { 1 - $0 }, absolute: 1e-4)
    // Better than a coin on every label: log 2 nats each.
    #expect(model.logEvidence > -80 * log(2.0))
    #expect(throws: PredictionError.featureCount(expected: 2, found: 1)) { try model.probabilities(Matrix([[1]])) }
  }

  @Test func oneClassAloneIsBelievedOnlySoFar() throws {
    let x = Matrix([[0], [1], [2]])
    let p = try ProbitClassifier().fit(features: x, labels: [true, true, true]).probabilities(Matrix([[1], [50]]))
    #expect(p[0] > 0.6 && p[0] < 1 && p[1] >= 0.5 && p[1] < p[0])
  }
}

@Suite struct ProbitRegressorTests {
  private static func labels(_ n: Int, seed: UInt64) throws -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    let x = Matrix(rows: n, columns: 2, elements: (0..<2 * n).map { _ in generator.normal() })
    return try TrainingSet(
      features: x, targets: (0..<n).map { x[$0, 0] + 0.3 * generator.normal() > 0 ? 1 : 0 },
      groups: (0..<n).map { $0 / 2 })
  }

  @Test func calibratedProbabilitiesSurviveAFile() throws {
    let data = try Self.labels(120, seed: 4)
    let new = try Self.labels(400, seed: 9)
    let model = try CalibratedProbabilities(ProbitRegressor(searchLimit: 60)).fit(data)
    let prediction = try model.predict(new.features)
    let metrics = ClassificationMetrics(probabilities: prediction.mean, labels: new.targets.map { $0 == 1 })
    #expect(metrics.auc ?? 0 > 0.95 && metrics.brier < 0.12 && metrics.calibrationError < 0.1)
    let restored = try CalibratedProbabilityModel<ProbitModel>(archive: model.archive())
    #expect(try restored.predict(new.features) == prediction)
  }

  @Test func numbersThatAreNoLabelsAreRefused() throws {
    let data = try TrainingSet(features: Matrix([[1], [2]]), targets: [0, 0.5])
    #expect(throws: FitError.self) { try ProbitRegressor().fit(data) }
  }
}
