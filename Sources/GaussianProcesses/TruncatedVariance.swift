import Foundation
import LinearAlgebra

/// Bounds of a posterior variance from the r leading eigenvectors of C = K + noise, C = VΛVᵀ: r·n
/// operations for a row instead of n².
///
/// With k the covariances of a row, v = Λᵣ^(-1/2)·Vᵣᵀ·k and t = ‖k‖² − Σⱼ λⱼ·vⱼ², what of ‖k‖² the leading
/// vectors leave over,
///
///     k₀ − ‖v‖² − t/λₙ  ≤  k₀ − kᵀC⁻¹k  ≤  k₀ − ‖v‖² − t/λᵣ₊₁,
///
/// because kᵀC⁻¹k = ‖v‖² + Σ_{i>r} (Vᵢᵀk)²/λᵢ and λₙ ≤ λᵢ ≤ λᵣ₊₁ there. The bounds meet when the
/// eigenvalues left over are all noise.
///
/// **Rounding.** With ε the norm of the error of k, v changes by at most ε/√λᵣ + (γₙ + 2u)·‖B‖_F·‖k‖, B =
/// VᵣΛᵣ^(-1/2), and Λᵣ^(1/2)·v = Vᵣᵀk by ε + (γₙ + 2u)·√r·‖k‖; both bounds are widened by what that can do.
struct TruncatedVariance<Scalar: BlockScalar>: Sendable {
  let rank: Int
  private let count: Int
  /// r × n: vⱼ = row j · k.
  private let basis: [Scalar]
  private let eigenvalues: [Double]
  /// λᵣ₊₁ and λₙ.
  private let tail: (most: Double, least: Double)
  /// ‖B‖_F.
  private let size: Double

  /// - Parameter rank: of the leading part; a smaller one is taken where the rest is noise.
  /// - Throws: `EigenError`.
  /// - Complexity: O(n³), one eigendecomposition.
  init(_ process: GaussianProcess, rank limit: Int) throws(EigenError) {
    let n = process.posterior.count
    let eigen = try SymmetricEigen(of: process.posterior.factor.lower.rowGram)
    // Rounding of the decomposition, so that what is divided by is never too large.
    let doubt = 1e-13 * Double(n) * (eigen.values.last ?? 0)
    let least = max((eigen.values.first ?? 0) - doubt, 1e-300)
    // Ascending order: the leading ones are the last. Beyond twice the least they say little.
    var rank = min(limit, n)
    while rank > 16, eigen.values[n - rank] < 2 * least { rank -= 16 }
    self.rank = rank
    count = n
    tail = (most: rank < n ? eigen.values[n - 1 - rank] + doubt : least, least: least)
    var basis: [Scalar] = []
    basis.reserveCapacity(rank * n)
    var values: [Double] = []
    for j in 0..<rank {
      let value = max(eigen.values[n - 1 - j], least)
      values.append(value)
      let scale = 1 / value.squareRoot()
      for i in 0..<n { basis.append(Scalar(eigen.vectors[n - 1 - j, i] * scale)) }
    }
    self.basis = basis
    eigenvalues = values
    size = values.reduce(0) { $0 + 1 / $1 }.squareRoot()
  }

  /// The products v of rows of covariances, m × r. One `gemm`.
  func project(_ cross: UnsafePointer<Scalar>, rows m: Int, into v: UnsafeMutablePointer<Scalar>) {
    basis.withUnsafeBufferPointer { b in
      guard let b = b.baseAddress else { return }
      SerialProducts.multiply(cross, count, b, count, transposed: true, into: v, rank, m: m, n: rank, k: count)
    }
  }

  /// Bounds of the variance of the latent function.
  ///
  /// - Parameters:
  ///   - row: n covariances. - projected: r values of `project`.
  ///   - prior: k₀. - tolerance: ε; 0 leaves rounding out.
  @inline(__always)
  func bounds(
    _ row: UnsafePointer<Scalar>, _ projected: UnsafePointer<Scalar>, prior: Double, tolerance: Double
  ) -> (least: Double, most: Double) {
    let total = Scalar.dot(row, row, count)
    var (explained, covered) = (0.0, 0.0)
    for j in 0..<rank {
      let square = Double(projected[j]) * Double(projected[j])
      explained += square
      covered += eigenvalues[j] * square
    }
    var (spread, leftDoubt) = (0.0, 0.0)
    if tolerance > 0 {
      let u = Scalar.roundoff
      let products = (Double(count) * u / (1 - Double(count) * u) + 2 * u) * total.squareRoot()
      let shift = tolerance / (eigenvalues.last ?? 1).squareRoot() + products * size
      spread = shift * (2 * explained.squareRoot() + shift)
      let slip = 2 * tolerance + products * Double(rank).squareRoot()
      leftDoubt = slip * (2 * total.squareRoot() + slip)
    }
    let left = total - covered
    return (
      max(0, prior - explained - spread - max(0, left + leftDoubt) / tail.least),
      max(0, prior - explained + spread - max(0, left - leftDoubt) / tail.most)
    )
  }
}
