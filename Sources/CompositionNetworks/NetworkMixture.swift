import Foundation
import Regression

/// How the networks of an ensemble make one prediction.
///
/// Row by row, network m has the weight aₘ·sₘ^−p, with sₘ the scale that it predicts there: who is sure of a row
/// counts more for it. The scale of the mixture adds the disagreement of the networks to their own.
package struct NetworkMixture: Sendable, Equatable {
  /// a, at least 0, summing to 1.
  package let shares: [Double]
  /// p.
  package let trust: Double

  package init(equal count: Int) {
    shares = [Double](repeating: 1 / Double(max(1, count)), count: count)
    trust = 0
  }

  package init(shares: [Double], trust: Double) { (self.shares, self.trust) = (shares, trust) }

  /// The shares and trust with the least mean absolute error on rows that no network has seen.
  package init(fitting outputs: [NetworkMember.Output], targets: [Double], censoring: [Censoring]) {
    let count = outputs.count
    var best = (error: Double.infinity, mixture: NetworkMixture(equal: count))
    func consider(_ candidate: NetworkMixture) -> Bool {
      let means = candidate.combine(outputs).means
      var sum = 0.0
      for i in targets.indices {
        let gap = means[i] - targets[i]
        switch censoring[i] {
        case .none: sum += abs(gap)
        case .left: sum += max(0, gap)
        case .right: sum += max(0, -gap)
        }
      }
      guard sum < best.error - 1e-12 else { return false }
      best = (sum, candidate)
      return true
    }
    for trust in [0, 0.5, 1, 1.5, 2] {
      var shares = [Double](repeating: 1 / Double(max(1, count)), count: count)
      _ = consider(NetworkMixture(shares: shares, trust: trust))
      // From equal shares, moved between pairs while that helps.
      for step in [0.2, 0.1, 0.05, 0.025] {
        var moved = true
        while moved {
          moved = false
          for a in 0..<count {
            for b in 0..<count where a != b && shares[a] >= step - 1e-12 {
              var next = shares
              next[a] = max(0, next[a] - step)
              next[b] += step
              if consider(NetworkMixture(shares: next, trust: trust)) {
                shares = next
                moved = true
              }
            }
          }
        }
      }
    }
    self = best.mixture
  }

  package func combine(_ outputs: [NetworkMember.Output]) -> NetworkMember.Output {
    let rows = outputs.first?.means.count ?? 0
    var result = NetworkMember.Output(means: [], scales: [])
    result.means.reserveCapacity(rows)
    result.scales.reserveCapacity(rows)
    var weights = shares
    for i in 0..<rows {
      let total = weigh(outputs, row: i, into: &weights)
      var mean = 0.0
      for (m, output) in outputs.enumerated() { mean += weights[m] / total * output.means[i] }
      // 2·s² is the variance of a Laplace distribution.
      var variance = 0.0
      for (m, output) in outputs.enumerated() {
        let gap = output.means[i] - mean
        variance += weights[m] / total * (output.scales[i] * output.scales[i] + gap * gap / 2)
      }
      result.means.append(mean)
      result.scales.append(variance.squareRoot())
    }
    return result
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
