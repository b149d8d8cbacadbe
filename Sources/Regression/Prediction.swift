/// Predictive distributions of new measurements, one for each row.
public struct Prediction: Sendable, Equatable {
  /// Expected value of each row, in units of the target.
  public var mean: [Double]
  /// Standard deviation of a new measurement at each row: what the model does not know, and noise.
  public var standardDeviation: [Double]
  /// How deviations from the mean, in units of the standard deviation, are distributed.
  public var shape: Shape

  public enum Shape: Sendable, Equatable {
    case gaussian
    /// Standardised residuals of rows the model had not seen, ascending: conformal intervals.
    case empirical([Double])
  }

  public init(mean: [Double], standardDeviation: [Double], shape: Shape = .gaussian) {
    precondition(mean.count == standardDeviation.count, "a deviation for each mean")
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.shape = shape
  }

  public var count: Int { mean.count }

  /// The central interval that holds a new measurement with probability `level`, for each row.
  ///
  /// - Parameter level: in (0, 1).
  public func interval(_ level: Double) -> (lower: [Double], upper: [Double]) {
    precondition(level > 0 && level < 1, "an interval level lies between 0 and 1")
    let (below, above) = shape.centralQuantiles(level)
    var lower = mean
    var upper = mean
    for i in 0..<count {
      lower[i] += below * standardDeviation[i]
      upper[i] += above * standardDeviation[i]
    }
    return (lower, upper)
  }
}

extension Prediction.Shape {
  /// The standardised quantiles that bound the central `level`.
  public func centralQuantiles(_ level: Double) -> (Double, Double) {
    let tail = (1 - level) / 2
    switch self {
    case .gaussian:
      let z = NormalDistribution.quantile(1 - tail)
      return (-z, z)
    case .empirical(let sorted):
      // The rank ⌈(n+1)·p⌉ of split conformal prediction; Lei et al. (2018),
      // doi 10.1080/01621459.2017.1307116. Beyond the last residual, the last one.
      let n = sorted.count
      guard n > 0 else { return Prediction.Shape.gaussian.centralQuantiles(level) }
      let high = min(n - 1, max(0, Int((Double(n + 1) * (1 - tail)).rounded(.up)) - 1))
      return (sorted[n - 1 - high], sorted[high])
    }
  }
}
