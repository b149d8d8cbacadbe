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

  /// k(xᵢ, zⱼ), x.rows × z.rows.
  func matrix(_ x: Matrix, _ z: Matrix) -> Matrix

  /// k(xᵢ, xᵢ) for every row.
  func diagonal(_ x: Matrix) -> [Double]

  /// Σᵢⱼ weights[i, j]·∂k(xᵢ, xⱼ)/∂θ for every log hyperparameter θ.
  ///
  /// - Parameters:
  ///   - weights: n × n, symmetric.
  ///   - covariance: what `matrix(x, x)` returned, so that it need not be made again.
  func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double]
}
