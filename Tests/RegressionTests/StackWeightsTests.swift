import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct StackWeightsTests {
  private static func data(rows: Int = 400, seed: UInt64 = 3) -> (targets: [Double], noise: [[Double]]) {
    var generator = SeededGenerator(seed: seed)
    let targets = (0..<rows).map { _ in generator.normal() }
    return (targets, (0..<3).map { _ in (0..<rows).map { _ in generator.normal() } })
  }

  @Test func independentErrorsAreWeighedByTheirVariances() {
    let (targets, noise) = Self.data(rows: 20_000)
    let deviations = [0.5, 1, 2]
    let predictions = zip(noise, deviations).map { errors, s in zip(targets, errors).map { $0 + s * $1 } }
    let weights = StackWeights(
      predictions: predictions, targets: targets, censoring: [Censoring](repeating: .none, count: targets.count),
      shrinkage: 0)
    // The best weights of independent errors are in proportion to 1/variance: 4 : 1 : 1/4.
    let expected = [4, 1, 0.25].map { $0 / 5.25 }
    expectClose(weights.values, expected, relative: 0, absolute: 0.02)
  }

  @Test func weightsAreSharesAndAUselessModelHasNone() {
    let (targets, noise) = Self.data()
    let good = zip(targets, noise[0]).map { $0 + 0.1 * $1 }
    let opposite = targets.map { -$0 }
    let weights = StackWeights(
      predictions: [good, opposite], targets: targets,
      censoring: [Censoring](repeating: .none, count: targets.count)
    ).values
    #expect(isClose(weights.reduce(0, +), 1) && weights.allSatisfy { $0 >= 0 })
    #expect(weights[1] < 0.1)
  }

  @Test func equalModelsShareAlikeAndRespectedBoundsDoNotCount() {
    let (targets, noise) = Self.data()
    let prediction = zip(targets, noise[0]).map { $0 + $1 }
    let twins = StackWeights(
      predictions: [prediction, prediction], targets: targets,
      censoring: [Censoring](repeating: .none, count: targets.count))
    expectClose(twins.values, [0.5, 0.5])
    // Both models lie below the upper bound of 10, so nothing tells them apart.
    let bounded = StackWeights(
      predictions: [[0.0, 1], [2, 3]], targets: [10, 10], censoring: [.left, .left])
    expectClose(bounded.values, [0.5, 0.5])
  }
}
