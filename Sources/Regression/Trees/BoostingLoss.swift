import Foundation

/// What gradient boosting minimises, summed over rows.
///
/// A censored row adds nothing while the prediction lies on the side of its bound where the value
/// is known to be, and counts as measured at the bound otherwise.
public enum BoostingLoss: Sendable, Hashable, Codable {
  /// ½·error²: predicts the mean.
  case squared
  /// |error|: predicts the median.
  case absolute
  /// ½·error² up to |error| = delta, linear beyond; delta in units of the target.
  case huber(delta: Double)
  /// The pinball loss: predicts the quantile of this probability, in (0, 1).
  case quantile(Double)
  /// Minus the log probability of labels 0 and 1: predicts the log odds of 1. Its curvature is at most ¼, so pulls
  /// are four times the slope.
  case logistic

  func check() throws(FitError) {
    switch self {
    case .huber(let delta) where !(delta > 0 && delta.isFinite):
      throw .invalidSetting("the delta of a Huber loss is a number above 0, not \(delta)")
    case .quantile(let p) where !(p > 0 && p < 1):
      throw .invalidSetting("the probability of a quantile loss lies between 0 and 1, not at \(p)")
    default: break
    }
  }

  /// Minus the derivative of the loss by the prediction; every loss is treated as of curvature 1.
  @inline(__always)
  func pull(target: Double, censoring: Censoring, prediction: Double) -> Double {
    let error = target - prediction
    if censoring != .none, Self.agrees(error, censoring) { return 0 }
    return switch self {
    case .squared: error
    case .absolute: error > 0 ? 1 : error < 0 ? -1 : 0
    case .huber(let delta): min(max(error, -delta), delta)
    case .quantile(let p): error > 0 ? p : p - 1
    case .logistic: 4 * (target - Self.probability(logOdds: prediction))
    }
  }

  func value(target: Double, censoring: Censoring, prediction: Double) -> Double {
    let error = target - prediction
    if censoring != .none, Self.agrees(error, censoring) { return 0 }
    return switch self {
    case .squared: 0.5 * error * error
    case .absolute: abs(error)
    case .huber(let delta):
      abs(error) <= delta ? 0.5 * error * error : delta * (abs(error) - 0.5 * delta)
    case .quantile(let p): error > 0 ? p * error : (p - 1) * error
    // log(1 + e^f) − y·f, without overflow.
    case .logistic: max(prediction, 0) + log1p(exp(-abs(prediction))) - target * prediction
    }
  }

  /// Whether target − prediction leaves a bound respected.
  @inline(__always)
  static func agrees(_ error: Double, _ censoring: Censoring) -> Bool {
    switch censoring {
    case .none: false
    case .left: error >= 0
    case .right: error <= 0
    }
  }

  /// The probability of the quantile that a leaf of piecewise linear loss takes; nil where the
  /// leaf takes the mean pull.
  var leafQuantile: Double? {
    switch self {
    case .squared, .huber, .logistic: nil
    case .absolute: 0.5
    case .quantile(let p): p
    }
  }

  /// The best constant prediction.
  func start(_ targets: [Double]) -> Double {
    switch self {
    case .squared: targets.reduce(0, +) / Double(targets.count)
    case .absolute, .huber: Self.quantile(targets.sorted(), 0.5)
    case .quantile(let p): Self.quantile(targets.sorted(), p)
    case .logistic:
      // Half a row of each label keeps the odds finite where one is missing.
      log((targets.reduce(0, +) + 0.5) / (Double(targets.count) - targets.reduce(0, +) + 0.5))
    }
  }

  static func probability(logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  /// The quantile of ascending numbers, linear between ranks.
  static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let position = p * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
  }
}
