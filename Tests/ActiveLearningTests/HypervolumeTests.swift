import ActiveLearning
import Foundation
import LinearAlgebra
import Testing
import TestSupport

@Suite struct HypervolumeTests {
  static func front(_ objectives: Int, count: Int, seed: UInt64) -> [[Double]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (0..<objectives).map { _ in generator.uniform() } }
  }

  @Test func knownVolumes() {
    #expect(UndominatedBoxes.hypervolume([[2, 1], [1, 2]], reference: [0, 0]) == 3)
    #expect(UndominatedBoxes.hypervolume([[1, 1, 1], [2, 0.5, 0.5]], reference: [0, 0, 0]) == 1.25)
    #expect(UndominatedBoxes.hypervolume([[-1, 5]], reference: [0, 0]) == 0)
    #expect(UndominatedBoxes.hypervolume([], reference: [0, 0]) == 0)
  }

  @Test(arguments: 1...4)
  func hypervolumeIsTheDominatedShareOfTheCube(objectives: Int) {
    let points = Self.front(objectives, count: 9, seed: 11)
    let zero = [Double](repeating: 0, count: objectives)
    var brute = MonteCarlo(seed: 12, count: 200_000)
    brute.expect(UndominatedBoxes.hypervolume(points, reference: zero), "volume") { g in
      let z = (0..<objectives).map { _ in g.uniform() }
      return points.contains { zip($0, z).allSatisfy(>=) } ? 1 : 0
    }
    var shuffled = SeededGenerator(seed: 3)
    let order = shuffled.permutation(points.count)
    #expect(
      isClose(
        UndominatedBoxes.hypervolume(order.map { points[$0] }, reference: zero),
        UndominatedBoxes.hypervolume(points, reference: zero), relative: 1e-12))
  }

  @Test(arguments: 2...4)
  func expectedImprovementIsTheAverageImprovement(objectives: Int) {
    let points = Self.front(objectives, count: 7, seed: 21) + [[Double](repeating: 0.5, count: objectives)]
    let reference = [Double](repeating: 0.1, count: objectives)
    let boxes = UndominatedBoxes(points: points, reference: reference)
    let base = UndominatedBoxes.hypervolume(points, reference: reference)
    let mean = (0..<objectives).map { 0.6 + 0.1 * Double($0) }
    let deviation = (0..<objectives).map { 0.3 - 0.04 * Double($0) }
    let whole = boxes.expectedImprovement(mean: mean, deviation: deviation)
    var fast = MonteCarlo(seed: 22, count: 200_000)
    fast.expect(whole, "EHVI by boxes") { g in
      boxes.improvement(of: (0..<objectives).map { mean[$0] + deviation[$0] * g.normal() })
    }
    // Brute force without any boxes: the share of a large cube dominated by the new point alone.
    var brute = MonteCarlo(seed: 23, count: 1_000_000)
    let side = 1.6
    brute.expect(whole, "EHVI by darts") { g in
      let z = (0..<objectives).map { _ in 0.1 + side * g.uniform() }
      let y = (0..<objectives).map { mean[$0] + deviation[$0] * g.normal() }
      let isNew = zip(y, z).allSatisfy(>=) && !points.contains { zip($0, z).allSatisfy(>=) }
      return isNew ? pow(side, Double(objectives)) : 0
    }
    #expect(base > 0)
    #expect(boxes.improvement(of: points[0]) == 0)
  }

  @Test func noisyImprovementAveragesOverFronts() {
    // Two measured points with noisy objectives, independent of the candidate.
    let (a, b, s) = ([0.8, 0.3], [0.3, 0.7], 0.1)
    var generator = SeededGenerator(seed: 31)
    var fronts: [[[Double]]] = []
    var candidate: [[Double]] = []
    for _ in 0..<20_000 {
      fronts.append([a, b].map { p in p.map { $0 + s * generator.normal() } })
      candidate.append([0.6 + 0.2 * generator.normal(), 0.6 + 0.2 * generator.normal()])
    }
    let value = NoisyHypervolumeImprovement(frontSamples: fronts, reference: [0, 0]).value(candidate)
    var brute = MonteCarlo(seed: 32, count: 60_000)
    let (average, error) = brute.mean { g in
      let front = [a, b].map { p in p.map { $0 + s * g.normal() } }
      let y = [0.6 + 0.2 * g.normal(), 0.6 + 0.2 * g.normal()]
      return UndominatedBoxes.hypervolume(front + [y], reference: [0, 0])
        - UndominatedBoxes.hypervolume(front, reference: [0, 0])
    }
    #expect(abs(value - average) < 6 * error, "\(value) is not \(average) ± \(error)")
    // Without noise in the front it is the exact improvement.
    let still = NoisyHypervolumeImprovement(
      frontSamples: [[[Double]]](repeating: [a, b], count: candidate.count), reference: [0, 0]
    ).value(candidate)
    let exact = UndominatedBoxes(points: [a, b], reference: [0, 0]).expectedImprovement(
      mean: [0.6, 0.6], deviation: [0.2, 0.2])
    #expect(abs(still - exact) < 0.02 * exact)
  }
}
