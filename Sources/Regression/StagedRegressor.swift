import LinearAlgebra

/// A model that can say cheaply, with a proven tolerance, what its means will be, and bounds of its
/// deviations.
///
/// A search for the best of many rows can then leave most of them after the first stage: whatever
/// grows with the mean and is monotone in the deviation is bounded by its values at the ends of the
/// two intervals.
public protocol StagedRegressor: FittedRegressor {
  /// Makes what the first stage needs once; nil where this model has none.
  ///
  /// - Parameter boundingDeviations: whether narrow bounds of deviations are worth their time; without,
  ///   they are the same for all rows.
  func firstStage(boundingDeviations: Bool) -> FirstStage?
}

/// Approximate means of rows, and bounds of their deviations.
public struct FirstStage: Sendable {
  /// Where results go, one number for each row.
  public struct Output {
    public let mean: UnsafeMutableBufferPointer<Double>
    /// How far a mean can be from that of `predict`.
    public let tolerance: UnsafeMutableBufferPointer<Double>
    /// Bounds of the deviation that `predict` returns.
    public let least: UnsafeMutableBufferPointer<Double>
    public let most: UnsafeMutableBufferPointer<Double>
  }

  /// Bounds of the deviations that `predict` returns, for any row.
  public var deviations: ClosedRange<Double>

  /// Floating-point operations of matrix products for a row in this stage, and of products and
  /// triangular solves for a row of `predict`.
  public let operations: Double
  public let exactOperations: Double

  private var estimate: @Sendable (Matrix, Output) -> Void

  public init(
    deviations: ClosedRange<Double>, operations: Double, exactOperations: Double,
    estimate: @escaping @Sendable (Matrix, Output) -> Void
  ) {
    self.deviations = deviations
    self.operations = operations
    self.exactOperations = exactOperations
    self.estimate = estimate
  }

  /// Calls `body` with estimates of all rows, which live until it returns. Rows, m × d, are not
  /// checked: a NaN gives NaN.
  public func withEstimates<R>(of rows: Matrix, _ body: (Output) -> R) -> R {
    let m = rows.rows
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * m) { memory in
      func part(_ k: Int) -> UnsafeMutableBufferPointer<Double> { .init(rebasing: memory[k * m..<(k + 1) * m]) }
      let output = Output(mean: part(0), tolerance: part(1), least: part(2), most: part(3))
      estimate(rows, output)
      return body(output)
    }
  }

  /// The stage of a model whose deviations are bounded by those of this one and what is known of the mean.
  func mappingDeviations(
    _ bounds: @escaping @Sendable (_ deviations: ClosedRange<Double>, _ means: ClosedRange<Double>) -> ClosedRange<Double>
  ) -> FirstStage {
    var result = self
    result.deviations = bounds(deviations, -.infinity ... .infinity)
    result.estimate = { [estimate] rows, out in
      estimate(rows, out)
      for i in out.least.indices where out.least[i] <= out.most[i] && out.tolerance[i] >= 0 {
        let (mean, tolerance) = (out.mean[i], out.tolerance[i])
        guard mean.isFinite else { continue }
        let mapped = bounds(out.least[i]...out.most[i], mean - tolerance...mean + tolerance)
        (out.least[i], out.most[i]) = (mapped.lowerBound, mapped.upperBound)
      }
    }
    return result
  }
}

extension CalibratedModel: StagedRegressor where Base: StagedRegressor {
  /// Calibration leaves means alone and grows with the deviation; how it leans on the mean is bounded by what is
  /// known of each.
  public func firstStage(boundingDeviations: Bool) -> FirstStage? {
    guard let stage = base.firstStage(boundingDeviations: boundingDeviations) else { return nil }
    guard let calibration else { return stage }
    return stage.mappingDeviations { deviations, means in
      calibration.standardDeviations(
        deviations.lowerBound * deviations.lowerBound...deviations.upperBound * deviations.upperBound, means: means)
    }
  }
}
