import Foundation
import LinearAlgebra

extension Posterior {
  /// Draws of the latent function at the rows of z, jointly: samples × m.
  ///
  /// - Throws: `CholeskyError` when the posterior covariance cannot be factored with any jitter.
  /// - Complexity: O(m·n² + m²·n + m³); for many rows use `pathwiseSamples`.
  public func samples(at z: Matrix, count: Int, seed: UInt64 = 0) throws(CholeskyError) -> Matrix {
    let center = mean(at: z)
    let covariance = covariance(at: z)
    let scale = kernel.diagonal(z).reduce(0, +) / Double(max(1, z.rows))
    // A posterior is nearly singular by nature; this much is invisible beside the prior.
    let (root, _) = try JitterLadder.factor(covariance, noise: [Double](repeating: 1e-10 * scale, count: z.rows))
    var generator = SeededGenerator(seed: seed)
    let normals = Matrix(
      rows: count, columns: z.rows, elements: (0..<count * z.rows).map { _ in generator.normal() })
    var result = normals.multiplied(by: root.lower, transposingOther: true)
    for s in 0..<count { for j in 0..<z.rows { result[s, j] += center[j] } }
    return result
  }

  /// Draws of the latent function as functions that can be evaluated anywhere, any number of times.
  ///
  /// Matheron's rule: a draw from the prior, approximate by random features, corrected exactly by
  /// the data: f(z) + k(z, X)·C⁻¹(y − f(X) − ε). Source: Wilson et al., "Efficiently sampling
  /// functions from Gaussian process posteriors", ICML 2020, arXiv 2002.09309.
  ///
  /// - Parameters:
  ///   - count: functions.
  ///   - features: random features of the prior; the error falls with their square root.
  ///   - seed: equal seeds draw equal functions.
  /// - Returns: nil for a kernel without random features; `samples(at:count:seed:)` has no such limit.
  /// - Complexity: O(n·F·d + samples·n²) now, O(m·(n + F)·(d + samples)) for each evaluation.
  public func pathwiseSamples(count: Int, features: Int = 1024, seed: UInt64 = 0) -> PathwiseSamples<K>? {
    var generator = SeededGenerator(seed: seed)
    guard let basis = kernel.randomFeatures(count: features, columns: x.columns, &generator) else { return nil }
    var prior = Matrix(rows: basis.count, columns: count)
    for i in prior.elements.indices { prior.elements[i] = generator.normal() }
    // C⁻¹(y − φ(X)·w − ε), one column for each sample.
    var residual = basis.values(x).multiplied(by: prior)
    for i in 0..<self.count {
      let deviation = (noise[i] + jitter).squareRoot()
      for s in 0..<count { residual[i, s] = targets[i] - residual[i, s] - deviation * generator.normal() }
    }
    return PathwiseSamples(
      kernel: kernel, x: x, basis: basis, priorWeights: prior, updateWeights: factor.solve(residual))
  }
}

/// Functions drawn from a posterior; each can be evaluated anywhere and stays the same function.
public struct PathwiseSamples<K: Kernel>: Sendable {
  let kernel: K
  let x: Matrix
  let basis: RandomFeatures
  /// F × samples.
  let priorWeights: Matrix
  /// n × samples.
  let updateWeights: Matrix

  /// The number of functions.
  public var count: Int { priorWeights.columns }

  /// Values of every function at the rows of z: samples × m.
  ///
  /// - Complexity: O(m·(n + F)·(d + samples)) by BLAS-3.
  public func values(at z: Matrix) -> Matrix {
    let prior = basis.values(z).multiplied(by: priorWeights)
    let update = kernel.matrix(z, x).multiplied(by: updateWeights)
    var result = Matrix(rows: count, columns: z.rows)
    for i in 0..<z.rows { for s in 0..<count { result[s, i] = prior[i, s] + update[i, s] } }
    return result
  }
}
