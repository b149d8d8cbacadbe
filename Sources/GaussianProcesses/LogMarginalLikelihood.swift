import Foundation
import LinearAlgebra

/// log p(y | x, θ) of a Gaussian process with Gaussian noise, and its gradient.
///
/// With K the covariance, C = K + diag(σₙ² + known noise) + jitter and α = C⁻¹(y − m):
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

  /// - Parameters:
  ///   - kernel: with the hyperparameters θ.
  ///   - noiseVariance: σₙ².
  ///   - knownNoise: further variances, one for each row.
  ///   - x: rows, n × d.
  ///   - residuals: y − m, n values.
  ///   - withGradient: whether to compute the gradient.
  /// - Throws: `CholeskyError` when the last step of the jitter ladder is not enough.
  /// - Complexity: n³/3 operations, and 2n³/3 + O(n²·d) more with the gradient; all threads.
  public init<K: Kernel>(
    _ kernel: K, noiseVariance: Double, knownNoise: [Double]? = nil, at x: Matrix, residuals: [Double],
    withGradient: Bool
  ) throws(CholeskyError) {
    let n = x.rows
    precondition(residuals.count == n, "\(residuals.count) residuals for \(n) rows")
    let covariance = kernel.matrix(x)
    let noise = (0..<n).map { noiseVariance + (knownNoise?[$0] ?? 0) }
    let (factor, jitter) = try JitterLadder.factor(covariance, noise: noise)
    let alpha = factor.solve(residuals)
    self.factor = factor
    self.jitter = jitter
    weights = alpha
    value = -0.5 * dot(residuals, alpha) - 0.5 * factor.logDeterminant - 0.5 * Double(n) * log(2 * .pi)
    guard withGradient else {
      gradient = []
      return
    }
    let contraction = Self.contraction(inverse: factor.inverse, weights: alpha)
    let byNoise = noiseVariance * contraction.diagonal.reduce(0, +)
    gradient = kernel.gradient(weights: contraction, at: x, covariance: covariance) + [byNoise]
  }

  /// ½(ααᵀ − C⁻¹). O(n²).
  static func contraction(inverse: consuming Matrix, weights alpha: [Double]) -> Matrix {
    let n = alpha.count
    inverse.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let w = buffer
      Threads.forEachChunk(of: n, chunkSize: 64, limit: n < 256 ? 1 : Threads.limit) { rows in
        alpha.withUnsafeBufferPointer { alpha in
          for i in rows {
            let half = 0.5 * alpha[i]
            for j in 0..<n { w[i * n + j] = half * alpha[j] - 0.5 * w[i * n + j] }
          }
        }
      }
    }
    return inverse
  }
}

/// Factors a covariance with as little added to its diagonal as it takes.
///
/// Near-duplicate rows make a covariance singular to rounding. The steps below, relative to the mean
/// of the diagonal, are tried in turn; the step taken is reported, never hidden.
public enum JitterLadder {
  public static let steps = [0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4]

  /// Factors `covariance`, n × n, after adding the variances of `noise`, n values, to its diagonal.
  ///
  /// - Returns: the factor, and the jitter that was added, in the units of the covariance.
  /// - Throws: `CholeskyError` when the last step is not enough.
  public static func factor(
    _ covariance: Matrix, noise: [Double]
  ) throws(CholeskyError) -> (factor: Cholesky, jitter: Double) {
    let n = covariance.rows
    var scale = 0.0
    for i in 0..<n { scale += covariance[i, i] }
    scale /= Double(max(1, n))
    var last = CholeskyError.notPositiveDefinite(pivot: 0)
    for step in steps {
      var noisy = covariance
      for i in 0..<n { noisy[i, i] += noise[i] + step * scale }
      do {
        let factor = try Cholesky(of: noisy)
        // A pivot at the level of rounding is a factor in name only.
        let isSound = (0..<n).allSatisfy { i in
          factor.lower[i, i] * factor.lower[i, i] > 1e-14 * (covariance[i, i] + noise[i])
        }
        if isSound || step == steps.last { return (factor, step * scale) }
      } catch {
        last = error
        if case .nonFinite = error { throw error }
      }
    }
    throw last
  }
}
