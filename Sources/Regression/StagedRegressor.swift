import LinearAlgebra

/// A model whose means cost less than its deviations, and whose deviations are bounded beforehand.
///
/// A search for the best of many rows can then leave most of them after the first stage: whatever
/// grows with the mean and is monotone in the deviation is bounded by its values at the two ends of
/// `deviationRange`.
public protocol StagedRegressor: FittedRegressor {
  /// The means that `predict` returns, each to within `meanTolerance`.
  ///
  /// - Parameter features: m × d.
  func approximateMeans(_ features: Matrix) throws(PredictionError) -> [Double]

  /// Largest difference of `approximateMeans` and `predict`, in units of the target.
  var meanTolerance: Double { get }

  /// Bounds of the deviations that `predict` returns, for any row.
  var deviationRange: ClosedRange<Double> { get }
}

extension CalibratedModel: StagedRegressor where Base: StagedRegressor {
  public func approximateMeans(_ features: Matrix) throws(PredictionError) -> [Double] {
    try base.approximateMeans(features)
  }

  public var meanTolerance: Double { base.meanTolerance }

  /// Calibration grows with the deviation.
  public var deviationRange: ClosedRange<Double> {
    let range = base.deviationRange
    guard let calibration else { return range }
    return calibration.standardDeviation(range.lowerBound * range.lowerBound)
      ... calibration.standardDeviation(range.upperBound * range.upperBound)
  }
}
