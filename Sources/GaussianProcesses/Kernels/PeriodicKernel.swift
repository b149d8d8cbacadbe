import Foundation
import LinearAlgebra

/// σ²·exp(−2·Σₖ sin²(π(xₖ − zₖ)/p)/ℓₖ²): functions that repeat with period p in every column.
///
/// It is the RBF kernel of the points (cos 2πx/p, sin 2πx/p), so it costs the same.
/// Source: MacKay, "Introduction to Gaussian processes" (1998); Rasmussen and Williams (2006),
/// equation 4.31.
public struct PeriodicKernel: Kernel, Hashable, Codable {
  /// σ².
  public var variance: Double
  /// p, in units of the inputs.
  public var period: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(variance: Double = 1, period: Double, lengthscales: [Double] = [1]) {
    self.variance = variance
    self.period = period
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance), log(period)] + lengthscales.map { log($0) } }
    set {
      variance = exp(newValue[0])
      period = exp(newValue[1])
      lengthscales = newValue.dropFirst(2).map { exp($0) }
    }
  }
  public var parameterNames: [String] { ["variance", "period"] + Lengthscales.names(lengthscales) }
  public var parameterRoles: [KernelParameterRole] { [.variance, .period] + Lengthscales.roles(lengthscales) }

  /// n × 2d: the cosines of all columns, then the sines.
  private func circles(_ x: Matrix) -> Matrix {
    let d = x.columns
    var result = Matrix(rows: x.rows, columns: 2 * d)
    for i in 0..<x.rows {
      for k in 0..<d {
        let angle = 2 * Double.pi * x[i, k] / period
        result[i, k] = cos(angle)
        result[i, d + k] = sin(angle)
      }
    }
    return result
  }

  private var doubled: [Double] { lengthscales.count == 1 ? lengthscales : lengthscales + lengthscales }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    ScaledRows(circles(x), doubled).correlations(with: ScaledRows(circles(z), doubled), .rbf, variance: variance)
  }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let a = ScaledRows(circles(x), doubled)
    let (h, isotropic) = a.weightedSlopes(weights, .rbf, variance: variance)
    let d = x.columns
    // ∂k/∂log p = k·Σₖ sin(θᵢ − θⱼ)(θᵢ − θⱼ)/ℓₖ², θ = 2πx/p, the sine of a difference written out.
    let product = h.multiplied(by: a.values)
    var byPeriod = 0.0
    for i in 0..<x.rows {
      for k in 0..<d {
        let angle = 2 * Double.pi * x[i, k] / period
        byPeriod += 2 * angle * (a.values[i, d + k] * product[i, k] - a.values[i, k] * product[i, d + k])
      }
    }
    let byVariance = dot(weights.elements, covariance.elements)
    if lengthscales.count == 1 { return [byVariance, byPeriod, isotropic] }
    let each = a.squaredDifferences(weightedBy: h)
    return [byVariance, byPeriod] + (0..<d).map { each[$0] + each[d + $0] }
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let k = matrix(Matrix(rows: 1, columns: z.count, elements: z), x)
    return z.indices.map { c in
      let scale = lengthscales[lengthscales.count == 1 ? 0 : c]
      var sum = 0.0
      for j in 0..<x.rows {
        sum -= weights[j] * k.elements[j] * sin(2 * Double.pi * (z[c] - x[j, c]) / period)
      }
      return sum * 2 * Double.pi / (period * scale * scale)
    }
  }
}
