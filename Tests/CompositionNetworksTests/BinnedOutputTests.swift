import Foundation
import LinearAlgebra
import Regression
import Testing

import CompositionNetworks

@Suite struct BinnedOutputTests {
  private static let width = ValueBins.count

  /// Two rows of random probabilities over bins of unequal width.
  private func output(seed: UInt64, edges: [Double]? = nil, shifts: [Double]? = nil) -> BinnedOutput {
    var generator = SeededGenerator(seed: seed)
    let logits = (0..<2 * Self.width).map { _ in Float(2 * generator.normal()) }
    return BinnedOutput(logits, edges: edges ?? Self.edges(of: seed), shifts: shifts)
  }

  @Test func quantilesAndProbabilitiesAreInverse() {
    var pool = PooledDistribution()
    for row in 0..<2 {
      pool.set([output(seed: 1)], shares: [1], row: row)
      for p in stride(from: 0.01, to: 1, by: 0.01) {
        let (below, atOrBelow) = pool.probabilities(at: pool.quantile(p))
        #expect(abs(below - p) < 1e-9 && abs(atOrBelow - p) < 1e-9)
      }
    }
    #expect(pool.probabilities(at: -2) == (0, 0))
    #expect(pool.probabilities(at: 20) == (1, 1))
    #expect(pool.quantile(0) == -1)
  }

  @Test(arguments: [false, true]) func theDistributionOfSeveralIsTheirMean(shifted: Bool) {
    let shifts = shifted ? [[0.3, -0.2], [0.1, 0.4]] : nil
    // The same bins, then others.
    let first = output(seed: 1, shifts: shifts?[0])
    for second in [output(seed: 2, edges: Self.edges(of: 1), shifts: shifts?[1]), output(seed: 3, shifts: shifts?[1])] {
      var (pool, one, two) = (PooledDistribution(), PooledDistribution(), PooledDistribution())
      for row in 0..<2 {
        pool.set([first, second], shares: [0.7, 0.3], row: row)
        one.set([first], shares: [1], row: row)
        two.set([second], shares: [1], row: row)
        for x in stride(from: -1.5, to: 4, by: 0.13) {
          let expected = 0.7 * one.probabilities(at: x).atOrBelow + 0.3 * two.probabilities(at: x).atOrBelow
          #expect(abs(pool.probabilities(at: x).atOrBelow - expected) < 1e-6)
        }
      }
    }
  }

  private static func edges(of seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    var bounds = [-1.0]
    for _ in 0..<width { bounds.append((bounds.last ?? 0) + 0.02 + 0.1 * generator.uniform()) }
    return bounds
  }

  @Test func aSingleValueHasItsProbability() {
    var logits = [Float](repeating: 0, count: Self.width)
    // exp(4.1) of 63 + exp(4.1): just less than one half.
    logits[0] = 4.1
    let edges = [0, 0] + (1..<Self.width).map { 0.1 * Double($0) }
    let p0 = exp(4.1) / (63 + exp(4.1))
    var pool = PooledDistribution()
    pool.set([BinnedOutput(logits, edges: edges, shifts: nil)], shares: [1], row: 0)
    let (below, atOrBelow) = pool.probabilities(at: 0)
    #expect(below == 0 && abs(atOrBelow - p0) < 1e-6)
    #expect(pool.quantile(0.4) == 0 && pool.quantile(p0 - 1e-3) == 0 && pool.quantile(0.5) > 0)
    #expect(pool.quantile(1) == edges.last)
  }

  @Test func theVarianceIsThatOfManyQuantiles() {
    var pool = PooledDistribution()
    pool.set([output(seed: 4), output(seed: 5)], shares: [0.5, 0.5], row: 1)
    let center = pool.quantile(0.5)
    let steps = 20_000
    let sum = (0..<steps).reduce(0.0) { sum, k in
      let gap = pool.quantile((Double(k) + 0.5) / Double(steps)) - center
      return sum + gap * gap
    }
    #expect(abs(sum / Double(steps) / pool.variance(around: center) - 1) < 1e-3)
  }
}
