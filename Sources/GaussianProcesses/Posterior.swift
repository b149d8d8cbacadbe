import Foundation
import LinearAlgebra

/// A Gaussian process conditioned on rows: again a Gaussian process.
///
///     let posterior = try Posterior(kernel: kernel, x: x, targets: residuals, noise: noise)
///     let (mean, variance) = posterior.meanAndVariance(at: z)
///     let later = try posterior.appending(x: more, targets: values, noise: [0.1])
///
/// Inputs and targets are in the units of the kernel; the prior mean is zero. Conditioning again is
/// `appending`, and equals conditioning on everything at once.
///
/// Source: Rasmussen and Williams (2006), algorithm 2.1.
public struct Posterior<K: Kernel>: Sendable {
  public let kernel: K
  /// n × d.
  public let x: Matrix
  /// n values.
  public let targets: [Double]
  /// Variance of the noise of each target, n values.
  public let noise: [Double]
  /// Of C = K + diag(noise) + jitter.
  public let factor: Cholesky
  /// What was added to the diagonal so that C could be factored.
  public let jitter: Double
  /// α = C⁻¹·targets.
  public let weights: [Double]

  public var count: Int { targets.count }

  /// - Throws: `CholeskyError` when no jitter of the ladder is enough.
  /// - Complexity: n³/3 operations.
  public init(kernel: K, x: Matrix, targets: [Double], noise: [Double]) throws(CholeskyError) {
    precondition(targets.count == x.rows && noise.count == x.rows, "a target and a noise for each row")
    let (factor, jitter) = try JitterLadder.factor(kernel.matrix(x), noise: noise)
    self.init(kernel: kernel, x: x, targets: targets, noise: noise, factor: factor, jitter: jitter)
  }

  init(
    kernel: K, x: Matrix, targets: [Double], noise: [Double], factor: Cholesky, jitter: Double,
    weights: [Double]? = nil
  ) {
    self.kernel = kernel
    self.x = x
    self.targets = targets
    self.noise = noise
    self.factor = factor
    self.jitter = jitter
    self.weights = weights ?? factor.solve(targets)
  }

  // MARK: Predicting

  /// Means of the latent function at the rows of z. O(m·n·d).
  public func mean(at z: Matrix) -> [Double] { kernel.matrix(z, x).multiplied(by: weights) }

  /// Means and variances of the latent function at the rows of z; a new measurement has its noise
  /// besides. O(m·n·(d + n)).
  public func meanAndVariance(at z: Matrix) -> (mean: [Double], variance: [Double]) {
    let cross = kernel.matrix(x, z)
    let mean = cross.multiplied(by: weights, transposingSelf: true)
    let solved = factor.solveLower(cross)
    var variance = kernel.diagonal(z)
    let m = solved.columns
    solved.elements.withUnsafeBufferPointer { v in
      variance.withUnsafeMutableBufferPointer { variance in
        for i in 0..<solved.rows {
          for j in 0..<m { variance[j] -= v[i * m + j] * v[i * m + j] }
        }
      }
    }
    // Rounding can take a variance below zero at a training row.
    return (mean, variance.map { max(0, $0) })
  }

  /// The covariance of the latent function between the rows of z, m × m.
  /// O(m·n·(d + n) + m²·n).
  public func covariance(at z: Matrix) -> Matrix {
    let solved = factor.solveLower(kernel.matrix(x, z))
    var result = kernel.matrix(z)
    let explained = solved.gram
    for i in result.elements.indices { result.elements[i] -= explained.elements[i] }
    for i in 0..<result.rows { result[i, i] = max(0, result[i, i]) }
    return result
  }

  /// Gradients by the inputs of the latent mean and variance at one place, d values each.
  /// O(n² + n·d).
  public func gradient(at z: [Double]) -> (mean: [Double], variance: [Double]) {
    let row = Matrix(rows: 1, columns: z.count, elements: z)
    let byMean = kernel.inputGradient(at: z, x, weights: weights)
    let pulled = kernel.inputGradient(at: z, x, weights: factor.solve(kernel.matrix(row, x).row(0)))
    let prior = kernel.diagonalGradient(at: z)
    return (byMean, z.indices.map { prior[$0] - 2 * pulled[$0] })
  }

  // MARK: Conditioning again

  /// The process conditioned on further rows.
  ///
  /// - Throws: `CholeskyError` when the rows repeat known ones without noise.
  /// - Complexity: O(n²) for each row.
  public func appending(x more: Matrix, targets: [Double], noise: [Double]) throws(CholeskyError) -> Posterior {
    precondition(targets.count == more.rows && noise.count == more.rows, "a target and a noise for each row")
    guard more.rows > 0 else { return self }
    var corner = kernel.matrix(more)
    for i in 0..<more.rows { corner[i, i] += noise[i] + jitter }
    let larger = try factor.appending(cross: kernel.matrix(more, x), corner: corner)
    return Posterior(
      kernel: kernel, x: x.appendingRows(more), targets: self.targets + targets, noise: self.noise + noise,
      factor: larger, jitter: jitter)
  }

  /// The process without one of its rows. O(n²).
  public func deleting(row: Int) -> Posterior {
    var (targets, noise) = (targets, noise)
    targets.remove(at: row)
    noise.remove(at: row)
    return Posterior(
      kernel: kernel, x: x.selectingRows((0..<count).filter { $0 != row }), targets: targets, noise: noise,
      factor: factor.deleting(row: row), jitter: jitter)
  }

  // MARK: Looking back

  /// What each row would have been predicted as without itself. 2n³/3 operations, no refit.
  public var leaveOneOut: LeaveOneOut {
    LeaveOneOut(targets: targets, weights: weights, inverseDiagonal: factor.inverse.diagonal)
  }

  /// log p(targets), of this kernel and noise. O(n).
  public var logMarginalLikelihood: Double {
    -0.5 * dot(targets, weights) - 0.5 * factor.logDeterminant - 0.5 * Double(count) * log(2 * .pi)
  }
}
