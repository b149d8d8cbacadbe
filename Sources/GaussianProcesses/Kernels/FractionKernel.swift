import Foundation
import LinearAlgebra

/// σ² times the overlap of two vectors of non-negative numbers, such as atomic fractions.
///
/// With u = x/ℓ: min-max (Ruzicka) Σ min(uₖ, vₖ)/Σ max(uₖ, vₖ), or Tanimoto u·v/(|u|² + |v|² − u·v).
/// Both are positive definite: Ralaivola et al., Neural Networks 18 (2005),
/// doi 10.1016/j.neunet.2005.07.009. The lengthscales matter only relative to each other, so a single
/// one is no hyperparameter. A vector of zeros overlaps with nothing but itself.
public struct FractionKernel: Kernel, Hashable, Codable {
  public enum Overlap: String, Sendable, Codable, CaseIterable {
    case minMax
    case tanimoto
  }

  public let overlap: Overlap
  /// σ².
  public var variance: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(_ overlap: Overlap, variance: Double = 1, lengthscales: [Double] = [1]) {
    self.overlap = overlap
    self.variance = variance
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance)] + (lengthscales.count == 1 ? [] : lengthscales.map { log($0) }) }
    set {
      variance = exp(newValue[0])
      if lengthscales.count > 1 { lengthscales = newValue.dropFirst().map { exp($0) } }
    }
  }
  public var parameterNames: [String] { ["variance"] + (lengthscales.count == 1 ? [] : Lengthscales.names(lengthscales)) }
  public var parameterRoles: [KernelParameterRole] {
    [.variance] + (lengthscales.count == 1 ? [] : Lengthscales.roles(lengthscales))
  }

  /// The two sums whose ratio is the overlap.
  @inline(__always)
  private func sums(_ u: UnsafePointer<Double>, _ v: UnsafePointer<Double>, _ d: Int) -> (Double, Double) {
    var top = 0.0
    var bottom = 0.0
    switch overlap {
    case .minMax:
      for k in 0..<d {
        top += min(u[k], v[k])
        bottom += max(u[k], v[k])
      }
    case .tanimoto:
      for k in 0..<d {
        top += u[k] * v[k]
        bottom += u[k] * u[k] + v[k] * v[k]
      }
      bottom -= top
    }
    return (top, bottom)
  }

  /// - Complexity: O(n·m·d), on all threads.
  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    let a = ScaledRows(x, lengthscales).values
    let b = ScaledRows(z, lengthscales).values
    let d = x.columns
    var result = Matrix(rows: x.rows, columns: z.rows)
    let m = z.rows
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let c = buffer
      a.elements.withUnsafeBufferPointer { a in
        b.elements.withUnsafeBufferPointer { b in
          guard let a0 = a.baseAddress, let b0 = b.baseAddress else { return }
          nonisolated(unsafe) let (a, b) = (a0, b0)
          Threads.forEachChunk(of: x.rows, chunkSize: 32) { rows in
            for i in rows {
              for j in 0..<m {
                let (top, bottom) = sums(a + i * d, b + j * d, d)
                c[i * m + j] = variance * (bottom > 0 ? top / bottom : 1)
              }
            }
          }
        }
      }
    }
    return result
  }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let byVariance = dot(weights.elements, covariance.elements)
    guard lengthscales.count > 1 else { return [byVariance] }
    let a = ScaledRows(x, lengthscales).values
    var result = [Double](repeating: 0, count: x.columns)
    for i in 0..<x.rows {
      for j in 0..<x.rows {
        let part = derivative(a, i, a, j, both: true)
        for k in result.indices { result[k] -= weights[i, j] * part[k] }
      }
    }
    return [byVariance] + result
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let a = ScaledRows(Matrix(rows: 1, columns: z.count, elements: z), lengthscales).values
    let b = ScaledRows(x, lengthscales).values
    var result = [Double](repeating: 0, count: z.count)
    for j in 0..<x.rows {
      let part = derivative(a, 0, b, j, both: false)
      for k in result.indices { result[k] += weights[j] * part[k] }
    }
    return result.indices.map { result[$0] / lengthscales[lengthscales.count == 1 ? 0 : $0] }
  }

  /// By log of the scale of both vectors in each column, or by each element of u alone.
  private func derivative(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int, both: Bool) -> [Double] {
    let (u, v) = (a.row(i), b.row(j))
    let (top, bottom) = u.withUnsafeBufferPointer { u in
      v.withUnsafeBufferPointer { v in
        u.baseAddress.flatMap { u0 in v.baseAddress.map { sums(u0, $0, a.columns) } } ?? (0, 0)
      }
    }
    guard bottom > 0 else { return [Double](repeating: 0, count: a.columns) }
    return u.indices.map { k in
      let byTop: Double
      let byBottom: Double
      switch (overlap, both) {
      case (.minMax, true): (byTop, byBottom) = (min(u[k], v[k]), max(u[k], v[k]))
      case (.minMax, false): (byTop, byBottom) = (u[k] < v[k] ? 1 : 0, u[k] < v[k] ? 0 : 1)
      case (.tanimoto, true):
        byTop = 2 * u[k] * v[k]
        byBottom = 2 * u[k] * u[k] + 2 * v[k] * v[k] - byTop
      case (.tanimoto, false): (byTop, byBottom) = (v[k], 2 * u[k] - v[k])
      }
      return variance * (byTop * bottom - top * byBottom) / (bottom * bottom)
    }
  }
}
