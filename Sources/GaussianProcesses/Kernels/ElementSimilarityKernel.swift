import Foundation
import LinearAlgebra

/// A covariance of compositions that knows which elements are alike.
///
/// Columns are atomic fractions; `scale` holds a property of the element of each column, such as its
/// Mendeleev number. Two forms:
/// - `kernelMean`: σ²·exp(−½·(x − z)ᵀS(x − z)/ℓ²) with Sₐᵦ = exp(−½(sₐ − sᵦ)²/λ²), the RBF kernel of
///   the maximum mean discrepancy between the two distributions over the scale. Source: Muandet et al.,
///   NIPS 2012, arXiv 1202.6504.
/// - `earthMover`: σ²·exp(−E/ℓ), E the earth mover's distance between them on the scale. On a line E
///   is an L1 distance of cumulative fractions, so the kernel is positive definite. λ plays no part.
public struct ElementSimilarityKernel: Kernel, Hashable, Codable {
  public enum Form: String, Sendable, Codable, CaseIterable {
    case kernelMean
    case earthMover
  }

  public let form: Form
  /// One property value for each column.
  public let scale: [Double]
  /// σ².
  public var variance: Double
  /// ℓ.
  public var lengthscale: Double
  /// λ, in units of the scale: how far apart elements may be and still be alike.
  public var elementLengthscale: Double

  public init(
    _ form: Form, scale: [Double], variance: Double = 1, lengthscale: Double = 1, elementLengthscale: Double = 1
  ) {
    self.form = form
    self.scale = scale
    self.variance = variance
    self.lengthscale = lengthscale
    self.elementLengthscale = elementLengthscale
  }

  public var logParameters: [Double] {
    get { [log(variance), log(lengthscale)] + (form == .kernelMean ? [log(elementLengthscale)] : []) }
    set {
      variance = exp(newValue[0])
      lengthscale = exp(newValue[1])
      if form == .kernelMean { elementLengthscale = exp(newValue[2]) }
    }
  }
  public var parameterNames: [String] {
    ["variance", "lengthscale"] + (form == .kernelMean ? ["element lengthscale"] : [])
  }
  public var parameterRoles: [KernelParameterRole] {
    [.variance, .lengthscale(columns: 1)] + (form == .kernelMean ? [.period] : [])
  }

  private func similarity(derivative: Bool = false) -> Matrix {
    var result = Matrix(rows: scale.count, columns: scale.count)
    for a in scale.indices {
      for b in scale.indices {
        let squared = (scale[a] - scale[b]) * (scale[a] - scale[b]) / (elementLengthscale * elementLengthscale)
        result[a, b] = exp(-0.5 * squared) * (derivative ? squared : 1)
      }
    }
    return result
  }

  /// Squared discrepancies (kernel mean) or earth mover's distances.
  private func distances(_ x: Matrix, _ z: Matrix) -> Matrix {
    precondition(x.columns == scale.count, "a property for each column")
    var result = Matrix(rows: x.rows, columns: z.rows)
    switch form {
    case .kernelMean:
      let s = similarity()
      let (sx, sz) = (x.multiplied(by: s), z.multiplied(by: s))
      result = sx.multiplied(by: z, transposingOther: true)
      func norms(_ a: Matrix, _ b: Matrix) -> [Double] { (0..<a.rows).map { dot(a.row($0), b.row($0)) } }
      let (nx, nz) = (norms(sx, x), norms(sz, z))
      for i in 0..<x.rows { for j in 0..<z.rows { result[i, j] = max(0, nx[i] + nz[j] - 2 * result[i, j]) } }
    case .earthMover:
      let (a, b) = (cumulative(x), cumulative(z))
      for i in 0..<x.rows {
        for j in 0..<z.rows {
          var sum = 0.0
          for k in 0..<a.columns { sum += abs(a[i, k] - b[j, k]) }
          result[i, j] = sum
        }
      }
    }
    return result
  }

  private var order: [Int] { scale.indices.sorted { (scale[$0], $0) < (scale[$1], $1) } }

  /// Cumulative fractions along the scale, each times the gap to the next element.
  private func cumulative(_ x: Matrix) -> Matrix {
    let order = order
    var result = Matrix(rows: x.rows, columns: max(0, order.count - 1))
    for i in 0..<x.rows {
      var sum = 0.0
      for k in 0..<result.columns {
        sum += x[i, order[k]]
        result[i, k] = sum * (scale[order[k + 1]] - scale[order[k]])
      }
    }
    return result
  }

  private func value(_ distance: Double) -> Double {
    variance * exp(form == .kernelMean ? -0.5 * distance / (lengthscale * lengthscale) : -distance / lengthscale)
  }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    var result = distances(x, z)
    for i in result.elements.indices { result.elements[i] = value(result.elements[i]) }
    return result
  }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let h = weights.combined(with: covariance) { $0 * $1 }
    let byVariance = h.elements.reduce(0, +)
    let weighted = dot(h.elements, distances(x, x).elements)
    guard form == .kernelMean else { return [byVariance, weighted / lengthscale] }
    // Σᵢⱼ Hᵢⱼ(xᵢ − xⱼ)(xᵢ − xⱼ)ᵀ = 2·(Xᵀ·diag(H·1)·X − Xᵀ·H·X), contracted with ∂S/∂log λ.
    let sums = h.multiplied(by: [Double](repeating: 1, count: x.rows))
    var stretched = x
    for i in 0..<x.rows { for k in 0..<x.columns { stretched[i, k] *= sums[i] } }
    let scatter = stretched.combined(with: h.multiplied(by: x)) { $0 - $1 }
    let moments = x.multiplied(by: scatter, transposingSelf: true)
    let byElement = dot(moments.elements, similarity(derivative: true).elements)
    let squared = lengthscale * lengthscale
    return [byVariance, weighted / squared, -byElement / squared]
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let row = Matrix(rows: 1, columns: z.count, elements: z)
    let k = matrix(row, x)
    var result = [Double](repeating: 0, count: z.count)
    switch form {
    case .kernelMean:
      var pulled = [Double](repeating: 0, count: z.count)
      for j in 0..<x.rows {
        let weight = -weights[j] * k.elements[j] / (lengthscale * lengthscale)
        for c in z.indices { pulled[c] += weight * (z[c] - x[j, c]) }
      }
      result = similarity().multiplied(by: pulled)
    case .earthMover:
      let order = order
      let (a, b) = (cumulative(row), cumulative(x))
      for j in 0..<x.rows {
        let weight = -weights[j] * k.elements[j] / lengthscale
        var tail = 0.0
        for c in stride(from: a.columns - 1, through: 0, by: -1) {
          let difference = a[0, c] - b[j, c]
          let gap = scale[order[c + 1]] - scale[order[c]]
          tail += difference > 0 ? gap : (difference < 0 ? -gap : 0)
          result[order[c]] += weight * tail
        }
      }
    }
    return result
  }
}
