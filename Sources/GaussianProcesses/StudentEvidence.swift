import Foundation
import LinearAlgebra

/// Laplace's approximation for targets with Student-t noise, which shrugs off outliers.
///
/// The mode f̂ is found by reweighting, each step of which raises the posterior; the curvature is the
/// Fisher information W = (ν + 1)/((ν + 3)σ²), the same for every row and positive where the true one may
/// be negative. Then log Z = log p(y | f̂) − ½·f̂ᵀK⁻¹f̂ − ½·log|I + W·K|, whose derivative by the
/// hyperparameters of the kernel and by log σ² is explicit, as f̂ is stationary and W does not depend on it. Source: Hartmann and Vanhatalo,
/// Stat. Comput. 29 (2019), doi 10.1007/s11222-018-9836-0.
public struct StudentEvidence: Sendable {
  /// log Z.
  public let value: Double
  /// By the log hyperparameters of the kernel, then by log σ²; empty unless asked for.
  public let gradient: [Double]
  /// The mode, n values.
  public let mode: [Double]
  /// The targets and variances of normal sites with the same mode and curvature.
  public let siteTargets: [Double]
  public let siteVariances: [Double]

  /// - Parameters:
  ///   - kernel: with the hyperparameters at which the evidence is asked for.
  ///   - scale: σ, of the t distribution.
  ///   - degrees: ν, above 0.
  ///   - x: rows, n × d.
  ///   - residuals: y − m, n values.
  ///   - withGradient: whether to compute the gradient.
  /// - Throws: `CholeskyError` when no jitter of the ladder is enough.
  /// - Complexity: n³/3 for each of some tens of reweightings.
  public init<K: Kernel>(
    _ kernel: K, scale: Double, degrees: Double, at x: Matrix, residuals: [Double], withGradient: Bool
  ) throws(CholeskyError) {
    precondition(scale > 0 && degrees > 0, "a scale and degrees of freedom are positive")
    let n = x.rows
    let covariance = kernel.matrix(x)
    let squared = scale * scale
    var f = [Double](repeating: 0, count: n)
    for _ in 0..<200 {
      // A t is a normal of random precision; its mean given the residual is the weight.
      let noise = (0..<n).map { i in
        let r = residuals[i] - f[i]
        return (degrees * squared + r * r) / (degrees + 1)
      }
      let (factor, _) = try JitterLadder.factor(covariance, noise: noise)
      let next = covariance.multiplied(by: factor.solve(residuals))
      let change = zip(f, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      f = next
      if change < 1e-10 * scale { break }
    }
    mode = f
    let information = (degrees + 1) / ((degrees + 3) * squared)
    var logLikelihood = 0.0
    var slopes = [Double](repeating: 0, count: n)
    let constant =
      lgamma((degrees + 1) / 2) - lgamma(degrees / 2) - 0.5 * log(degrees * Double.pi * squared)
    for i in 0..<n {
      let r = residuals[i] - f[i]
      logLikelihood += constant - (degrees + 1) / 2 * log1p(r * r / (degrees * squared))
      slopes[i] = (degrees + 1) * r / (degrees * squared + r * r)
    }
    siteTargets = (0..<n).map { f[$0] + slopes[$0] / information }
    siteVariances = [Double](repeating: 1 / information, count: n)
    let (factor, _) = try JitterLadder.factor(covariance, noise: siteVariances)
    // At the mode K⁻¹f̂ is the slope of the likelihood, and |I + W·K| = |K + W⁻¹|·Wⁿ.
    value =
      logLikelihood - 0.5 * dot(f, slopes) - 0.5 * factor.logDeterminant - 0.5 * Double(n) * log(information)
    guard withGradient else {
      gradient = []
      return
    }
    let contraction = LogMarginalLikelihood.contraction(inverse: factor.inverse, weights: slopes)
    // ∂W⁻¹/∂log σ² = W⁻¹, and tr C⁻¹ = Σ slopes² − 2·tr(contraction).
    var byScale = 0.5 * Double(n)
    byScale -= 0.5 / information * (dot(slopes, slopes) - 2 * contraction.diagonal.reduce(0, +))
    for i in 0..<n {
      let r = residuals[i] - f[i]
      byScale += (degrees + 1) / 2 * r * r / (degrees * squared + r * r) - 0.5
    }
    gradient = kernel.gradient(weights: contraction, at: x, covariance: covariance) + [byScale]
  }
}
