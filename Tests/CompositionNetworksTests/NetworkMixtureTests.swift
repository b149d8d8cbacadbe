import Foundation
import LinearAlgebra
import Regression
import Testing

import CompositionNetworks

@Suite struct NetworkMixtureTests {
  private typealias Output = NetworkMember.Output

  /// Bins of width 0.1 from 0 on; a row of probability mostly in one of them.
  private static let edges = (0...ValueBins.count).map { 0.1 * Double($0) }

  private func sure(of bins: [Int], by strength: Float = 8) -> Output {
    var logits = [Float](repeating: 0, count: bins.count * ValueBins.count)
    for (row, bin) in bins.enumerated() { logits[row * ValueBins.count + bin] = strength }
    return Output(
      means: [], scales: [], bins: BinnedOutput(logits, edges: Self.edges, shifts: nil))
  }

  @Test func thePredictionIsTheMedianOfAllDistributions() {
    // Two of three networks say 0 to 0.1, one 4 to 4.1: so is the median, and the mean is not. Then the other way.
    let outputs = [sure(of: [0, 40]), sure(of: [40, 40]), sure(of: [0, 0])]
    let mixed = NetworkMixture(equal: 3).combine(outputs)
    #expect(mixed.means[0] < 0.1 && mixed.means[1] > 4 && mixed.means[1] < 4.1)
    // A third of the probability lies 4 away: the variance says so.
    for scale in mixed.scales { #expect(abs(2 * scale * scale - 16.0 / 3) < 0.6) }
    // Shares count.
    #expect(NetworkMixture(shares: [0.2, 0.6, 0.2]).combine(outputs).means[0] > 4)
  }

  @Test func valuesDrawnFromTheDistributionsLieEvenlyInThem() {
    var generator = SeededGenerator(seed: 9)
    let rows = 2000
    let logits = (0..<rows * ValueBins.count).map { _ in Float(generator.normal()) }
    let output = Output(means: [], scales: [], bins: BinnedOutput(logits, edges: Self.edges, shifts: nil))
    var pool = PooledDistribution()
    let targets = (0..<rows).map { row -> Double in
      guard let bins = output.bins else { return .nan }
      pool.set([bins], shares: [1], row: row)
      return pool.quantile(generator.uniform())
    }
    // Half are known only as bounds: as many lie anywhere below those.
    let censoring = (0..<rows).map { $0 % 2 == 0 ? Censoring.none : .left }
    for (known, expected) in [(Censoring.none, 0.5), (.left, 0.25)] {
      let transforms = NetworkMixture(equal: 1)
        .transforms([output], targets: targets, censoring: censoring, generator: &generator)
      let own = zip(transforms, censoring).filter { $0.1 == known }.map(\.0)
      #expect(own.allSatisfy { (0...1).contains($0) })
      #expect(abs(own.reduce(0, +) / Double(own.count) - expected) < 0.03)
    }
    #expect(NetworkMixture(equal: 1).transforms(
      [Output(means: [0], scales: [1])], targets: [0], censoring: [.none], generator: &generator).isEmpty)
  }

  @Test func sharesStayEqualWhereRowsHeldBackDoNotTell() {
    var generator = SeededGenerator(seed: 3)
    let targets = (0..<400).map { _ in generator.normal() }
    let outputs = (0..<4).map { _ in
      Output(means: targets.map { $0 + 0.3 * generator.normal() }, scales: targets.map { _ in 0.3 })
    }
    let mixture = NetworkMixture(
      fitting: outputs, designs: [.direct, .direct, .direct, .direct], targets: targets,
      censoring: targets.map { _ in .none })
    #expect(mixture == NetworkMixture(equal: 4))
  }

  @Test func aDesignThatErrsMoreLosesItsShareAndMembersOfADesignStayEqual() {
    var generator = SeededGenerator(seed: 4)
    let targets = (0..<400).map { _ in generator.normal() }
    let recalling = NetworkDesign(usesHull: true, neighbours: 16)
    let outputs = [0.1, 2, 0.1, 2].map { error in
      Output(means: targets.map { $0 + error * generator.normal() }, scales: targets.map { _ in 0.3 })
    }
    let mixture = NetworkMixture(
      fitting: outputs, designs: [recalling, .direct, recalling, .direct], targets: targets,
      censoring: targets.map { _ in .none })
    #expect(mixture.shares == [0.5, 0, 0.5, 0])
  }
}
