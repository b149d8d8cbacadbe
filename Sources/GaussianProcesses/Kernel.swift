import LinearAlgebra

/// A covariance function: how alike the targets of two rows are expected to be.
///
/// Kernels are values. Hyperparameters are kept as natural logarithms, so that any vector of
/// numbers is a valid setting and gradients need no constraint.
public protocol Kernel: Sendable {
  /// Natural logarithms of the hyperparameters.
  var logParameters: [Double] { get set }

  /// One name for each hyperparameter.
  var parameterNames: [String] { get }

  /// What each hyperparameter does: its bounds and its prior follow from that.
  var parameterRoles: [KernelParameterRole] { get }

  /// k(xᵢ, zⱼ), x.rows × z.rows.
  func matrix(_ x: Matrix, _ z: Matrix) -> Matrix

  /// k(xᵢ, xⱼ), n × n, both triangles filled: rows that are the same row, not only equal ones.
  func matrix(_ x: Matrix) -> Matrix

  /// k(xᵢ, xᵢ) for every row.
  func diagonal(_ x: Matrix) -> [Double]

  /// Σᵢⱼ weights[i, j]·∂k(xᵢ, xⱼ)/∂θ for every log hyperparameter θ.
  ///
  /// - Parameters:
  ///   - weights: n × n, symmetric.
  ///   - x: rows, n × d.
  ///   - covariance: what `matrix(x)` returned, so that it need not be made again.
  func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double]

  /// Σⱼ weights[j]·∂k(z, xⱼ)/∂z, d values.
  ///
  /// - Parameters:
  ///   - z: d values.
  ///   - x: rows, n × d.
  ///   - weights: n values.
  func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double]

  /// ∂k(z, z)/∂z, d values: zero unless the prior variance depends on the place.
  func diagonalGradient(at z: [Double]) -> [Double]

  /// Random features whose inner products estimate the kernel, or nil where none are known.
  ///
  /// - Parameters:
  ///   - count: of features; more are closer.
  ///   - columns: d.
  ///   - generator: draws the frequencies and phases, and is left behind them.
  func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures?
}

/// What a hyperparameter does to a covariance.
public enum KernelParameterRole: Sendable, Equatable {
  /// A variance in units of the targets' variance.
  case variance
  /// A lengthscale in units of the inputs, of a kernel that sees this many columns.
  case lengthscale(columns: Int)
  /// A period in units of the inputs.
  case period
  /// A dimensionless shape, such as α of the rational quadratic.
  case shape
  /// A variance of independent noise.
  case noise
}

extension Kernel {
  public func matrix(_ x: Matrix) -> Matrix { matrix(x, x) }

  public func diagonalGradient(at z: [Double]) -> [Double] { [Double](repeating: 0, count: z.count) }

  public func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures? { nil }
}
