import Foundation
import ModelFiles

/// Turns a model's own measure of doubt into honest standard deviations and intervals.
///
/// The predictive variance is κ·(ρ·s²/s̄² + 1 − ρ), s² the model's local variance and s̄² its mean:
/// ρ, how far the model's doubt is believed, and κ maximise the normal likelihood of errors on
/// rows the model had not seen. Those errors, standardised, are the shape of the intervals, so
/// these hold their level whatever the distribution (split conformal prediction with normalised
/// scores; Lei et al. 2018, doi 10.1080/01621459.2017.1307116).
public struct ResidualCalibration: Sendable, Equatable {
  /// σ² = slope·s² + floor.
  public let slope: Double
  public let floor: Double
  /// Errors in units of σ, ascending; at most 1,000 of them, evenly through their ranks.
  public let standardizedErrors: [Double]

  /// - Parameters:
  ///   - targets: n, with `censoring`. A censored row counts only where the prediction lies on
  ///     the wrong side of its bound, as an error of that distance.
  ///   - means: predictions by models that had not seen the row or its group.
  ///   - variances: those models' local variances.
  ///   - smallest: a lower limit for σ, above 0.
  public init(
    targets: [Double], censoring: [Censoring], means: [Double], variances: [Double],
    smallest: Double
  ) {
    var errors: [Double] = []
    var local: [Double] = []
    for i in targets.indices {
      let error = targets[i] - means[i]
      switch censoring[i] {
      case .left where error >= 0, .right where error <= 0: continue
      default:
        errors.append(error)
        local.append(variances[i])
      }
    }
    let n = Double(errors.count)
    let average = errors.isEmpty ? 0 : local.reduce(0, +) / n
    var best = (cost: Double.infinity, slope: 0.0, floor: smallest * smallest)
    // ρ = 1 would trust a local variance of zero.
    for step in 0...19 where !errors.isEmpty {
      let rho = average > 0 ? Double(step) / 20 : 0
      var scale = 0.0
      var logs = 0.0
      for (error, s) in zip(errors, local) {
        let relative = average > 0 ? rho * s / average + 1 - rho : 1
        scale += error * error / relative
        logs += log(relative)
      }
      scale = max(scale / n, smallest * smallest)
      let cost = n * log(scale) + logs
      if cost < best.cost {
        best = (cost, average > 0 ? scale * rho / average : 0, scale * (1 - rho))
      }
      if average <= 0 { break }
    }
    slope = best.slope
    floor = best.floor
    let sorted = zip(errors, local).map { $0 / (best.slope * $1 + best.floor).squareRoot() }.sorted()
    standardizedErrors = Self.thinned(sorted)
  }

  /// The standard deviation of a new measurement where the model's local variance is `variance`.
  public func standardDeviation(_ variance: Double) -> Double {
    (slope * variance + floor).squareRoot()
  }

  /// The shape of intervals: empirical from 20 errors on, where the tails of 90% begin to show.
  public var shape: Prediction.Shape {
    standardizedErrors.count < 20 ? .gaussian : .empirical(standardizedErrors)
  }

  private static func thinned(_ sorted: [Double]) -> [Double] {
    let limit = 1000
    guard sorted.count > limit else { return sorted }
    return (0..<limit).map { sorted[(2 * $0 + 1) * sorted.count / (2 * limit)] }
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("variance_slope", [slope])
    archive.set("variance_floor", [floor])
    archive.set("standardized_errors", standardizedErrors)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    slope = try archive.double("variance_slope")
    floor = try archive.double("variance_floor")
    standardizedErrors = try archive.finiteDoubles("standardized_errors")
    guard slope >= 0, floor > 0, slope.isFinite, floor.isFinite else {
      throw .invalid("variance_floor", reason: "is not a positive variance")
    }
    guard zip(standardizedErrors, standardizedErrors.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw .invalid("standardized_errors", reason: "is not in ascending order")
    }
  }
}
