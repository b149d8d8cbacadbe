import Foundation
import Regression

/// How satisfactory a value is, from 0 (useless) to 1 (all that was wished for).
///
/// Rises from `floor` to `goal` as ((y − floor)/(goal − floor))^exponent; with a goal below the floor
/// it rises downwards. Several are joined by their weighted geometric mean, so that one useless
/// property makes a useless material (Derringer and Suich, 1980).
public struct Desirability: Sendable, Equatable, Codable {
  public let floor: Double
  public let goal: Double
  public let exponent: Double
  public let weight: Double

  /// - Returns: nil unless floor and goal differ and exponent and weight are positive.
  public init?(floor: Double, goal: Double, exponent: Double = 1, weight: Double = 1) {
    guard floor.isFinite, goal.isFinite, floor != goal, exponent > 0, weight > 0 else { return nil }
    self.floor = floor
    self.goal = goal
    self.exponent = exponent
    self.weight = weight
  }

  public func value(_ y: Double) -> Double {
    pow(min(1, max(0, (y - floor) / (goal - floor))), exponent)
  }

  /// E[value(y)] of a normal y; exact for an exponent of 1, else by the trapezium rule. O(1).
  public func expectedValue(mean: Double, standardDeviation: Double) -> Double {
    guard standardDeviation > 0 else { return value(mean) }
    // On the scale where the floor is 0 and the goal 1.
    let m = (mean - floor) / (goal - floor)
    let s = standardDeviation / abs(goal - floor)
    if exponent == 1 {
      let above0 = Acquisition.expectedImprovement(best: 0).value(mean: m, standardDeviation: s)
      let above1 = Acquisition.expectedImprovement(best: 1).value(mean: m, standardDeviation: s)
      return min(1, max(0, above0 - above1))
    }
    let steps = 2000
    var sum = NormalDistribution.cumulative((m - 1) / s)
    for step in 0...steps {
      let y = Double(step) / Double(steps)
      let end = step == 0 || step == steps ? 0.5 : 1
      sum += end * pow(y, exponent) * NormalDistribution.density((y - m) / s) / s / Double(steps)
    }
    return min(1, sum)
  }

  /// The weighted geometric mean of several desirabilities.
  public static func overall(_ parts: [(desirability: Desirability, value: Double)]) -> Double {
    let total = parts.reduce(0) { $0 + $1.desirability.weight }
    guard total > 0 else { return 1 }
    if parts.contains(where: { $0.value <= 0 }) { return 0 }
    return exp(parts.reduce(0) { $0 + $1.desirability.weight * log($1.value) } / total)
  }
}
