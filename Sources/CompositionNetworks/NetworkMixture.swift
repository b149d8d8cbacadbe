import Foundation
import LinearAlgebra
import Regression

/// How the networks of an ensemble make one prediction.
///
/// The distribution of a row is the mean of those that they predict, each with its share, and the prediction is its
/// median: where they disagree about which of two values a row has, the mean is neither. Networks of small tables
/// predict no more than a mean and a scale; there it is the mean of the means, and the scale adds their disagreement.
package struct NetworkMixture: Sendable, Equatable {
  /// At least 0, summing to 1.
  package let shares: [Double]

  package init(equal count: Int) {
    shares = [Double](repeating: 1 / Double(max(1, count)), count: count)
  }

  package init(shares: [Double]) { self.shares = shares }

  /// Equal shares of all, unless rows that no network has seen say otherwise.
  ///
  /// Networks of one design keep equal shares among themselves. What departs from equal shares has to lower the absolute
  /// error by two standard errors of its paired difference: the rows held back are few, and whatever is fitted to them
  /// closely is worse elsewhere.
  package init(
    fitting outputs: [NetworkMember.Output], designs: [NetworkDesign], targets: [Double], censoring: [Censoring]
  ) {
    let count = outputs.count
    var best = NetworkMixture(equal: count)
    let first = designs.indices.filter { designs[$0] == designs[0] }
    let others = designs.indices.filter { designs[$0] != designs[0] }
    if !others.isEmpty {
      var errors = best.errors(outputs, targets, censoring)
      for tenths in 0...10 {
        var shares = best.shares
        for m in first { shares[m] = Double(tenths) / 10 / Double(first.count) }
        for m in others { shares[m] = Double(10 - tenths) / 10 / Double(others.count) }
        let candidate = NetworkMixture(shares: shares)
        let own = candidate.errors(outputs, targets, censoring)
        let gains = zip(errors, own).map { $0 - $1 }
        let n = Double(gains.count)
        let mean = gains.reduce(0, +) / n
        let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
        if mean > 2 * (variance / n).squareRoot() { (best, errors) = (candidate, own) }
      }
    }
    self = best
  }

  /// Absolute errors; of a bound, by how much it is missed.
  private func errors(_ outputs: [NetworkMember.Output], _ targets: [Double], _ censoring: [Censoring]) -> [Double] {
    zip(combine(outputs).means, zip(targets, censoring)).map { mean, known in
      let gap = mean - known.0
      return switch known.1 {
      case .none: abs(gap)
      case .left: max(0, gap)
      case .right: max(0, -gap)
      }
    }
  }

  package func combine(_ outputs: [NetworkMember.Output]) -> NetworkMember.Output {
    if outputs.count == 1 { return NetworkMember.Output(means: outputs[0].means, scales: outputs[0].scales) }
    if let bins = Self.bins(of: outputs) {
      let (medians, scales) = BinnedOutput.summaries(bins, shares: shares)
      return NetworkMember.Output(means: medians, scales: scales)
    }
    let rows = outputs.first?.means.count ?? 0
    var result = NetworkMember.Output(means: [], scales: [])
    result.means.reserveCapacity(rows)
    result.scales.reserveCapacity(rows)
    for i in 0..<rows {
      var mean = 0.0
      for (m, output) in outputs.enumerated() { mean += shares[m] * output.means[i] }
      // 2·s² is the variance of a Laplace distribution.
      var variance = 0.0
      for (m, output) in outputs.enumerated() {
        let gap = output.means[i] - mean
        variance += shares[m] * (output.scales[i] * output.scales[i] + gap * gap / 2)
      }
      result.means.append(mean)
      result.scales.append(variance.squareRoot())
    }
    return result
  }

  /// The distributions of the networks; nil unless all have them.
  static func bins(of outputs: [NetworkMember.Output]) -> [BinnedOutput]? {
    let bins = outputs.compactMap(\.bins)
    return !bins.isEmpty && bins.count == outputs.count ? bins : nil
  }

  /// Where values lie in the distributions of their rows: the probability of less, and within a value that has a
  /// probability of its own, or beyond a bound, a random share of it. Empty without distributions.
  package func transforms(
    _ outputs: [NetworkMember.Output], targets: [Double], censoring: [Censoring], generator: inout SeededGenerator
  ) -> [Double] {
    guard let bins = Self.bins(of: outputs) else { return [] }
    var pool = PooledDistribution()
    return targets.indices.map { row in
      pool.set(bins, shares: shares, row: row)
      var (below, atOrBelow) = pool.probabilities(at: targets[row])
      switch censoring[row] {
      case .none: break
      case .left: below = 0
      case .right: (below, atOrBelow) = (atOrBelow, 1)
      }
      return min(1, max(0, below + generator.uniform() * (atOrBelow - below)))
    }
  }

  /// Rows × levels; nil without distributions.
  package func quantiles(_ outputs: [NetworkMember.Output], levels: [Double]) -> Matrix? {
    guard let bins = Self.bins(of: outputs) else { return nil }
    var result = Matrix(rows: bins[0].count, columns: levels.count)
    let width = levels.count
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let all = buffer
      BinnedOutput.forEachRow(of: bins, shares: shares) { row, pool in
        for (k, level) in levels.enumerated() { all[row * width + k] = pool.quantile(level) }
      }
    }
    return result
  }
}
