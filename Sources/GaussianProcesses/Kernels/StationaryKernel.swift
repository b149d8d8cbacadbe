import Foundation
import LinearAlgebra

/// σ²·f(r), r² = Σₖ (xₖ − zₖ)²/ℓₖ²: a covariance that depends on the scaled distance alone.
///
/// With one lengthscale the kernel is isotropic; with one for each column (automatic relevance
/// determination) columns that do not matter can be stretched away.
///
/// Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), chapter 4.
public struct StationaryKernel: Kernel, Equatable {
  public enum Profile: String, Sendable, Codable, CaseIterable {
    /// exp(−r²/2)
    case rbf
    /// (1 + √3·r)·exp(−√3·r)
    case matern32
    /// (1 + √5·r + 5r²/3)·exp(−√5·r)
    case matern52
  }

  public let profile: Profile
  /// σ², the prior variance.
  public var variance: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(_ profile: Profile, variance: Double = 1, lengthscales: [Double]) {
    precondition(!lengthscales.isEmpty, "a stationary kernel has at least one lengthscale")
    self.profile = profile
    self.variance = variance
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance)] + lengthscales.map { log($0) } }
    set {
      variance = exp(newValue[0])
      lengthscales = newValue.dropFirst().map { exp($0) }
    }
  }

  public var parameterNames: [String] {
    ["variance"]
      + (lengthscales.count == 1 ? ["lengthscale"] : lengthscales.indices.map { "lengthscale[\($0)]" })
  }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  /// - Complexity: one `dgemm` of n·m·d, and n·m evaluations of the profile.
  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    var result = squaredDistances(scaled(x), scaled(z))
    result.elements.withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices { buffer[i] = variance * value(squared: buffer[i]) }
    }
    return result
  }

  /// The lengthscales come out of two `dgemm` of n²·d together: with H = weights·(−2·∂k/∂r²), the
  /// derivative by log ℓₖ is Σᵢⱼ Hᵢⱼ(aᵢₖ − aⱼₖ)² = 2·Σᵢ aᵢₖ²·(H·1)ᵢ − 2·Σᵢ aᵢₖ(H·a)ᵢₖ, a = x/ℓ.
  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let a = scaled(x)
    var h = squaredDistances(a, a)
    let n = x.rows
    var byVariance = 0.0
    var isotropic = 0.0
    var rowSums = [Double](repeating: 0, count: n)
    h.elements.withUnsafeMutableBufferPointer { h in
      weights.elements.withUnsafeBufferPointer { w in
        covariance.elements.withUnsafeBufferPointer { k in
          for i in 0..<n {
            var sum = 0.0
            for j in i * n..<(i + 1) * n {
              byVariance += w[j] * k[j]
              let squared = h[j]
              let slope = w[j] * variance * slopeFactor(squared: squared)
              isotropic += slope * squared
              h[j] = slope
              sum += slope
            }
            rowSums[i] = sum
          }
        }
      }
    }
    guard lengthscales.count > 1 else { return [byVariance, isotropic] }
    let ha = h.multiplied(by: a)
    let d = a.columns
    var byLengthscale = [Double](repeating: 0, count: d)
    for i in 0..<n {
      for k in 0..<d {
        let value = a.elements[i * d + k]
        byLengthscale[k] += 2 * value * (value * rowSums[i] - ha.elements[i * d + k])
      }
    }
    return [byVariance] + byLengthscale
  }

  /// f as a function of r².
  @inline(__always) private func value(squared: Double) -> Double {
    switch profile {
    case .rbf: return exp(-0.5 * squared)
    case .matern32:
      let s = (3 * squared).squareRoot()
      return (1 + s) * exp(-s)
    case .matern52:
      let s = (5 * squared).squareRoot()
      return (1 + s + s * s / 3) * exp(-s)
    }
  }

  /// −2·∂f/∂r².
  @inline(__always) private func slopeFactor(squared: Double) -> Double {
    switch profile {
    case .rbf: return exp(-0.5 * squared)
    case .matern32: return 3 * exp(-(3 * squared).squareRoot())
    case .matern52:
      let s = (5 * squared).squareRoot()
      return 5.0 / 3 * (1 + s) * exp(-s)
    }
  }

  private func scaled(_ x: Matrix) -> Matrix {
    let d = x.columns
    precondition(lengthscales.count == 1 || lengthscales.count == d, "\(lengthscales.count) lengthscales for \(d) columns")
    let inverse = lengthscales.map { 1 / $0 }
    var result = x
    result.elements.withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices { buffer[i] *= inverse.count == 1 ? inverse[0] : inverse[i % d] }
    }
    return result
  }

  private func squaredDistances(_ a: Matrix, _ b: Matrix) -> Matrix {
    var result = a.multiplied(by: b, transposingOther: true)
    let normsA = a.squaredRowNorms
    let normsB = b.squaredRowNorms
    result.elements.withUnsafeMutableBufferPointer { buffer in
      for i in normsA.indices {
        for j in normsB.indices {
          let index = i * normsB.count + j
          // Rounding can leave a distance of nearly zero below it.
          buffer[index] = max(0, normsA[i] + normsB[j] - 2 * buffer[index])
        }
      }
    }
    return result
  }
}

extension Matrix {
  fileprivate var squaredRowNorms: [Double] {
    (0..<rows).map { i in
      var sum = 0.0
      for k in i * columns..<(i + 1) * columns { sum += elements[k] * elements[k] }
      return sum
    }
  }
}
