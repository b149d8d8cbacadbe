import Foundation
import Regression

/// How much a candidate is worth measuring, from its predicted mean and deviation.
///
/// Larger is better. To minimise a property, negate its means first.
public enum Acquisition: Sendable, Equatable {
  /// The mean alone: exploit.
  case mean
  /// mean + β·σ: optimistic for β > 0, cautious for β < 0.
  ///
  /// Srinivas, Krause, Kakade and Seeger, ICML 2010, arXiv 0912.3995.
  case confidenceBound(beta: Double)
  /// E[max(f − best, 0)], in units of the target.
  ///
  /// Jones, Schonlau and Welch, J. Global Optim. 13 (1998), doi 10.1023/A:1008306431147.
  case expectedImprovement(best: Double)
  /// The logarithm of the expected improvement, finite where the improvement itself underflows.
  ///
  /// Ament, Daulton, Eriksson, Balandat and Bakshy, NeurIPS 2023, arXiv 2310.20708.
  case logExpectedImprovement(best: Double)
  /// P(f > threshold).
  case probability(above: Double)

  /// The value for one candidate. A deviation of 0 is a certain prediction. O(1).
  public func value(mean: Double, standardDeviation: Double) -> Double {
    precondition(standardDeviation >= 0, "a deviation is not negative")
    switch self {
    case .mean: return mean
    case .confidenceBound(let beta): return mean + beta * standardDeviation
    case .expectedImprovement(let best):
      guard standardDeviation > 0 else { return max(0, mean - best) }
      return exp(Self.logImprovement((mean - best) / standardDeviation)) * standardDeviation
    case .logExpectedImprovement(let best):
      guard standardDeviation > 0 else { return mean > best ? log(mean - best) : -.infinity }
      return Self.logImprovement((mean - best) / standardDeviation) + log(standardDeviation)
    case .probability(let threshold):
      guard standardDeviation > 0 else { return mean > threshold ? 1 : 0 }
      return NormalDistribution.cumulative((mean - threshold) / standardDeviation)
    }
  }

  /// log(φ(z) + z·Φ(z)), the log expected improvement of a standard normal over −z.
  ///
  /// Below −1 the two terms cancel, so there it is taken as
  /// log φ(z) + log(1 + z·Φ(z)/φ(z)), and below −100, where Φ/φ is close to −1/z + 1/z³ − 3/z⁵,
  /// as log φ(z) − 2·log|z| + log(1 − 3/z²).
  static func logImprovement(_ z: Double) -> Double {
    if z > -1 { return log(NormalDistribution.density(z) + z * NormalDistribution.cumulative(z)) }
    let logDensity = NormalDistribution.logDensity(z)
    if z < -100 { return logDensity - 2 * log(-z) + log1p(-3 / (z * z)) }
    let ratio = exp(NormalDistribution.logCumulative(z) - logDensity)
    return logDensity + log1p(z * ratio)
  }
}
