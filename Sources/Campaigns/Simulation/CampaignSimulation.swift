import Descriptors
import Foundation
import LinearAlgebra

/// Closed-loop benchmark of acquisitions on a labelled pool: many seeds, each from another start.
///
/// Enhancement and acceleration are those of Liang et al., npj Comput. Mater. 7, 188 (2021): with Top%(i) the
/// share of the top rows found after i experiments, the enhancement factor is Top%(i)/Top%random(i), and the
/// acceleration factor is i_random/i at equal Top%.
public struct CampaignSimulation: Sendable {
  public var policies: [AcquisitionKind]
  public var seeds: Int
  public var firstSeed: UInt64
  public var startCount: Int
  /// The share of the top rows that a run has to find.
  public var goalShare: Double
  /// Every run makes at least so many experiments, so that curves can be drawn.
  public var minimumExperiments: Int
  public var limit: Int
  public var descriptors: String

  public init(
    policies: [AcquisitionKind] = [.search, .expectedImprovement, .greedy, .spaceFilling, .random], seeds: Int = 50,
    firstSeed: UInt64 = 0, startCount: Int = 10, goalShare: Double = 0.5, minimumExperiments: Int = 50,
    limit: Int = .max, descriptors: String = "composition,magpie"
  ) {
    self.policies = policies
    self.seeds = seeds
    self.firstSeed = firstSeed
    self.startCount = startCount
    self.goalShare = goalShare
    self.minimumExperiments = minimumExperiments
    self.limit = limit
    self.descriptors = descriptors
  }

  /// Runs every policy with every seed, on all cores; the result does not depend on their number.
  ///
  /// - Throws: `DescriptorError` for an unknown set.
  public func run(on pool: SimulatedPool, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in })
    throws(DescriptorError) -> SimulationResult
  {
    let space = try CompositionSpace(pool: pool.compositions, descriptors: descriptors)
    let points = space.embed(pool.compositions)
    let goal = max(1, Int((goalShare * Double(pool.top.count)).rounded(.up)))
    let policies = self.policies.contains(.random) ? self.policies : self.policies + [.random]
    let jobs = policies.count * seeds
    var orders = [[Int]](repeating: [], count: jobs)
    let counter = ProgressCounter(total: jobs, report: progress)
    orders.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: jobs, chunkSize: 1) { range in
        for job in range {
          let loop = ClosedLoop(
            pool: pool, points: points, kind: policies[job % policies.count], startCount: startCount, goal: goal,
            minimum: minimumExperiments, limit: limit)
          out[job] = loop.run(seed: firstSeed + UInt64(job / policies.count))
          counter.advance()
        }
      }
    }
    var runs: [String: [[Int]]] = [:]
    for (job, order) in orders.enumerated() { runs[policies[job % policies.count].rawValue, default: []].append(order) }
    return SimulationResult(
      pool: pool, policies: policies.map(\.rawValue), runs: runs, goal: goal,
      starts: (0..<seeds).map { pool.start(count: startCount, seed: firstSeed + UInt64($0)) })
  }
}

/// Counts finished jobs of several threads.
final class ProgressCounter: @unchecked Sendable {
  private let lock = NSLock()
  private var done = 0
  private let total: Int
  private let report: @Sendable (Int, Int) -> Void

  init(total: Int, report: @escaping @Sendable (Int, Int) -> Void) {
    self.total = total
    self.report = report
  }

  func advance() {
    lock.withLock {
      done += 1
      report(done, total)
    }
  }
}
