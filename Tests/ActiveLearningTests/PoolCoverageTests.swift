import Foundation
import LinearAlgebra
import Regression
import Testing

import ActiveLearning

@Suite struct PoolCoverageTests {
  /// Points on a line: a crowd of ten about 0, one of five about 10, and one far out.
  private let places: [Double] = {
    var all: [Double] = []
    for i in 0..<10 { all.append(0.05 * Double(i)) }
    for i in 0..<5 { all.append(10 + 0.05 * Double(i)) }
    return all + [40]
  }()

  private func distances(_ rows: [Double], _ columns: [Double]) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    for i in rows.indices { for j in columns.indices { result[i, j] = abs(rows[i] - columns[j]) } }
    return result
  }

  @Test func crowdsComeBeforeOutliers() {
    var coverage = PoolCoverage(distances: distances(places, places), scale: 1)
    let chosen = coverage.choose(3)
    #expect(chosen.count == 3)
    #expect(chosen[0].member < 10 && (10..<15).contains(chosen[1].member) && chosen[2].member == 15)
    #expect(chosen[0].gain > chosen[1].gain && chosen[1].gain > chosen[2].gain)
    // A choice by distance alone takes the outlier at once.
    let far = DiverseBatch.kCentre(
      2, initialDistances: places.map { abs($0) }, distance: { abs(places[$0] - places[$1]) })
    #expect(far[0] == 15)
  }

  @Test func gainsAreWhatTheSumOfResemblancesGrowsBy() {
    let known = [0.2, 9]
    let coverage = PoolCoverage(distances: distances(places, places), known: distances(known, places), scale: 0.7)
    func total(_ chosen: [Double]) -> Double {
      var sum = 0.0
      for place in places {
        let resemblances = chosen.map { exp(-abs($0 - place) / 0.7) }
        sum += resemblances.max() ?? 0
      }
      return sum / Double(places.count)
    }
    for (member, gain) in coverage.gains().enumerated() {
      #expect(abs(gain - (total(known + [places[member]]) - total(known))) < 1e-12)
    }
  }

  @Test func greedyIsWithinItsBoundOfTheBestPair() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<20 {
      let line = (0..<9).map { _ in 5 * generator.uniform() }
      let all = distances(line, line)
      var greedy = PoolCoverage(distances: all, scale: 1)
      let reached = greedy.choose(2).reduce(0) { $0 + $1.gain }
      var best = 0.0
      for a in line.indices {
        for b in line.indices where b > a {
          var sum = 0.0
          for j in line.indices { sum += exp(-min(all[a, j], all[b, j])) }
          best = max(best, sum / 9)
        }
      }
      #expect(reached >= (1 - 1 / M_E) * best && reached <= best + 1e-12)
    }
  }

  @Test func whatIsKnownAddsNothingAndQuotasHold() {
    var coverage = PoolCoverage(distances: distances(places, places), known: distances(places, places), scale: 1)
    #expect(coverage.gains().allSatisfy { $0 == 0 })
    let chosen = coverage.choose(20) { member, chosen in member < 10 && chosen.count < 4 }
    #expect(chosen.count == 4 && chosen.allSatisfy { $0.member < 10 })
    #expect(PoolCoverage(distances: Matrix(rows: 0, columns: 0), scale: 1).gains().isEmpty)
  }
}
