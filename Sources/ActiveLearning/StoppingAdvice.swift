import Foundation

/// Whether going on is worth its cost, from joint samples of what is still unmeasured.
public struct StoppingAdvice: Sendable, Equatable, Codable {
  /// E[max over the pool of (f − best)⁺]: what perfect knowledge of the pool would gain.
  public let remainingGain: Double
  /// The expected gain after each further experiment, chosen greedily one after another.
  public let gainCurve: [Double]
  /// The probability that nothing in the pool exceeds the best by more than `tolerance`.
  public let doneProbability: Double
  public let tolerance: Double
  /// How many further experiments are worth their cost; 0 says stop.
  public let worthwhile: Int
  /// What one experiment costs, in units of gain.
  public let costPerExperiment: Double

  public var saysStop: Bool { worthwhile == 0 }

  /// - Parameters:
  ///   - samples: joint samples of the unmeasured candidates.
  ///   - best: the best value so far in each sample.
  ///   - tolerance: by how much the best may be exceeded and the search still count as done, in
  ///     units of the target.
  ///   - costPerExperiment: what gain one experiment has to bring to be worth it.
  ///   - horizon: how many further experiments are looked at.
  /// - Complexity: O(horizon·S·m).
  public init(
    samples: JointSamples, best: [Double], tolerance: Double, costPerExperiment: Double, horizon: Int = 20
  ) {
    let maxima = samples.maxima
    remainingGain =
      zip(maxima, best).reduce(0) { $0 + max(0, $1.0 - $1.1) } / Double(max(1, maxima.count))
    doneProbability =
      Double(zip(maxima, best).count { $0 <= $1 + tolerance }) / Double(max(1, maxima.count))
    var total = 0.0
    gainCurve = GreedyBatch.choose(horizon, from: samples, best: best).map {
      total += $0.gain
      return total
    }
    self.tolerance = tolerance
    self.costPerExperiment = costPerExperiment
    // The stretch with the largest net gain; 0 when none is positive.
    var winner = (count: 0, net: 0.0)
    for (index, gain) in gainCurve.enumerated() {
      let net = gain - Double(index + 1) * costPerExperiment
      if net > winner.net { winner = (index + 1, net) }
    }
    worthwhile = winner.count
  }
}
