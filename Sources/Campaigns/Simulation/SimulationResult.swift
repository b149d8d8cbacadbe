import Foundation
import LinearAlgebra

/// What the runs of a simulation found, and how much faster than by chance.
public struct SimulationResult: Sendable {
  public let pool: SimulatedPool
  /// Names of acquisitions, and of peers that were given the same pool and starts.
  public private(set) var policies: [String]
  /// Rows in the order measured, one run for each seed.
  public private(set) var runs: [String: [[Int]]]
  /// How many of the top rows a run had to find.
  public let goal: Int
  /// Rows measured before, one list for each seed.
  public let starts: [[Int]]

  /// Resamples of the seeds.
  static let bootstrapCount = 400

  /// A mean with the central 95% of its bootstrap distribution over seeds.
  public struct Estimate: Sendable, Equatable, Codable {
    public let value: Double
    public let lower: Double
    public let upper: Double
  }

  /// Adds what another program measured from the same starts.
  ///
  /// - Parameters:
  ///   - policy: its name.
  ///   - orders: rows in the order measured, without the start, one list for each seed.
  public mutating func add(_ policy: String, orders: [[Int]]) {
    policies.append(policy)
    runs[policy] = orders
  }

  /// Experiments until the goal, one for each seed; the length of the run where it was not reached.
  public func experimentsToGoal(_ policy: String) -> [Int] {
    (runs[policy] ?? []).map { order in
      var found = 0
      let isTop = Set(pool.top)
      for (index, row) in order.enumerated() where isTop.contains(row) {
        found += 1
        if found == goal { return index + 1 }
      }
      return order.count
    }
  }

  /// Runs that found what they had to.
  public func successes(_ policy: String) -> Int {
    let isTop = Set(pool.top)
    return (runs[policy] ?? []).count { $0.count { isTop.contains($0) } >= goal }
  }

  /// Expected experiments until the goal by chance: goal·(N + 1)/(K + 1) for K sought among N.
  public var chanceExperiments: Double {
    let open = pool.count - (starts.first?.count ?? 0)
    return Double(goal) * Double(open + 1) / Double(pool.top.count + 1)
  }

  /// Mean experiments until the goal.
  public func meanExperiments(_ policy: String) -> Estimate {
    let counts = experimentsToGoal(policy).map(Double.init)
    return bootstrap { seeds in seeds.reduce(0) { $0 + counts[$1] } / Double(seeds.count) }
  }

  /// Acceleration: chance's experiments to the goal over the policy's, ratios of means; bootstrap over seeds.
  public func acceleration(_ policy: String) -> Estimate {
    let counts = experimentsToGoal(policy).map(Double.init)
    return bootstrap { seeds in
      chanceExperiments * Double(seeds.count) / max(1e-9, seeds.reduce(0) { $0 + counts[$1] })
    }
  }

  /// Share of the top rows found after each number of experiments, mean and band over seeds; as long as the
  /// shortest run.
  public func topShareCurve(_ policy: String) -> [Estimate] {
    let isTop = Set(pool.top)
    return curve(policy) { order in
      var found = 0
      return order.map { row in
        if isTop.contains(row) { found += 1 }
        return Double(found) / Double(pool.top.count)
      }
    }
  }

  /// The best of the pool less the best measured, in units of the target.
  public func regretCurve(_ policy: String) -> [Estimate] {
    let optimum = pool.targets.max() ?? 0
    return curve(policy) { order, start in
      var best = start.map { pool.targets[$0] }.max() ?? -.infinity
      return order.map { row in
        best = max(best, pool.targets[row])
        return optimum - best
      }
    }
  }

  /// Enhancement after each number of experiments: the mean share found over that of chance, i/N.
  public func enhancementCurve(_ policy: String) -> [Estimate] {
    let open = Double(pool.count - (starts.first?.count ?? 0))
    return topShareCurve(policy).enumerated().map { index, estimate in
      let chance = Double(index + 1) / open
      return Estimate(value: estimate.value / chance, lower: estimate.lower / chance, upper: estimate.upper / chance)
    }
  }

  private func curve(_ policy: String, _ values: ([Int]) -> [Double]) -> [Estimate] {
    curve(policy) { order, _ in values(order) }
  }

  private func curve(_ policy: String, _ values: ([Int], [Int]) -> [Double]) -> [Estimate] {
    let all = zip(runs[policy] ?? [], starts).map { values($0, $1) }
    let length = all.map(\.count).min() ?? 0
    return (0..<length).map { index in
      bootstrap { seeds in seeds.reduce(0) { $0 + all[$1][index] } / Double(seeds.count) }
    }
  }

  private func bootstrap(_ statistic: ([Int]) -> Double) -> Estimate {
    let count = starts.count
    guard count > 0 else { return Estimate(value: 0, lower: 0, upper: 0) }
    var generator = SeededGenerator(seed: 1)
    let draws = (0..<(count > 1 ? Self.bootstrapCount : 1)).map { _ in
      statistic((0..<count).map { _ in generator.index(below: count) })
    }.sorted()
    let value = statistic(Array(0..<count))
    return Estimate(
      value: value, lower: draws[Int(0.025 * Double(draws.count))], upper: draws[Int(0.975 * Double(draws.count))])
  }
}
