import LinearAlgebra

/// A model that can say cheaply, with a proven tolerance, what its means will be, and whose
/// deviations are bounded beforehand.
///
/// A search for the best of many rows can then leave most of them after the first stage: whatever
/// grows with the mean and is monotone in the deviation is bounded by its values at the ends of the
/// two intervals.
public protocol StagedRegressor: FittedRegressor {
  /// Makes what the first stage needs once; nil where this model has none.
  func firstStage() -> FirstStage?
}

/// Approximate means of rows, and bounds of their deviations.
public struct FirstStage: Sendable {
  /// Writes for each row the mean and how far it can be from that of `predict`.
  ///
  /// Rows are m × d; they are not checked, so a NaN gives NaN.
  public var means:
    @Sendable (_ rows: Matrix, _ mean: UnsafeMutableBufferPointer<Double>, _ tolerance: UnsafeMutableBufferPointer<Double>) -> Void

  /// Bounds of the deviations that `predict` returns, for any row.
  public var deviations: ClosedRange<Double>

  /// Floating-point operations of matrix products for a row in this stage, and of products and
  /// triangular solves for a row of `predict`.
  public let operations: Double
  public let exactOperations: Double

  public init(
    deviations: ClosedRange<Double>, operations: Double, exactOperations: Double,
    means: @escaping @Sendable (Matrix, UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    self.deviations = deviations
    self.operations = operations
    self.exactOperations = exactOperations
    self.means = means
  }
}

extension CalibratedModel: StagedRegressor where Base: StagedRegressor {
  /// Calibration leaves means alone, grows with the deviation, and leans on means within known ends.
  public func firstStage() -> FirstStage? {
    guard var stage = base.firstStage() else { return nil }
    if let calibration {
      let (least, most) = (stage.deviations.lowerBound, stage.deviations.upperBound)
      stage.deviations =
        calibration.standardDeviations(least * least...most * most)
    }
    return stage
  }
}
