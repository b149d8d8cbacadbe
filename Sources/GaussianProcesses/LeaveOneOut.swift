import Foundation
import LinearAlgebra

/// What the process predicts at each training row when that row is left out, without a refit.
///
/// With C⁻¹ at hand: μᵢ = yᵢ − αᵢ/[C⁻¹]ᵢᵢ, σᵢ² = 1/[C⁻¹]ᵢᵢ. Source: Rasmussen and Williams (2006),
/// equations 5.10 to 5.12, after Sundararajan and Keerthi, Neural Comput. 13 (2001),
/// doi 10.1162/08997660151134343.
public struct LeaveOneOut: Sendable {
  /// n means, in the units of the residuals.
  public let mean: [Double]
  /// n variances of a new measurement at the row (with its noise).
  public let variance: [Double]
  /// Σᵢ log p(yᵢ | the others).
  public let logPredictive: Double

  /// Mean negative log predictive density.
  public var negativeLogPredictiveDensity: Double { -logPredictive / Double(max(1, mean.count)) }

  /// - Parameters:
  ///   - targets: y less the mean function, n values.
  ///   - weights: α = C⁻¹y.
  ///   - inverseDiagonal: of C⁻¹.
  public init(targets: [Double], weights: [Double], inverseDiagonal: [Double]) {
    variance = inverseDiagonal.map { 1 / $0 }
    mean = targets.indices.map { targets[$0] - weights[$0] / inverseDiagonal[$0] }
    var sum = 0.0
    for i in targets.indices {
      sum += 0.5 * log(inverseDiagonal[i]) - 0.5 * weights[i] * weights[i] / inverseDiagonal[i] - 0.5 * log(2 * .pi)
    }
    logPredictive = sum
  }

  /// The objective Σᵢ log p(yᵢ | the others) with its gradient by the log hyperparameters of the
  /// kernel, then by log σₙ².
  ///
  /// All derivatives come from one contraction: with c = diag(C⁻¹), g = ½(1/c + α²/c²) and
  /// q = C⁻¹(α/c), the weights of ∂C are ½(α·qᵀ + q·αᵀ) − C⁻¹·diag(g)·C⁻¹.
  /// - Complexity: 3n³ operations; no n × n matrix for any parameter.
  public static func objective<K: Kernel>(
    _ kernel: K, noiseVariance: Double, knownNoise: [Double]? = nil, at x: Matrix, residuals: [Double]
  ) throws(CholeskyError) -> (value: Double, gradient: [Double]) {
    let n = x.rows
    let covariance = kernel.matrix(x)
    let noise = (0..<n).map { noiseVariance + (knownNoise?[$0] ?? 0) }
    let (factor, _) = try JitterLadder.factor(covariance, noise: noise)
    let inverse = factor.inverse
    let alpha = factor.solve(residuals)
    let c = inverse.diagonal
    let value = LeaveOneOut(targets: residuals, weights: alpha, inverseDiagonal: c).logPredictive
    let q = inverse.multiplied(by: alpha.indices.map { alpha[$0] / c[$0] })
    // C⁻¹·diag(√g), whose row Gram matrix is C⁻¹·diag(g)·C⁻¹.
    var rooted = inverse
    for j in 0..<n {
      let root = (0.5 * (1 / c[j] + alpha[j] * alpha[j] / (c[j] * c[j]))).squareRoot()
      for i in 0..<n { rooted[i, j] *= root }
    }
    var weights = rooted.rowGram
    for i in 0..<n {
      for j in 0..<n { weights[i, j] = 0.5 * (alpha[i] * q[j] + q[i] * alpha[j]) - weights[i, j] }
    }
    let byNoise = noiseVariance * weights.diagonal.reduce(0, +)
    return (value, kernel.gradient(weights: weights, at: x, covariance: covariance) + [byNoise])
  }
}
