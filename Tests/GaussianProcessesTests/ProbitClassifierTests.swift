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
