import Foundation
import Regression

/// How the networks of an ensemble make one prediction.
///
/// Row by row, network m has the weight aₘ·sₘ^−p, with sₘ the scale that it predicts there: who is sure of a row
/// counts more for it. The prediction is the mean of theirs, or the median of the mixture of their Laplace
/// distributions: where they disagree about which of two values a row has, the mean is neither. The scale of the
/// mixture adds the disagreement of the networks to their own.
package struct NetworkMixture: Sendable, Equatable {
  /// a, at least 0, summing to 1.
  package let shares: [Double]
  /// p.
  package let trust: Double
  package let usesMedian: Bool

  package init(equal count: Int) {
    self.init(shares: [Double](repeating: 1 / Double(max(1, count)), count: count), trust: 0)
  }

  package init(medianOf count: Int) {
    self.init(shares: Self(equal: count).shares, trust: 0, usesMedian: true)
  }

  package init(shares: [Double], trust: Double, usesMedian: Bool = false) {
    (self.shares, self.trust, self.usesMedian) = (shares, trust, usesMedian)
  }

  /// Equal shares of all, unless rows that no network has seen say otherwise.
  ///
  /// Networks of one design keep equal shares among themselves. What departs from equal shares, from no trust or from
  /// the mean has to lower the absolute error by two standard errors of its paired difference: the rows held back are
  /// few, and whatever is fitted to them closely is worse elsewhere.
  package init(
    fitting outputs: [NetworkMember.Output], designs: [NetworkDesign], targets: [Double], censoring: [Censoring]
  ) {
    let count = outputs.count
    var best = NetworkMixture(equal: count)
    var errors = best.errors(outputs, targets, censoring)
    func consider(_ candidate: NetworkMixture) {
      let own = candidate.errors(outputs, targets, censoring)
      let gains = zip(errors, own).map { $0 - $1 }
      let n = Double(gains.count)
      let mean = gains.reduce(0, +) / n
      let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
      if mean > 2 * (variance / n).squareRoot() { (best, errors) = (candidate, own) }
    }
    for trust in [0.5, 1, 1.5, 2] { consider(NetworkMixture(shares: best.shares, trust: trust)) }
    let first = designs.indices.filter { designs[$0] == designs[0] }
    if first.count < count {
      let others = designs.indices.filter { designs[$0] != designs[0] }
      for tenths in 0...10 {
        var shares = best.shares
        for m in first { shares[m] = Double(tenths) / 10 / Double(first.count) }
        for m in others { shares[m] = Double(10 - tenths) / 10 / Double(others.count) }
        consider(NetworkMixture(shares: shares, trust: best.trust))
      }
    }
    consider(NetworkMixture(shares: best.shares, trust: best.trust, usesMedian: true))
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
    let rows = outputs.first?.means.count ?? 0
    var result = NetworkMember.Output(means: [], scales: [])
    result.means.reserveCapacity(rows)
    result.scales.reserveCapacity(rows)
    var weights = shares
    for i in 0..<rows {
      let total = weigh(outputs, row: i, into: &weights)
      var centre = 0.0
      if usesMedian {
        centre = median(outputs, row: i, weights: weights, total: total)
      } else {
        for (m, output) in outputs.enumerated() { centre += weights[m] / total * output.means[i] }
      }
      // 2·s² is the variance of a Laplace distribution.
      var variance = 0.0
      for (m, output) in outputs.enumerated() {
        let gap = output.means[i] - centre
        variance += weights[m] / total * (output.scales[i] * output.scales[i] + gap * gap / 2)
      }
      result.means.append(centre)
      result.scales.append(variance.squareRoot())
    }
    return result
  }

  /// Where the distribution function of the mixture is one half: between the least and the largest mean, by halving.
  private func median(_ outputs: [NetworkMember.Output], row: Int, weights: [Double], total: Double) -> Double {
    var lower = Double.infinity
    var upper = -Double.infinity
    for output in outputs { (lower, upper) = (min(lower, output.means[row]), max(upper, output.means[row])) }
    for _ in 0..<40 where upper > lower {
      let middle = 0.5 * (lower + upper)
      var below = 0.0
      for (m, output) in outputs.enumerated() {
        let z = (middle - output.means[row]) / max(output.scales[row], 1e-12)
        below += weights[m] * (z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z))
      }
      if below < 0.5 * total { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }

  /// The weights of the networks at a row, not yet divided by their sum, which is returned.
  @inline(__always)
  func weigh(_ outputs: [NetworkMember.Output], row: Int, into weights: inout [Double]) -> Double {
    var total = 0.0
    for (m, output) in outputs.enumerated() {
      weights[m] = shares[m] * (trust == 0 ? 1 : pow(max(output.scales[row], 1e-12), -trust))
      total += weights[m]
    }
    return total
  }
}
