import Foundation
import LinearAlgebra

/// Covariances of blocks of raw rows with the training rows of a process, and their means, for a
/// stationary kernel in either precision.
///
/// **What rounding can do**, with u the unit roundoff, γₖ = k·u/(1 − k·u) and all norms in units of
/// lengthscales (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. (2002), chapter 3):
/// rounding of the coordinates moves r² by at most 2u·(|a| + |b|)² + u²·(|a| + |b|)², the product of d
/// terms by 2γ_d·|a|·|b|, the norms and their sum by 4u·(|a| + |b|)²; together
/// E = (γ_d/2 + 7u)·(|a| + |b|)². A profile f changes by at most λ·E, λ = max |df/dr²|, and its own
/// evaluation with the product by σ² is good to 34u (a Taylor polynomial of degree 7 on |x| ≤ ln(2)/2
/// in single precision, and a handful of roundings). So each covariance is good to
///
///     δ = σ²·(λ·E + 34u),
///
/// and a mean, summed in double precision with weights rounded once, to s·Σ|αᵢ|·(δᵢ + u·σ²), where s
/// brings standardised targets to their units. E depends on the training row, so the sum is one of
/// Σ|αᵢ|·(|aᵢ| + |b|)², a quadratic in |b| with three sums made once.
struct CovarianceBlocks<Scalar: BlockScalar>: Sendable {
  let count: Int
  let variance: Double
  private let profile: StationaryKernel.Profile
  private let width: Int
  private let featureCount: Int
  /// a = (x[active] − shift)·scale brings a raw row to units of lengthscales.
  private let active: [Int]
  private let shifts: [Double]
  private let scales: [Double]
  /// n × d, and n squared norms.
  private let rows: [Scalar]
  private let norms: [Scalar]
  private let weights: [Scalar]
  private let targetMean: Double
  private let targetSpread: Double
  /// Σ|α|·|a|ᵖ and Σ|a|²ᵖ for p = 0, 1, 2.
  private let weightMoments: (Double, Double, Double)
  private let moments: (Double, Double, Double)

  init(_ process: GaussianProcess, _ kernel: StationaryKernel) {
    let posterior = process.posterior
    profile = kernel.profile
    variance = kernel.variance
    count = posterior.x.rows
    width = posterior.x.columns
    featureCount = process.featureCount
    let lengthscales = kernel.lengthscales
    active = process.inputs.active
    shifts = process.inputs.means
    scales = process.inputs.deviations.enumerated().map { 1 / ($1 * lengthscales[lengthscales.count == 1 ? 0 : $0]) }
    let scaled = ScaledRows(posterior.x, lengthscales)
    rows = scaled.values.elements.map { Scalar($0) }
    norms = scaled.norms.map { Scalar($0) }
    weights = posterior.weights.map { Scalar($0) }
    targetMean = process.targetMean
    targetSpread = process.targetSpread
    var (weighted, plain) = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    for (norm, weight) in zip(scaled.norms, posterior.weights) {
      weighted.0 += abs(weight)
      weighted.1 += abs(weight) * norm.squareRoot()
      weighted.2 += abs(weight) * norm
      plain.0 += 1
      plain.1 += norm
      plain.2 += norm * norm
    }
    weightMoments = weighted
    moments = plain
  }

  /// Scalars that `fill` needs besides its result.
  func scratch(rows m: Int) -> Int { m * max(width, 1) + m }

  /// Writes covariances of raw rows, shape.rows × n.
  ///
  /// - Parameters:
  ///   - features: row-major, `featureCount` columns.
  ///   - block: which rows; at most `shape`.
  ///   - shape: rows of the product: where it is the same for every block, a row's numbers do not
  ///     depend on how many others there are.
  ///   - cross: shape × n.
  ///   - scratch: `scratch(rows: shape)` values; afterwards the first m of its last `shape` are squared norms.
  func fill(
    _ features: UnsafePointer<Double>, _ block: Range<Int>, shape: Int, into cross: UnsafeMutablePointer<Scalar>,
    scratch a: UnsafeMutablePointer<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    let (m, n, d) = (block.count, count, width)
    let squares = a + shape * max(d, 1)
    active.withUnsafeBufferPointer { active in
      shifts.withUnsafeBufferPointer { shifts in
        scales.withUnsafeBufferPointer { scales in
          for r in 0..<m {
            let row = features + (block.lowerBound + r) * featureCount
            let out = a + r * d
            for k in 0..<d { out[k] = Scalar((row[active[k]] - shifts[k]) * scales[k]) }
          }
        }
      }
    }
    for i in m * d..<shape * d { a[i] = 0 }
    rows.withUnsafeBufferPointer { x in
      if let x = x.baseAddress, d > 0 {
        SerialProducts.multiply(a, d, x, d, transposed: true, into: cross, n, m: shape, n: n, k: d)
      } else {
        for i in 0..<shape * n { cross[i] = 0 }
      }
    }
    norms.withUnsafeBufferPointer { norms in
      guard let norms = norms.baseAddress else { return }
      for r in 0..<m {
        squares[r] = Scalar(Scalar.dot(a + r * d, a + r * d, d))
        Scalar.correlate(profile.code, cross + r * n, n, squares[r], norms, Scalar(variance))
      }
    }
    return squares
  }

  /// The mean of a row, in units of the target. O(n).
  func mean(_ row: UnsafePointer<Scalar>) -> Double {
    weights.withUnsafeBufferPointer { w in
      targetMean + targetSpread * (w.baseAddress.map { Scalar.dot(row, $0, count) } ?? 0)
    }
  }

  /// E/(|a| + |b|)².
  private var slope: Double { 0.5 * gamma(width) + 7 * Scalar.roundoff }

  private func gamma(_ k: Int) -> Double { Double(k) * Scalar.roundoff / (1 - Double(k) * Scalar.roundoff) }

  /// How far a mean can be from the exact one; nil for a profile whose slope has no bound.
  func meanTolerance(squaredNorm: Double) -> Double? {
    guard let steepest = profile.steepestSlope else { return nil }
    let m = weightMoments
    let reach = m.2 + 2 * squaredNorm.squareRoot() * m.1 + squaredNorm * m.0
    return targetSpread * variance * (steepest * slope * reach + 35 * Scalar.roundoff * m.0)
      + 1e-9 * (targetSpread + abs(targetMean))
  }

  /// A bound of the norm of the errors of a row's covariances.
  func covarianceTolerance(squaredNorm: Double) -> Double? {
    guard let steepest = profile.steepestSlope else { return nil }
    // ‖(|aᵢ| + |b|)²‖ ≤ ‖|aᵢ|²‖ + 2|b|·‖|aᵢ|‖ + |b|²·√n.
    let reach = moments.2.squareRoot() + 2 * squaredNorm.squareRoot() * moments.1.squareRoot() + squaredNorm * moments.0.squareRoot()
    return variance * (steepest * slope * reach + 34 * Scalar.roundoff * moments.0.squareRoot())
  }
}

extension StationaryKernel.Profile {
  /// max |df/dr²|; nil where it has no bound, as at r = 0 of the exponential.
  var steepestSlope: Double? {
    switch self {
    case .rbf: 0.5
    case .matern12: nil
    case .matern32: 1.5
    case .matern52: 5.0 / 6
    }
  }
}
