import Foundation
import LinearAlgebra

/// σ²·(1 + r²/2α)^−α, r² = Σₖ (xₖ − zₖ)²/ℓₖ²: a mixture of RBF kernels of many lengthscales.
///
/// Source: Rasmussen and Williams (2006), equation 4.19.
public struct RationalQuadraticKernel: Kernel, Hashable, Codable {
  /// σ².
  public var variance: Double
  /// α; the RBF kernel is its limit.
  public var mixing: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(variance: Double = 1, mixing: Double = 1, lengthscales: [Double] = [1]) {
    self.variance = variance
    self.mixing = mixing
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance), log(mixing)] + lengthscales.map { log($0) } }
    set {
      variance = exp(newValue[0])
      mixing = exp(newValue[1])
      lengthscales = newValue.dropFirst(2).map { exp($0) }
    }
  }
  public var parameterNames: [String] { ["variance", "mixing"] + Lengthscales.names(lengthscales) }
  public var parameterRoles: [KernelParameterRole] { [.variance, .shape] + Lengthscales.roles(lengthscales) }

  private func squared(_ a: ScaledRows, _ b: ScaledRows) -> Matrix {
    var result = a.values.multiplied(by: b.values, transposingOther: true)
    for i in 0..<a.count {
      for j in 0..<b.count { result[i, j] = max(0, a.norms[i] + b.norms[j] - 2 * result[i, j]) }
    }
    return result
  }

  private func base(_ squared: Double) -> Double { 1 + squared / (2 * mixing) }
  /// −2·∂k/∂r².
  private func slope(_ squared: Double) -> Double { variance * pow(base(squared), -mixing - 1) }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    var result = squared(ScaledRows(x, lengthscales), ScaledRows(z, lengthscales))
    for i in result.elements.indices { result.elements[i] = variance * pow(base(result.elements[i]), -mixing) }
    return result
  }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let a = ScaledRows(x, lengthscales)
    let r = squared(a, a)
    var byMixing = 0.0
    var isotropic = 0.0
    var h = weights
    for i in r.elements.indices {
      let (s, b) = (r.elements[i], base(r.elements[i]))
      byMixing += weights.elements[i] * covariance.elements[i] * (s / (2 * b) - mixing * log(b))
      h.elements[i] *= slope(s)
      isotropic += h.elements[i] * s
    }
    return [dot(weights.elements, covariance.elements), byMixing]
      + (lengthscales.count == 1 ? [isotropic] : a.squaredDifferences(weightedBy: h))
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let a = ScaledRows(Matrix(rows: 1, columns: z.count, elements: z), lengthscales)
    let b = ScaledRows(x, lengthscales)
    let r = squared(a, b)
    let slopes = weights.indices.map { weights[$0] * slope(r.elements[$0]) }
    let total = slopes.reduce(0, +)
    let pulled = b.values.multiplied(by: slopes, transposingSelf: true)
    return z.indices.map { k in
      (pulled[k] - total * a.values.elements[k]) / lengthscales[lengthscales.count == 1 ? 0 : k]
    }
  }
}
