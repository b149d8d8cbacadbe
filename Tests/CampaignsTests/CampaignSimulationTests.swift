import Chemistry
import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

import Campaigns

@Suite struct CampaignSimulationTests {
  /// Compositions of three elements whose answer is a smooth hill.
  static func pool() throws -> SimulatedPool {
    let a = try #require(Element("Li"))
    let b = try #require(Element("P"))
    let c = try #require(Element("S"))
    var compositions: [Composition] = []
    var targets: [Double] = []
    for i in 1...14 {
      for j in 1...14 where i + j < 20 {
        let (x, y) = (Double(i) / 20, Double(j) / 20)
        if let composition = Composition([(a, x), (b, y), (c, 1 - x - y)]) {
          compositions.append(composition)
          targets.append(-20 * (pow(x - 0.55, 2) + pow(y - 0.15, 2)))
        }
      }
    }
    return SimulatedPool(
      names: compositions.map(\.reducedFormula), compositions: compositions, targets: targets,
      censoring: [Censoring](repeating: .none, count: targets.count))
  }

  @Test func startsLeaveOutTheBestAndDependOnTheSeed() throws {
    let pool = try Self.pool()
    let best = Set(pool.targets.indices.sorted { pool.targets[$0] > pool.targets[$1] }.prefix(pool.count / 10))
    for seed in 0..<20 as Range<UInt64> {
      let start = pool.start(count: 10, seed: seed)
      #expect(Set(start).count == 10 && best.isDisjoint(with: start))
      #expect(start == pool.start(count: 10, seed: seed))
    }
    #expect(pool.start(count: 10, seed: 0) != pool.start(count: 10, seed: 1))
    #expect(pool.top.count == Int((0.05 * Double(pool.count)).rounded(.up)))
  }

  @Test func learningBeatsChanceOnASmoothHill() throws {
    let pool = try Self.pool()
    let simulation = CampaignSimulation(
      policies: [.expectedImprovement, .upperBound, .random], seeds: 8, minimumExperiments: 10,
      descriptors: "composition")
    let result = try simulation.run(on: pool)
    for policy in ["ei", "ucb"] {
      #expect(result.successes(policy) == 8)
      #expect(result.acceleration(policy).value > 3)
      #expect(result.acceleration(policy).lower <= result.acceleration(policy).value)
    }
    // Every run measures each row once, and none of its start.
    for (order, start) in zip(result.runs["ei"] ?? [], result.starts) {
      #expect(Set(order).count == order.count && Set(order).isDisjoint(with: start))
    }
    let curve = result.topShareCurve("ei").map(\.value)
    #expect(curve.count >= 10 && zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 })
    let regret = result.regretCurve("ei").map(\.value)
    #expect(zip(regret, regret.dropFirst()).allSatisfy { $0 >= $1 })
    // Chance itself: the mean of many random runs is the expectation.
    let chance = try CampaignSimulation(policies: [.random], seeds: 600, minimumExperiments: 1).run(on: pool)
    #expect(abs(chance.acceleration("random").value - 1) < 0.06)
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let pool = try Self.pool()
    let simulation = CampaignSimulation(
      policies: [.expectedImprovement, .thompson], seeds: 3, minimumExperiments: 5, limit: 8, descriptors: "composition")
    let before = Threads.limit
    defer { Threads.limit = before }
    let many = try simulation.run(on: pool)
    Threads.limit = 1
    let one = try simulation.run(on: pool)
    #expect(many.runs == one.runs)
  }

  @Test func searchCoversFirstAndThenGoesForTheBest() throws {
    let pool = try Self.pool()
    let simulation = CampaignSimulation(
      policies: [.search, .coverage, .probability], seeds: 6, minimumExperiments: 16, descriptors: "composition")
    let result = try simulation.run(on: pool)
    let covering = AcquisitionKind.coveredCount - 10
    for (search, coverage) in zip(result.runs["search"] ?? [], result.runs["cover"] ?? []) {
      #expect(search.prefix(covering) == coverage.prefix(covering))
      #expect(search[covering...] != coverage[covering...])
    }
    #expect(result.successes("search") == 6 && result.acceleration("search").value > 2)
  }

  @Test func peersJoinTheResult() throws {
    let pool = try Self.pool()
    var result = try CampaignSimulation(policies: [.random], seeds: 2, minimumExperiments: 1).run(on: pool)
    // One that knows the answers needs as many experiments as it has to find.
    result.add("oracle", orders: result.starts.map { _ in pool.top })
    #expect(result.policies == ["random", "oracle"])
    #expect(result.meanExperiments("oracle").value == Double(result.goal))
    #expect(abs(result.acceleration("oracle").value - result.chanceExperiments / Double(result.goal)) < 1e-12)
  }

  @Test(arguments: AcquisitionKind.allCases.filter { $0 != .hypervolume })
  func everyAcquisitionRuns(kind: AcquisitionKind) throws {
    let pool = try Self.pool()
    let result = try CampaignSimulation(policies: [kind], seeds: 2, minimumExperiments: 4, limit: 4, descriptors: "composition")
      .run(on: pool)
    #expect(result.runs[kind.rawValue]?.allSatisfy { Set($0).count == 4 } == true)
  }
}
