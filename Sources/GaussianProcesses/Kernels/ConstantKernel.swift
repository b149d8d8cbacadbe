import Foundation
import LinearAlgebra

/// σ² for every pair: an unknown offset of all targets, or the scale of another kernel.
public struct ConstantKernel: Kernel, Hashable, Codable {
  public var variance: Double

  public init(variance: Double = 1) { self.variance = variance }

  public var logParameters: [Double] {
    get { [log(variance)] }
    set { variance = exp(newValue[0]) }
  }
  public var parameterNames: [String] { ["variance"] }
  public var parameterRoles: [KernelParameterRole] { [.variance] }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    Matrix(rows: x.rows, columns: z.rows, repeating: variance)
  }
  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }
  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    [variance * weights.elements.reduce(0, +)]
  }
  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    [Double](repeating: 0, count: z.count)
  }
  public func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures? {
    RandomFeatures(
      frequencies: Matrix(rows: 1, columns: columns), phases: [0], amplitudes: [variance.squareRoot()])
  }
}

/// σ² for a row with itself and 0 for any other, even an equal one: independent noise.
public struct WhiteKernel: Kernel, Hashable, Codable {
  public var variance: Double

  public init(variance: Double) { self.variance = variance }

  public var logParameters: [Double] {
    get { [log(variance)] }
    set { variance = exp(newValue[0]) }
  }
  public var parameterNames: [String] { ["noise"] }
  public var parameterRoles: [KernelParameterRole] { [.noise] }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix { Matrix(rows: x.rows, columns: z.rows) }
  public func matrix(_ x: Matrix) -> Matrix {
    var result = Matrix(rows: x.rows, columns: x.rows)
    for i in 0..<x.rows { result[i, i] = variance }
    return result
  }
  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }
  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    [variance * weights.diagonal.reduce(0, +)]
  }
  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    [Double](repeating: 0, count: z.count)
  }
}
