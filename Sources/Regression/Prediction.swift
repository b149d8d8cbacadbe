/// Predictive distributions of new measurements, one for each row.
public struct Prediction: Sendable, Equatable {
  /// Expected value of each row, in units of the target.
  public var mean: [Double]
  /// Standard deviation of a new measurement at each row: what the model does not know, and noise.
  public var standardDeviation: [Double]
  /// How deviations from the mean, in units of the standard deviation, are distributed.
  public var shape: Shape
  /// Quantiles of each row, for models that have more than one shape for all; intervals and probabilities then
  /// come from them.
  public var quantiles: RowQuantiles?

  public enum Shape: Sendable, Equatable {
    case gaussian
    /// Standardised residuals of rows the model had not seen, ascending: conformal intervals.
    case empirical([Double])
  }

  public init(mean: [Double], standardDeviation: [Double], shape: Shape = .gaussian, quantiles: RowQuantiles? = nil) {
    precondition(mean.count == standardDeviation.count, "a deviation for each mean")
    precondition(quantiles.map { $0.count == mean.count } ?? true, "quantiles for each mean")
    self.quantiles = quantiles
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.shape = shape
  }

  public var count: Int { mean.count }

  /// The central interval that holds a new measurement with probability `level`, for each row; where quantiles are known
  /// that of `RowQuantiles.interval(_:)`.
  ///
  /// - Parameter level: in (0, 1).
  public func interval(_ level: Double) -> (lower: [Double], upper: [Double]) {
    precondition(level > 0 && level < 1, "an interval level lies between 0 and 1")
    if let quantiles { return quantiles.interval(level) }
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

extension Prediction.Shape {
  /// The probability of a deviation of at most z standard deviations.
  ///
  /// Between the residuals of unseen rows it is linear through their ranks k/(n + 1); beyond them it falls off as a
  /// normal tail does.
  public func cumulative(_ z: Double) -> Double {
    guard case .empirical(let sorted) = self, let first = sorted.first, let last = sorted.last else {
      return NormalDistribution.cumulative(z)
    }
    let edge = 1 / Double(sorted.count + 1)
    if z < first { return edge * Self.tailRatio(-z, from: -first) }
    if z > last { return 1 - edge * Self.tailRatio(z, from: last) }
    // The last residual that is not above z.
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= z { low = middle + 1 } else { high = middle }
    }
    guard low < sorted.count else { return 1 - edge }
    let step = sorted[low] - sorted[low - 1]
    return edge * (Double(low) + (step > 0 ? (z - sorted[low - 1]) / step : 0))
  }

  /// The normal probability beyond x as a share of that beyond `edge`, x ≥ edge.
  private static func tailRatio(_ x: Double, from edge: Double) -> Double {
    let whole = NormalDistribution.cumulative(-edge)
    return whole > 0 ? NormalDistribution.cumulative(-x) / whole : 0
  }
}

extension Prediction {
  /// For each row, the probability that a new measurement lies at or below `threshold`.
  public func probabilities(below threshold: Double) -> [Double] {
    if let quantiles { return quantiles.probabilities(below: threshold) }
    return mean.indices.map { shape.cumulative((threshold - mean[$0]) / standardDeviation[$0]) }
  }
}
