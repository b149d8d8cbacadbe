import ActiveLearning
import Foundation
import LinearAlgebra
import Regression

/// Gives every unmeasured candidate its acquisition value for one objective, larger better.
public struct PoolScorer: Sendable {
  public let process: LaplaceProcess
  /// The best value so far, in units of the target.
  public let best: Double
  public let seed: UInt64
  /// Joint posteriors are taken of at most so many candidates, the most promising ones; the others keep
  /// −∞ for acquisitions that need one.
  public var shortlistLimit = 1500
  /// Functions that are drawn from the posterior.
  public var sampleCount = 256
  /// The share of the pool that `topShare` aims at.
  public var topFraction = 0.05

  public init(process: LaplaceProcess, best: Double, seed: UInt64) {
    self.process = process
    self.best = best
    self.seed = seed
  }

  public struct Scores: Sendable {
    public let mean: [Double]
    /// Deviation of a new measurement: of the latent value and of the noise.
    public let deviation: [Double]
    /// Deviation of the latent value.
    public let latentDeviation: [Double]
    public let values: [Double]
  }

  /// - Complexity: one posterior of the pool, and O(shortlist³) for joint acquisitions.
  public func scores(_ kind: AcquisitionKind, of pool: Points) -> Scores {
    let (mean, variance) = process.posterior(of: pool)
    let latent = variance.map { $0.squareRoot() }
    let deviation = variance.map { ($0 + process.noiseVariance).squareRoot() }
    func pointwise(_ acquisition: Acquisition) -> [Double] {
      zip(mean, deviation).map { acquisition.value(mean: $0, standardDeviation: $1) }
    }
    let improvement = Acquisition.logExpectedImprovement(best: best)
    let values: [Double]
    let rule = kind.rule(measured: process.count)
    switch rule {
    case .expectedImprovement, .hypervolume: values = pointwise(improvement)
    case .probability: values = pointwise(.probability(above: best))
    case .upperBound: values = pointwise(.confidenceBound(beta: 2))
    case .greedy: values = mean
    case .random:
      var generator = SeededGenerator(seed: seed)
      values = mean.map { _ in generator.uniform() }
    case .spaceFilling: values = nearestDistances(pool)
    case .coverage, .search: values = coverage(pool)
    case .thompson, .knowledgeGradient, .maxValueEntropy, .information, .topShare:
      let shortlist = shortlist(mean: mean, deviation: latent, promise: pointwise(improvement))
      let joint = jointValues(rule, pool.selecting(shortlist), mean: shortlist.map { mean[$0] })
      var spread = [Double](repeating: -.infinity, count: mean.count)
      for (index, value) in zip(shortlist, joint) { spread[index] = value }
      values = spread
    }
    return Scores(mean: mean, deviation: deviation, latentDeviation: latent, values: values)
  }

  /// The candidates with the largest expected improvement, largest deviation and some spread evenly; all of a
  /// small pool. Ascending.
  func shortlist(mean: [Double], deviation: [Double], promise: [Double]) -> [Int] {
    let count = mean.count
    guard count > shortlistLimit else { return Array(0..<count) }
    let share = shortlistLimit / 3
    func largest(_ values: [Double], _ kept: Int) -> [Int] {
      Array(values.indices.sorted { (values[$0], $1) > (values[$1], $0) }.prefix(kept))
    }
    var chosen = Set(largest(promise, shortlistLimit - 2 * share))
    chosen.formUnion(largest(deviation, share))
    for i in 0..<share { chosen.insert(i * count / share) }
    return chosen.sorted()
  }

  private func jointValues(_ kind: AcquisitionKind, _ points: Points, mean: [Double]) -> [Double] {
    switch kind {
    case .thompson:
      let samples = PathwiseSamples(of: process, count: 1, seed: seed).values(at: points)
      return samples.values.row(0)
    case .knowledgeGradient:
      let covariance = process.covariance(points, points)
      return mean.indices.map { x in
        let deviation = (covariance[x, x] + process.noiseVariance).squareRoot()
        return KnowledgeGradient.value(means: mean, slopes: covariance.row(x).map { $0 / deviation })
      }
    case .maxValueEntropy:
      let maxima = process.jointSamples(of: points, count: 64, seed: seed).maxima
      let variance = process.posterior(of: points).variance
      let noise = process.noiseVariance.squareRoot()
      return mean.indices.map {
        MaxValueEntropySearch.value(
          mean: mean[$0], deviation: variance[$0].squareRoot(), noiseDeviation: noise, maxima: maxima)
      }
    case .information:
      let covariance = process.covariance(points, points)
      let variances = covariance.diagonal.map { max(0, $0) }
      return mean.indices.map { x in
        PoolInformation.value(
          covariances: covariance.row(x), variance: variances[x], poolVariances: variances,
          noiseVariance: process.noiseVariance)
      }
    case .topShare:
      let samples = process.jointSamples(of: points, count: sampleCount, seed: seed)
      let total = Double(points.count + process.count)
      let counted = samples.topProbabilities(count: max(1, Int((topFraction * total).rounded(.up))))
      // Ties among the many that no sample lifts are broken by the mean.
      let scale = 1e-6 / (1 + (mean.map(abs).max() ?? 1))
      return zip(counted, mean).map { $0 + scale * $1 }
    default: return mean
    }
  }

  /// What each candidate adds to the coverage of the pool; of a large one, members spread evenly, and −∞ for the others.
  private func coverage(_ pool: Points) -> [Double] {
    let members = PoolCoverage.members(of: pool.count, limit: shortlistLimit)
    let coverage = PoolCoverage(of: pool.selecting(members), known: process.points)
    var values = [Double](repeating: -.infinity, count: pool.count)
    for (member, gain) in zip(members, coverage.gains()) { values[member] = gain }
    return values
  }

  private func nearestDistances(_ pool: Points) -> [Double] {
    let distances = process.points.distances(to: pool)
    return (0..<pool.count).map { j in
      (0..<distances.rows).reduce(Double.infinity) { min($0, distances[$1, j]) }
    }
  }
}
