import Foundation
import Regression

/// A bound that an uncertain quantity has to meet.
public struct OutcomeConstraint: Sendable, Equatable {
  public var lower: Double
  public var upper: Double

  /// Either bound may be infinite.
  public init(lower: Double = -.infinity, upper: Double = .infinity) {
    self.lower = lower
    self.upper = upper
  }

  /// log P(lower ≤ g ≤ upper) for a normal g, finite wherever it is possible at all. A deviation of 0
  /// is a certain value.
  public func logProbability(mean: Double, standardDeviation: Double) -> Double {
    guard standardDeviation > 0 else { return mean >= lower && mean <= upper ? 0 : -.infinity }
    let a = (lower - mean) / standardDeviation
    let b = (upper - mean) / standardDeviation
    if b == .infinity { return a == -.infinity ? 0 : NormalDistribution.logCumulative(-a) }
    if a == -.infinity { return NormalDistribution.logCumulative(b) }
    guard b > a else { return -.infinity }
    // log(Φ(b) − Φ(a)) in the tail where both are small.
    let (small, large) = a > 0 ? (-b, -a) : (a, b)
    let logLarge = NormalDistribution.logCumulative(large)
    return logLarge + log1p(-exp(min(NormalDistribution.logCumulative(small) - logLarge, -1e-300)))
  }
}

/// Improvement that counts only where constraints are met, at a price.
///
/// E[(f − best)⁺·1(all constraints met)/cᵃ]; for independent predictions the logarithm is
/// log EI + Σ log P(met) − a·log c (Ament et al., NeurIPS 2023, arXiv 2310.20708, for its stable form).
public struct ConstrainedImprovement: Sendable, Equatable {
  /// The best feasible value so far; nil when none is known, and then only feasibility counts.
  public var best: Double?
  /// How strongly cost counts: 0 not at all, 1 for gain per unit of cost. Falls from 1 to 0 in
  /// cost-cooled search as the budget is used up.
  public var costExponent: Double

  public init(best: Double?, costExponent: Double = 0) {
    self.best = best
    self.costExponent = costExponent
  }

  /// The logarithm of the expected improvement that counts, for a normal prediction.
  ///
  /// - Parameters:
  ///   - mean: of the objective; larger is better.
  ///   - standardDeviation: of the objective, in the same units.
  ///   - logFeasibilities: log probabilities of meeting each constraint.
  ///   - logCost: mean of the natural logarithm of the cost.
  ///   - logCostDeviation: its deviation; E[c⁻ᵃ] of a log-normal cost is exact.
  public func logValue(
    mean: Double, standardDeviation: Double, logFeasibilities: [Double] = [], logCost: Double = 0,
    logCostDeviation: Double = 0
  ) -> Double {
    var value = logFeasibilities.reduce(0, +)
    if let best {
      value += Acquisition.logExpectedImprovement(best: best).value(
        mean: mean, standardDeviation: standardDeviation)
    }
    value -= costExponent * logCost
    value += 0.5 * costExponent * costExponent * logCostDeviation * logCostDeviation
    return value
  }

  /// The exponent after a share of the budget is spent: 1 at the start, 0 at the end.
  public static func cooledExponent(spent: Double, budget: Double) -> Double {
    guard budget > 0 else { return 0 }
    return min(1, max(0, 1 - spent / budget))
  }
}
