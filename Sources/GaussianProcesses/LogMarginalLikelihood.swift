import Foundation
import LinearAlgebra

/// log p(y | x, θ) of a Gaussian process with Gaussian noise, and its gradient.
///
/// With K the covariance, C = K + σₙ²·I + jitter and α = C⁻¹(y − m):
///     −½(y − m)ᵀα − ½·log|C| − n/2·log 2π,
/// and by θ: ½·tr((ααᵀ − C⁻¹)·∂C/∂θ). Source: Rasmussen and Williams (2006), equations 2.30 and 5.9;
/// algorithm 2.1.
public struct LogMarginalLikelihood: Sendable {
  public let value: Double
  /// By the log hyperparameters of the kernel, then by log σₙ²; empty unless asked for.
  public let gradient: [Double]
  public let factor: Cholesky
  /// α, n values.
  public let weights: [Double]
  /// What was added to the diagonal so that it could be factored; 0 as a rule.
  public let jitter: Double

  /// Relative to the mean of the diagonal, the steps that are tried in turn.
  static let jitterLadder = [0, 1e-10, 1e-8, 1e-6, 1e-4]

  /// - Parameters:
  ///   - residuals: y − m, n values.
  ///   - noiseVariance: σₙ².
  /// - Throws: `CholeskyError` when the last step of the ladder is not enough.
  /// - Complexity: n³/3 operations, and n³ more with the gradient.
  public init<K: Kernel>(
    _ kernel: K, noiseVariance: Double, at x: Matrix, residuals: [Double], withGradient: Bool
  ) throws(CholeskyError) {
    let n = x.rows
    precondition(residuals.count == n, "\(residuals.count) residuals for \(n) rows")
    let covariance = kernel.matrix(x, x)
    let scale = covariance.diagonal.reduce(noiseVariance * Double(n), +) / Double(max(1, n))
    var chosen: (factor: Cholesky, jitter: Double)?
    for step in Self.jitterLadder {
      var noisy = covariance
      for i in 0..<n { noisy[i, i] += noiseVariance + step * scale }
      do {
        chosen = (try Cholesky(of: noisy), step * scale)
        break
      } catch {
        if step == Self.jitterLadder.last { throw error }
      }
    }
    guard let (factor, jitter) = chosen else { throw .notPositiveDefinite(pivot: 0) }
    let alpha = factor.solve(residuals)
    self.factor = factor
    self.jitter = jitter
    weights = alpha
    value = -0.5 * dot(residuals, alpha) - 0.5 * factor.logDeterminant - 0.5 * Double(n) * log(2 * .pi)
    guard withGradient else {
      gradient = []
      return
    }
    var contraction = factor.inverse
    contraction.elements.withUnsafeMutableBufferPointer { w in
      for i in 0..<n {
        for j in 0..<n { w[i * n + j] = 0.5 * (alpha[i] * alpha[j] - w[i * n + j]) }
      }
    }
    let byNoise = noiseVariance * contraction.diagonal.reduce(0, +)
    gradient = kernel.gradient(weights: contraction, at: x, covariance: covariance) + [byNoise]
  }
}
