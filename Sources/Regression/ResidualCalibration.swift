import Foundation
import ModelFiles

/// Turns a model's own measure of doubt into honest standard deviations and intervals.
///
/// The predictive variance is κ·(ρ·s²/s̄² + 1 − ρ)·exp(β·t), s² the model's local variance, s̄² its mean and t the
/// predicted mean in units of its spread, kept within the means that were seen: ρ, how far the model's doubt
/// is believed, β, how errors grow or shrink with the prediction, and κ maximise the normal likelihood of errors on
/// rows the model had not seen, β under a weak pull to 0. (Poor conductors are predicted worse than good ones, and
/// a local variance alone does not say so.) Those errors, standardised, are the shape of the intervals, so
/// these hold their level whatever the distribution (split conformal prediction with normalised
/// scores; Lei et al. 2018, doi 10.1080/01621459.2017.1307116).
public struct ResidualCalibration: Sendable, Equatable {
  /// σ² = (slope·s² + floor)·exp(tilt·mean), the mean kept within `meanRange` and taken from its middle.
  public let slope: Double
  public let floor: Double
  /// Per unit of the target; 0 where errors are too few to say.
  public let tilt: Double
  public let meanRange: ClosedRange<Double>
  /// Errors in units of σ, ascending; at most 1,000 of them, evenly through their ranks.
  public let standardizedErrors: [Double]

  /// - Parameters:
  ///   - targets: n of them; for a censored row, the bound. It counts only where the prediction
  ///     lies on the wrong side of it, as an error of that distance.
  ///   - censoring: one for each target.
  ///   - means: predictions by models that had not seen the row or its group.
  ///   - variances: those models' local variances.
  ///   - smallest: a lower limit for σ, above 0.
  public init(
    targets: [Double], censoring: [Censoring], means: [Double], variances: [Double],
    smallest: Double
  ) {
    var errors: [Double] = []
    var local: [Double] = []
    var predicted: [Double] = []
    for i in targets.indices {
      let error = targets[i] - means[i]
      switch censoring[i] {
      case .left where error >= 0, .right where error <= 0: continue
      default:
        errors.append(error)
        local.append(variances[i])
        predicted.append(means[i])
      }
    }
    let n = Double(errors.count)
    let average = errors.isEmpty ? 0 : local.reduce(0, +) / n
    let spread = predicted.isEmpty ? 0 : Standardizer.moments(of: predicted).deviation
    meanRange = (predicted.min() ?? 0)...(predicted.max() ?? 0)
    let middle = 0.5 * (meanRange.lowerBound + meanRange.upperBound)
    // Two thousand errors, evenly through the rows, fix three numbers.
    let stride = max(1, errors.count / 2000)
    let sample = errors.indices.filter { $0 % stride == 0 }
    let m = Double(sample.count)
    let tilts = sample.count >= Self.leastTiltErrors && spread > 0 ? 30 : 0
    var best = (cost: Double.infinity, rho: 0.0, tilt: 0.0)
    // ρ = 1 would trust a local variance of zero.
    for step in 0...(average > 0 ? 19 : 0) where !errors.isEmpty {
      let rho = Double(step) / 20
      let relative = sample.map { average > 0 ? rho * local[$0] / average + 1 - rho : 1 }
      let logs = relative.reduce(0) { $0 + log($1) }
      let scaled = zip(sample, relative).map { errors[$0] * errors[$0] / $1 }
      for tiltStep in -tilts...tilts {
        let beta = Double(tiltStep) / 20
        let tilt = spread > 0 ? beta / spread : 0
        var scale = 0.0
        var lean = 0.0
        for (k, i) in sample.enumerated() {
          let t = tilt * (predicted[i] - middle)
          scale += scaled[k] * exp(-t)
          lean += t
        }
        scale = max(scale / m, smallest * smallest)
        let cost = m * log(scale) + logs + lean + Self.tiltPenalty * beta * beta
        if cost < best.cost { best = (cost, rho, tilt) }
      }
    }
    tilt = best.tilt
    var scale = 0.0
    for i in errors.indices {
      let relative = average > 0 ? best.rho * local[i] / average + 1 - best.rho : 1
      scale += errors[i] * errors[i] / relative * exp(-best.tilt * (predicted[i] - middle))
    }
    scale = errors.isEmpty ? smallest * smallest : max(scale / n, smallest * smallest)
    slope = average > 0 ? scale * best.rho / average : 0
    floor = scale * (1 - best.rho)
    var standardized: [Double] = []
    for i in errors.indices {
      let variance = (slope * local[i] + floor) * exp(tilt * (predicted[i] - middle))
      standardized.append(errors[i] / variance.squareRoot())
    }
    standardizedErrors = Self.thinned(standardized.sorted())
  }

  /// Fewer errors cannot say whether they depend on the prediction.
  static let leastTiltErrors = 40
  /// Twice the negative log density of a normal prior on β of deviation ½.
  static let tiltPenalty = 4.0

  /// The standard deviation of a new measurement where the model predicts `mean` with the local variance `variance`.
  public func standardDeviation(_ variance: Double, mean: Double) -> Double {
    let middle = 0.5 * (meanRange.lowerBound + meanRange.upperBound)
    let kept = min(max(mean, meanRange.lowerBound), meanRange.upperBound)
    return ((slope * variance + floor) * exp(tilt * (kept - middle))).squareRoot()
  }

  /// The bounds of `standardDeviation` for local variances and means within ranges.
  public func standardDeviations(_ variances: ClosedRange<Double>, means: ClosedRange<Double>) -> ClosedRange<Double> {
    // Monotone in the variance and, one way or the other, in the mean.
    let ends = [means.lowerBound, means.upperBound]
    let low = ends.map { standardDeviation(variances.lowerBound, mean: $0) }.min() ?? 0
    let high = ends.map { standardDeviation(variances.upperBound, mean: $0) }.max() ?? 0
    return low...max(low, high)
  }

  /// The shape of intervals: empirical from `leastErrors` on.
  public var shape: Prediction.Shape {
    standardizedErrors.count < Self.leastErrors ? .gaussian : .empirical(standardizedErrors)
  }

  /// Fewer do not show the tails of a 90% interval.
  package static let leastErrors = 20

  /// At most 1,000 of them, evenly through their ranks.
  package static func thinned(_ sorted: [Double]) -> [Double] {
    let limit = 1000
    guard sorted.count > limit else { return sorted }
    return (0..<limit).map { sorted[(2 * $0 + 1) * sorted.count / (2 * limit)] }
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("variance_slope", [slope])
    archive.set("variance_floor", [floor])
    archive.set("variance_tilt", [tilt, meanRange.lowerBound, meanRange.upperBound])
    archive.set("standardized_errors", standardizedErrors)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    slope = try archive.double("variance_slope")
    floor = try archive.double("variance_floor")
    // Files of format 1 know of no tilt.
    let lean = archive.tensors["variance_tilt"] == nil ? [0, 0, 0] : try archive.finiteDoubles("variance_tilt", shape: [3])
    guard lean[1] <= lean[2] else { throw .invalid("variance_tilt", reason: "is not a range of means") }
    tilt = lean[0]
    meanRange = lean[1]...lean[2]
    standardizedErrors = try archive.finiteDoubles("standardized_errors")
    guard slope >= 0, floor > 0, slope.isFinite, floor.isFinite else {
      throw .invalid("variance_floor", reason: "is not a positive variance")
    }
    guard zip(standardizedErrors, standardizedErrors.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw .invalid("standardized_errors", reason: "is not in ascending order")
    }
  }
}
