import Foundation
import LinearAlgebra

/// Means of a Gaussian process with a stationary kernel in single precision, with a bound of what
/// that costs in accuracy.
///
/// The bound, with u = 2⁻²⁴, γₖ = k·u/(1 − k·u) and all norms in units of lengthscales (Higham,
/// "Accuracy and Stability of Numerical Algorithms", 2nd ed. (2002), chapter 3): rounding of the
/// coordinates moves r² by at most 2u·(|a| + |b|)² + u²·(|a| + |b|)², the product of d terms by
/// 2γ_d·|a|·|b|, norms and sums by 4u·(|a| + |b|)²; together E = (γ_d/2 + 7u)·(|a| + |b|)². A profile
/// f changes by at most λ·E, λ = max |df/dr²|, and its own evaluation is good to 32u (a Taylor
/// polynomial of degree 7 on |x| ≤ ln(2)/2, and a handful of roundings). So
///
///     |error of the mean| ≤ s·σ²·Σ|αᵢ|·(λ·Eᵢ + 32u + γ_{n/8+10}),
///
/// where s brings standardised targets to their units and the last term is that of summing n
/// products in eight lanes. E depends on the training row, so the sum is Σ|αᵢ|·(|aᵢ| + |b|)², a
/// quadratic in |b| with three sums made once.
struct SingleMeans: Sendable {
  private let profile: StationaryKernel.Profile
  /// λ of the bound.
  private let steepest: Double
  /// n × d, in units of lengthscales, and the squared norms.
  private let rows: [Float]
  private let norms: [Float]
  /// σ²·α, n, filled up with zeros to a multiple of eight.
  private let weights: [Float]
  private let count: Int
  private let padded: Int
  private let width: Int
  /// Raw column, shift and scale of each coordinate.
  private let active: [Int]
  private let shifts: [Double]
  private let scales: [Double]
  private let targetMean: Double
  private let targetSpread: Double
  /// Σ|w|·|a|ᵖ for p = 0, 1, 2.
  private let moments: (Double, Double, Double)

  typealias Lanes = SIMD8<Float>

  /// - Parameters:
  ///   - steepestSlope: λ of the bound, for the kernel's profile.
  ///   - x: n × d, standardised.
  ///   - weights: α = C⁻¹y, n.
  ///   - active, means, deviations: how raw columns were standardised.
  init(
    kernel: StationaryKernel, steepestSlope: Double, x: Matrix, weights: [Double], active: [Int], means: [Double], deviations: [Double],
    targetMean: Double, targetSpread: Double
  ) {
    profile = kernel.profile
    steepest = steepestSlope
    count = x.rows
    padded = (x.rows + 7) / 8 * 8
    width = x.columns
    let lengths = (0..<x.columns).map { kernel.lengthscales[kernel.lengthscales.count == 1 ? 0 : $0] }
    var rows = [Float](repeating: 0, count: padded * x.columns)
    var norms = [Float](repeating: 0, count: padded)
    let scaled = weights.map { $0 * kernel.variance }
    var moments = (0.0, 0.0, 0.0)
    for i in 0..<x.rows {
      var sum = 0.0
      for k in 0..<x.columns {
        let value = Float(x[i, k] / lengths[k])
        rows[i * x.columns + k] = value
        sum += Double(value) * Double(value)
      }
      norms[i] = Float(sum)
      moments.0 += abs(scaled[i])
      moments.1 += abs(scaled[i]) * sum.squareRoot()
      moments.2 += abs(scaled[i]) * sum
    }
    self.rows = rows
    self.norms = norms
    self.weights = scaled.map { Float($0) } + [Float](repeating: 0, count: padded - x.rows)
    self.active = active
    shifts = means
    scales = zip(deviations, lengths).map { 1 / ($0 * $1) }
    self.targetMean = targetMean
    self.targetSpread = targetSpread
    self.moments = moments
  }

  /// Candidates of one product: its result stays in the cache.
  private static let tile = 64

  /// One `sgemm` of m·n·d and m·n evaluations of the profile; three allocations.
  func means(
    of features: Matrix, _ mean: UnsafeMutableBufferPointer<Double>, _ tolerance: UnsafeMutableBufferPointer<Double>
  ) {
    let u = SinglePrecision.roundoff
    func gamma(_ k: Int) -> Double { Double(k) * u / (1 - Double(k) * u) }
    let slope = 0.5 * gamma(width) + 7 * u
    let fixed = 32 * u + gamma(count / 8 + 10)
    let total = features.columns
    var block = [Float](repeating: 0, count: Self.tile * width)
    var products = [Float](repeating: 0, count: Self.tile * padded)
    features.elements.withUnsafeBufferPointer { raw in
      block.withUnsafeMutableBufferPointer { block in
        products.withUnsafeMutableBufferPointer { products in
          rows.withUnsafeBufferPointer { rows in
            guard let raw = raw.baseAddress, let z = block.baseAddress, let c = products.baseAddress,
              let x = rows.baseAddress
            else { return }
            for start in stride(from: 0, to: features.rows, by: Self.tile) {
              let size = min(Self.tile, features.rows - start)
              // A tile that is not full is filled with what was there before, so that the product has
              // one shape and a row's mean does not depend on how many follow it.
              for j in 0..<size {
                let row = raw + (start + j) * total
                let out = z + j * width
                for k in 0..<width { out[k] = Float((row[active[k]] - shifts[k]) * scales[k]) }
              }
              SinglePrecision.multiplyTransposed(z, rows: Self.tile, x, rows: padded, width: width, into: c)
              for j in 0..<size {
                var norm = 0.0
                for k in 0..<width { norm += Double(z[j * width + k]) * Double(z[j * width + k]) }
                mean[start + j] = targetMean + targetSpread * Double(weighted(c + j * padded, norm: Float(norm)))
                let reach = moments.2 + 2 * norm.squareRoot() * moments.1 + norm * moments.0
                tolerance[start + j] =
                  targetSpread * (steepest * slope * reach + fixed * moments.0) + 1e-9 * (targetSpread + abs(targetMean))
              }
            }
          }
        }
      }
    }
  }

  /// Σᵢ wᵢ·f(r²ᵢ) with r² = |z|² + |xᵢ|² − 2·z·xᵢ.
  @inline(__always)
  private func weighted(_ products: UnsafeMutablePointer<Float>, norm: Float) -> Float {
    norms.withUnsafeBufferPointer { norms in
      weights.withUnsafeBufferPointer { weights in
        let c = UnsafeRawPointer(products)
        guard let n = UnsafeRawPointer(norms.baseAddress), let w = UnsafeRawPointer(weights.baseAddress) else { return 0 }
        switch profile {
        case .rbf: return Self.sum(c, n, w, padded, norm) { Self.exponential($0 * -0.5) }
        case .matern12: return Self.sum(c, n, w, padded, norm) { Self.exponential(-$0.squareRoot()) }
        case .matern32:
          return Self.sum(c, n, w, padded, norm) { squared in
            let s = (squared * 3).squareRoot()
            return (1 + s) * Self.exponential(-s)
          }
        case .matern52:
          return Self.sum(c, n, w, padded, norm) { squared in
            let square = squared * 5
            let s = square.squareRoot()
            return (1 + s + square * (1.0 / 3)) * Self.exponential(-s)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func sum(
    _ products: UnsafeRawPointer, _ norms: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ count: Int, _ norm: Float,
    _ profile: (Lanes) -> Lanes
  ) -> Float {
    var total = Lanes.zero
    for offset in stride(from: 0, to: count * 4, by: 32) {
      let product = products.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
      var squared = norms.loadUnaligned(fromByteOffset: offset, as: Lanes.self) + norm - product * 2
      squared.replace(with: 0, where: squared .< 0)
      total += weights.loadUnaligned(fromByteOffset: offset, as: Lanes.self) * profile(squared)
    }
    return total.sum()
  }

  /// eˣ for x ≤ 0: 2ⁿ·eʳ with n the nearest whole number to x/ln 2 and eʳ its Taylor polynomial of
  /// degree 7. Below −87, as at −87.
  @inline(__always)
  static func exponential(_ x: Lanes) -> Lanes {
    var x = x
    x.replace(with: -87, where: x .< -87)
    // Adding 1.5·2²³ leaves the nearest whole number in the low bits.
    let magic: Float = 12_582_912
    let shifted = x * 1.442695 + magic
    let whole = shifted - magic
    // ln 2 in two parts, the first with few digits, so that whole · part is exact.
    let r = x - whole * 0.693359375 + whole * 2.12194440e-4
    var p = Lanes(repeating: 1.0 / 5040)
    p = p * r + 1.0 / 720
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &- magic.bitPattern &+ 127
    return p * unsafeBitCast(bits &<< 23, to: Lanes.self)
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
