import Foundation
import LinearAlgebra
import Regression
import Testing

import CompositionNetworks

@Suite struct NetworkMixtureTests {
  private typealias Output = NetworkMember.Output

  @Test func theMedianOfLaplaceDistributionsHasHalfOfTheMixtureBelow() {
    // Three networks, unequal shares: the distribution function at the answer is one half.
    let outputs = [
      Output(means: [0, 1, -2], scales: [0.1, 1, 0.5]), Output(means: [4, 1.5, -2], scales: [0.3, 0.2, 0.5]),
      Output(means: [0.2, 3, -2], scales: [0.2, 2, 0.5]),
    ]
    let shares = [0.5, 0.3, 0.2]
    let mixed = NetworkMixture(shares: shares, trust: 0, usesMedian: true).combine(outputs)
    for row in 0..<2 {
      var below = 0.0
      for (share, output) in zip(shares, outputs) {
        let z = (mixed.means[row] - output.means[row]) / output.scales[row]
        below += share * (z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z))
      }
      #expect(abs(below - 0.5) < 1e-9)
    }
    #expect(mixed.means[2] == -2)
    // Two of three near zero: so is the median, and the mean is not.
    #expect(mixed.means[0] < 0.3)
    #expect(NetworkMixture(equal: 3).combine(outputs).means[0] > 1)
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

  @Test func whoIsSureCountsMoreWhereScalesAreRight() {
    var generator = SeededGenerator(seed: 5)
    let targets = (0..<600).map { _ in generator.normal() }
    let outputs = (0..<2).map { _ in
      let scales = targets.map { _ in generator.uniform() < 0.5 ? 0.02 : 1.0 }
      return Output(means: targets.indices.map { targets[$0] + scales[$0] * generator.normal() }, scales: scales)
    }
    let mixture = NetworkMixture(
      fitting: outputs, designs: [.direct, .direct], targets: targets, censoring: targets.map { _ in .none })
    #expect(mixture.trust > 0 && mixture.shares == [0.5, 0.5])
  }

  @Test func twoValuesAskForTheMedian() {
    // A row is 0 or 4; each network says which, right three times of four.
    var generator = SeededGenerator(seed: 6)
    let targets = (0..<900).map { _ in generator.uniform() < 0.5 ? 0.0 : 4.0 }
    let outputs = (0..<4).map { _ in
      Output(
        means: targets.map { generator.uniform() < 0.75 ? $0 : 4 - $0 }, scales: targets.map { _ in 0.2 })
    }
    let mixture = NetworkMixture(
      fitting: outputs, designs: [.direct, .direct, .direct, .direct], targets: targets,
      censoring: targets.map { _ in .none })
    #expect(mixture.usesMedian)
  }
}
