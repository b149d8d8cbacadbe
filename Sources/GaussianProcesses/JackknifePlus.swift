import Foundation
import LinearAlgebra
import Regression

/// Intervals of a Gaussian process that hold for any distribution, from every group left out in turn.
///
///     let process = try GaussianProcessRegressor().jackknifePlus(data)
///     let (lower, upper) = process.interval(features, level: 0.9)
///
/// With R the scores of rows predicted without their group G and μ₋G the process without it, the interval at x of level
/// 1 − α reaches from the ⌊α(n + 1)⌋-th smallest of μ₋G(x) − R to the ⌈(1 − α)(n + 1)⌉-th smallest of μ₋G(x) + R. It
/// holds with probability of at least 1 − 2α where groups are exchangeable, and in practice 1 − α: Barber, Candès,
/// Ramdas and Tibshirani, "Predictive inference with the jackknife+", Ann. Statist. 49, 486–507 (2021). R is |y − μ₋G|,
/// or by default in units of the deviation without G, as in Jaber, Blot et al. (2025),
/// doi 10.1615/JMachLearnModelComput.2025054687.
///
/// Nothing is fitted again: hyperparameters are kept, and with q = C⁻¹k(X, x) and B = ([C⁻¹]_GG)⁻¹ the process without
/// G has the mean μ − q_G·B·α_G and the variance v + q_G·B·q_G. Beyond the extreme ranks of few rows the extreme
/// is taken, and the interval does not reach its level.
public struct JackknifePlus: Sendable {
  public let process: GaussianProcess
  /// The group of each row.
  let labels: [Int]
  /// Rows of each group, as positions in the process.
  let groups: [[Int]]
  /// B of each group.
  private let blocks: [Matrix]
  /// B·α_G, row by row.
  private let removed: [[Double]]
  /// For each row, the error without its group over its deviation, or as it is; absolute.
  public let scores: [Double]
  public let isNormalized: Bool

  /// - Throws: `CholeskyError` when a group cannot be left out.
  init(_ process: GaussianProcess, groups labels: [Int], normalized: Bool) throws(CholeskyError) {
    self.process = process
    self.labels = labels
    isNormalized = normalized
    groups = GroupedFolds.leftOutTogether(labels)
    let posterior = process.posterior
    let inverse = posterior.factor.inverse
    var (blocks, removed): ([Matrix], [[Double]]) = ([], [])
    var scores = [Double](repeating: 0, count: posterior.count)
    for group in groups {
      let block = try Cholesky(of: inverse.selectingRows(group).selectingColumns(group)).inverse
      let errors = block.multiplied(by: group.map { posterior.weights[$0] })
      for (k, row) in group.enumerated() {
        // B is the covariance of the group's measurements given the others.
        scores[row] = abs(errors[k]) / (normalized ? max(block[k, k], 1e-300).squareRoot() : 1)
      }
      blocks.append(block)
      removed.append(errors)
    }
    self.blocks = blocks
    self.removed = removed
    self.scores = scores
  }

  /// - Parameters:
  ///   - features: m × d, raw.
  ///   - level: 1 − α, in (0, 1).
  /// - Throws: `PredictionError`.
  /// - Complexity: O(m·n·(n + d)), and m·Σ|G|².
  public func interval(_ features: Matrix, level: Double) throws(PredictionError) -> (lower: [Double], upper: [Double]) {
    try intervals(features, levels: [level])[0]
  }

  /// The same for several levels.
  public func intervals(
    _ features: Matrix, levels: [Double]
  ) throws(PredictionError) -> [(lower: [Double], upper: [Double])] {
    try process.check(features)
    let posterior = process.posterior
    let z = process.inputs.transformed(features)
    let (mean, variance) = posterior.meanAndVariance(at: z)
    let pulled = posterior.factor.solve(posterior.kernel.matrix(posterior.x, z))
    let n = posterior.count
    // A hair of tolerance, so that 0.9·(n + 1) is not rounded up past an integer.
    let ranks = levels.map { level in
      (
        low: max(1, Int(((1 - level) * Double(n + 1) + 1e-9).rounded(.down))),
        high: min(n, Int((level * Double(n + 1) - 1e-9).rounded(.up)))
      )
    }
    var results = levels.map { _ in (lower: mean, upper: mean) }
    var (below, above) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    for i in mean.indices {
      for (place, group) in groups.enumerated() {
        let q = group.map { pulled[$0, i] }
        let center = mean[i] - dot(q, removed[place])
        var deviation = 1.0
        if isNormalized {
          let doubt = variance[i] + dot(q, blocks[place].multiplied(by: q))
          deviation = (max(0, doubt) + process.noiseVariance).squareRoot()
        }
        for row in group {
          below[row] = center - scores[row] * deviation
          above[row] = center + scores[row] * deviation
        }
      }
      let (low, high) = (below.sorted(), above.sorted())
      for (k, rank) in ranks.enumerated() {
        results[k].lower[i] = process.targetMean + process.targetSpread * low[rank.low - 1]
        results[k].upper[i] = process.targetMean + process.targetSpread * high[rank.high - 1]
      }
    }
    return results
  }
}

extension GaussianProcessRegressor {
  /// Fits once, and prepares intervals from every group of `data` left out in turn.
  ///
  /// Scores are in units of the process's own deviations where they are `normalized`, else in those
  /// of the target.
  /// - Throws: `FitError`.
  public func jackknifePlus(_ data: TrainingSet, normalized: Bool = true) throws(FitError) -> JackknifePlus {
    let ordered = data.canonicallyOrdered()
    do {
      return try JackknifePlus(fit(ordered), groups: ordered.groups, normalized: normalized)
    } catch let error as FitError {
      throw error
    } catch {
      throw .numericalFailure("a group cannot be left out: \(error)")
    }
  }

  /// The same of given hyperparameters; see `conditioned(on:noiseVariance:)`.
  public func jackknifePlus(
    _ data: TrainingSet, noiseVariance: Double, normalized: Bool = true
  ) throws(FitError) -> JackknifePlus {
    let ordered = data.canonicallyOrdered()
    let process = try conditioned(on: ordered, noiseVariance: noiseVariance)
    do { return try JackknifePlus(process, groups: ordered.groups, normalized: normalized) } catch {
      throw .numericalFailure("a group cannot be left out: \(error)")
    }
  }
}
