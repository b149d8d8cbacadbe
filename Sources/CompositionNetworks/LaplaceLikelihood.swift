import Foundation

/// The Laplace distribution with a predicted scale: absolute error, weighted by what the model expects of it.
///
/// Its tails forgive the few rows that carry most of the error. −ln p = |y − μ|/s + ln 2s.
package enum LaplaceLikelihood {
  /// Bounds of ln s for standardised targets: no row counts more than e⁶ times another.
  package static let logScaleRange: ClosedRange<Float> = -6...3

  /// −ln p and its derivatives with respect to μ and ln s.
  ///
  /// - Parameter side: 0 for a value; −1 where the value lies at or below `y`, 1 where it lies at or above:
  ///   then the probability of that.
  @inline(__always)
  package static func loss(y: Float, side: Int8, mean: Float, logScale: Float) -> (loss: Float, dMean: Float, dLogScale: Float) {
    let l = min(max(logScale, logScaleRange.lowerBound), logScaleRange.upperBound)
    // Beyond the bounds only a pull back counts.
    func held(_ d: Float) -> Float {
      (logScale < logScaleRange.lowerBound && d > 0) || (logScale > logScaleRange.upperBound && d < 0) ? 0 : d
    }
    let inverse = Foundation.exp(-l)
    if side == 0 {
      let z = (y - mean) * inverse
      return (abs(z) + l + 0.693_147_18, z > 0 ? -inverse : z < 0 ? inverse : 0, held(1 - abs(z)))
    }
    // −ln F(z) of the standard Laplace distribution, with z turned so that less is worse.
    let sign: Float = side < 0 ? 1 : -1
    let z = sign * (y - mean) * inverse
    if z < 0 { return (0.693_147_18 - z, sign * inverse, held(z)) }
    let tail = 0.5 * Foundation.exp(-z)
    let slope = -tail / (1 - tail)
    return (-Foundation.log(1 - tail), -sign * inverse * slope, held(-z * slope))
  }
}
