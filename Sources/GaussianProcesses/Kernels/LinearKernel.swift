import Foundation
import LinearAlgebra

/// σ²·Σₖ xₖ·zₖ/ℓₖ²: straight lines through the origin. Add a `ConstantKernel` for an intercept.
///
/// Source: Rasmussen and Williams (2006), section 4.2.2.
public struct LinearKernel: Kernel, Hashable, Codable {
  /// σ².
  public var variance: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(variance: Double = 1, lengthscales: [Double] = [1]) {
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
  public var parameterNames: [String] { ["variance"] + Lengthscales.names(lengthscales) }
  public var parameterRoles: [KernelParameterRole] { [.variance] + Lengthscales.roles(lengthscales) }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    var result = InnerProducts.matrix(x, z, lengthscales)
    for i in result.elements.indices { result.elements[i] *= variance }
    return result
  }

  public func diagonal(_ x: Matrix) -> [Double] { ScaledRows(x, lengthscales).norms.map { variance * $0 } }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    [dot(weights.elements, covariance.elements)]
      + InnerProducts.gradient(weights, x, lengthscales).map { variance * $0 }
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    InnerProducts.inputGradient(x, weights, lengthscales).map { variance * $0 }
  }

  public func diagonalGradient(at z: [Double]) -> [Double] {
    z.indices.map { 2 * variance * z[$0] * InnerProducts.factor(lengthscales, $0) }
  }

  public func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures? {
    var frequencies = Matrix(rows: columns, columns: columns)
    for k in 0..<columns { frequencies[k, k] = InnerProducts.factor(lengthscales, k).squareRoot() }
    return RandomFeatures(
      frequencies: frequencies, phases: [Double](repeating: 0, count: columns),
      amplitudes: [Double](repeating: variance.squareRoot(), count: columns), isLinear: true)
  }
}

/// σ²·(c + Σₖ xₖ·zₖ/ℓₖ²)ᵖ: polynomials of degree p.
///
/// Source: Rasmussen and Williams (2006), section 4.2.2.
public struct PolynomialKernel: Kernel, Hashable, Codable {
  public let degree: Int
  /// σ².
  public var variance: Double
  /// c.
  public var offset: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  /// - Precondition: a degree of at least 1.
  public init(degree: Int, variance: Double = 1, offset: Double = 1, lengthscales: [Double] = [1]) {
    precondition(degree >= 1, "a polynomial kernel has a degree of at least 1")
    self.degree = degree
    self.variance = variance
    self.offset = offset
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance), log(offset)] + lengthscales.map { log($0) } }
    set {
      variance = exp(newValue[0])
      offset = exp(newValue[1])
      lengthscales = newValue.dropFirst(2).map { exp($0) }
    }
  }
  public var parameterNames: [String] { ["variance", "offset"] + Lengthscales.names(lengthscales) }
  public var parameterRoles: [KernelParameterRole] { [.variance, .shape] + Lengthscales.roles(lengthscales) }

  private func value(_ product: Double) -> Double { variance * pow(offset + product, Double(degree)) }
  private func slope(_ product: Double) -> Double {
    variance * Double(degree) * pow(offset + product, Double(degree - 1))
  }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    var result = InnerProducts.matrix(x, z, lengthscales)
    for i in result.elements.indices { result.elements[i] = value(result.elements[i]) }
    return result
  }

  public func diagonal(_ x: Matrix) -> [Double] { ScaledRows(x, lengthscales).norms.map(value) }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let inner = InnerProducts.matrix(x, x, lengthscales)
    let sloped = weights.combined(with: inner) { $0 * slope($1) }
    return [dot(weights.elements, covariance.elements), offset * sloped.elements.reduce(0, +)]
      + InnerProducts.gradient(sloped, x, lengthscales)
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let inner = InnerProducts.matrix(Matrix(rows: 1, columns: z.count, elements: z), x, lengthscales)
    return InnerProducts.inputGradient(x, weights.indices.map { weights[$0] * slope(inner.elements[$0]) }, lengthscales)
  }

  public func diagonalGradient(at z: [Double]) -> [Double] {
    let norm = ScaledRows(Matrix(rows: 1, columns: z.count, elements: z), lengthscales).norms[0]
    return z.indices.map { 2 * slope(norm) * z[$0] * InnerProducts.factor(lengthscales, $0) }
  }
}

/// Σₖ xₖ·zₖ/ℓₖ² and its derivatives.
enum InnerProducts {
  static func factor(_ lengthscales: [Double], _ k: Int) -> Double {
    let scale = lengthscales[lengthscales.count == 1 ? 0 : k]
    return 1 / (scale * scale)
  }

  static func matrix(_ x: Matrix, _ z: Matrix, _ lengthscales: [Double]) -> Matrix {
    ScaledRows(x, lengthscales).values.multiplied(by: ScaledRows(z, lengthscales).values, transposingOther: true)
  }

  /// Σᵢⱼ wᵢⱼ·∂(aᵢ·aⱼ)/∂log ℓₖ = −2·Σᵢ aᵢₖ(w·a)ᵢₖ, summed over k for one lengthscale.
  static func gradient(_ weights: Matrix, _ x: Matrix, _ lengthscales: [Double]) -> [Double] {
    let a = ScaledRows(x, lengthscales).values
    let product = weights.multiplied(by: a)
    var result = [Double](repeating: 0, count: x.columns)
    for i in 0..<a.rows { for k in 0..<a.columns { result[k] -= 2 * a[i, k] * product[i, k] } }
    return lengthscales.count == 1 ? [result.reduce(0, +)] : result
  }

  static func inputGradient(_ x: Matrix, _ weights: [Double], _ lengthscales: [Double]) -> [Double] {
    let pulled = x.multiplied(by: weights, transposingSelf: true)
    return pulled.indices.map { pulled[$0] * factor(lengthscales, $0) }
  }
}
