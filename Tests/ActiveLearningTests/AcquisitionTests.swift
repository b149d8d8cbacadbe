import ActiveLearning
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct AcquisitionTests {
  /// Midpoint rule for E[g(f)] with f normal, over ±12 deviations.
  static func expectation(mean: Double, deviation: Double, _ g: (Double) -> Double) -> Double {
    let steps = 400_000
    let width = 24.0 / Double(steps)
    var sum = 0.0
    for i in 0..<steps {
      let z = -12 + (Double(i) + 0.5) * width
      sum += g(mean + deviation * z) * exp(-0.5 * z * z)
    }
    return sum * width / (2 * Double.pi).squareRoot()
  }

  @Test(arguments: [(0.3, 0.5, 0.1), (-1.2, 0.4, 0.0), (2.0, 1.5, 4.5), (-4.1, 0.7, -3.9)])
  func closedFormsAreTheIntegrals(mean: Double, deviation: Double, best: Double) {
    let improvement = Self.expectation(mean: mean, deviation: deviation) { max(0, $0 - best) }
    let expected = Acquisition.expectedImprovement(best: best)
    #expect(isClose(expected.value(mean: mean, standardDeviation: deviation), improvement, relative: 1e-7))
    let logExpected = Acquisition.logExpectedImprovement(best: best)
    #expect(
      isClose(logExpected.value(mean: mean, standardDeviation: deviation), log(improvement), relative: 1e-7))
    let above = Self.expectation(mean: mean, deviation: deviation) { $0 > best ? 1 : 0 }
    let probability = Acquisition.probability(above: best)
    #expect(isClose(probability.value(mean: mean, standardDeviation: deviation), above, absolute: 1e-4))
  }

  /// Where the improvement itself underflows, its logarithm must stay finite, smooth and rising.
  @Test func logImprovementReachesFarTails() {
    let acquisition = Acquisition.logExpectedImprovement(best: 0)
    var last = -Double.infinity
    for z in stride(from: -2000.0, through: 5, by: 0.25) {
      let value = acquisition.value(mean: z, standardDeviation: 1)
      #expect(value.isFinite && value > last, "z = \(z)")
      last = value
    }
    // The two branches meet at -1 and -100.
    for edge in [-1.0, -100] {
      let below = acquisition.value(mean: edge.nextDown, standardDeviation: 1)
      let above = acquisition.value(mean: edge.nextUp, standardDeviation: 1)
      #expect(isClose(below, above, relative: 1e-9), "at \(edge)")
    }
  }

  @Test func certainPredictionsAreExact() {
    #expect(Acquisition.expectedImprovement(best: 1).value(mean: 3, standardDeviation: 0) == 2)
    #expect(Acquisition.expectedImprovement(best: 3).value(mean: 1, standardDeviation: 0) == 0)
    #expect(Acquisition.logExpectedImprovement(best: 3).value(mean: 1, standardDeviation: 0) == -.infinity)
    #expect(Acquisition.probability(above: 1).value(mean: 3, standardDeviation: 0) == 1)
    #expect(Acquisition.confidenceBound(beta: -2).value(mean: 3, standardDeviation: 0.5) == 2)
  }

  /// Shifting and scaling the target shifts and scales the improvement.
  @Test func unitsCarryThrough() {
    let base = Acquisition.expectedImprovement(best: 0.4).value(mean: 0.1, standardDeviation: 0.6)
    let scaled = Acquisition.expectedImprovement(best: 4 + 7).value(mean: 1 + 7, standardDeviation: 6)
    #expect(isClose(scaled, 10 * base))
  }
}
