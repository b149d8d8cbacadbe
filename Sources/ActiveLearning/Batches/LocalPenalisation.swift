import Foundation
import Regression

/// Keeps a batch apart by damping the acquisition around what is already chosen.
///
/// A chosen xⱼ with prediction (μⱼ, σⱼ) excludes the maximum M from a ball around it if the function
/// changes no faster than L; a candidate at distance d lies outside with probability
/// Φ((L·d − M + μⱼ)/σⱼ). The acquisition is multiplied by that for every chosen point (González, Dai,
/// Hennig and Lawrence, "Batch Bayesian optimization via local penalization", AISTATS 2016).
public struct LocalPenalisation: Sendable, Equatable {
  /// The largest slope of the function, per unit of distance.
  public var slope: Double
  /// The largest value it is expected to reach.
  public var maximum: Double

  public init(slope: Double, maximum: Double) {
    self.slope = slope
    self.maximum = maximum
  }

  /// The logarithm of one penalty factor.
  public func logFactor(distance: Double, mean: Double, standardDeviation: Double) -> Double {
    let reach = slope * distance - maximum + mean
    guard standardDeviation > 0 else { return reach >= 0 ? 0 : -.infinity }
    return NormalDistribution.logCumulative(reach / standardDeviation)
  }

  /// Chooses by log acquisition plus log penalties, one after another.
  ///
  /// - Parameters:
  ///   - count: the size of the batch; fewer where no candidate is left that may join.
  ///   - logValues: log acquisition of every candidate.
  ///   - means: predictions, one for each.
  ///   - deviations: theirs.
  ///   - pending: candidates whose results are awaited; they penalise as chosen ones do.
  ///   - distance: between two candidates, by position.
  ///   - isAllowed: whether a candidate may join those chosen so far, without pending ones.
  /// - Complexity: O(m·(count + pending)).
  public func choose(
    _ count: Int, logValues: [Double], means: [Double], deviations: [Double], pending: [Int] = [],
    distance: (Int, Int) -> Double, isAllowed: (Int, _ chosen: [Int]) -> Bool = { _, _ in true }
  ) -> [Int] {
    var penalised = logValues
    var isTaken = [Bool](repeating: false, count: logValues.count)
    func take(_ chosen: Int) {
      isTaken[chosen] = true
      for j in penalised.indices where !isTaken[j] {
        penalised[j] += logFactor(
          distance: distance(chosen, j), mean: means[chosen], standardDeviation: deviations[chosen])
      }
    }
    for candidate in pending { take(candidate) }
    var chosen: [Int] = []
    while chosen.count < count {
      var winner: Int?
      for j in penalised.indices where !isTaken[j] && isAllowed(j, chosen) {
        if winner.map({ penalised[j] > penalised[$0] }) ?? true { winner = j }
      }
      guard let winner else { break }
      chosen.append(winner)
      take(winner)
    }
    return chosen
  }
}
