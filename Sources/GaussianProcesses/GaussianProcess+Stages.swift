import LinearAlgebra
import Regression

extension GaussianProcess: StagedRegressor {
  /// Means without deviations: O(m·n·d), without the O(m·n²) of the variances.
  public func approximateMeans(_ features: Matrix) throws(PredictionError) -> [Double] {
    try check(features)
    var means: [Double] = []
    var start = 0
    while start < features.rows {
      let block = features.selectingRows(start..<min(start + Self.blockSize, features.rows))
      means += kernel.matrix(x, standardized(block)).multiplied(by: weights, transposingSelf: true).map {
        targetMean + targetSpread * $0
      }
      start += block.rows
    }
    return means
  }

  /// Rounding alone separates the two ways to a mean.
  public var meanTolerance: Double { 1e-9 * (targetSpread + abs(targetMean)) }

  /// From noise alone, at a row that is known, to noise and the whole prior variance.
  public var deviationRange: ClosedRange<Double> {
    let least = targetSpread * noiseVariance.squareRoot()
    let most = targetSpread * (kernel.variance + noiseVariance).squareRoot()
    return least * (1 - 1e-9)...most * (1 + 1e-9)
  }
}
