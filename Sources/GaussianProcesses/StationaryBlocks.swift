import Foundation
import LinearAlgebra

/// Means and deviations of blocks of raw rows from a process with one stationary kernel.
struct StationaryBlocks<Scalar: BlockScalar>: Sendable {
  /// What a variance is made from.
  enum VarianceForm: Sendable {
    /// Means only.
    case none
    /// L⁻¹, n × n: exact but for rounding.
    case factor([Scalar])
    /// The leading part: two bounds.
    case truncated(TruncatedVariance<Scalar>)
  }

  /// Where results go, by row; what is nil is not asked for.
  struct Output {
    var mean: UnsafeMutableBufferPointer<Double>
    /// How far a mean can be from the exact one, by rounding.
    var tolerance: UnsafeMutableBufferPointer<Double>?
    /// Bounds of the deviation of a new measurement; the same number twice where it is exact.
    var least: UnsafeMutableBufferPointer<Double>?
    var most: UnsafeMutableBufferPointer<Double>?
  }

  private let covariances: CovarianceBlocks<Scalar>
  private let form: VarianceForm
  private let targetSpread: Double
  private let noiseVariance: Double

  init(_ process: GaussianProcess, _ kernel: StationaryKernel, form: VarianceForm) {
    covariances = CovarianceBlocks(process, kernel)
    self.form = form
    targetSpread = process.targetSpread
    noiseVariance = process.noiseVariance
  }

  /// Columns of a panel of L⁻¹.
  private static var panel: Int { 128 }

  /// Predicts the rows of one block.
  ///
  /// - Parameters:
  ///   - shape: see `CovarianceBlocks.fill`.
  ///   - counting: whether bounds of deviations allow for rounding.
  func predict(
    _ features: UnsafePointer<Double>, _ block: Range<Int>, shape: Int, countingRounding counting: Bool, into out: Output
  ) {
    let n = covariances.count
    let columns =
      switch form {
      case .none: 0
      case .factor: Self.panel
      case .truncated(let truncated): truncated.rank
      }
    let capacity = covariances.scratch(rows: shape) + shape * (n + columns)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: capacity) { memory in
      guard let cross = memory.baseAddress else { return }
      let projected = cross + shape * n
      let squares = covariances.fill(features, block, shape: shape, into: cross, scratch: projected + shape * columns)
      for (r, i) in block.enumerated() {
        out.mean[i] = covariances.mean(cross + r * n)
        out.tolerance?[i] = covariances.meanTolerance(squaredNorm: Double(squares[r])) ?? .infinity
      }
      guard let least = out.least else { return }
      let prior = covariances.variance
      switch form {
      case .none: break
      case .factor(let inverse):
        for i in block { least[i] = prior }
        inverse.withUnsafeBufferPointer { l in
          guard let l = l.baseAddress else { return }
          for start in stride(from: 0, to: n, by: Self.panel) {
            let end = min(n, start + Self.panel)
            let size = end - start
            // Columns start..<end of k·L⁻ᵀ need the rows start..<end of L⁻¹, which end at the diagonal.
            SerialProducts.multiply(
              cross, n, l + start * n, n, transposed: true, into: projected, size, m: shape, n: size, k: end)
            for (r, i) in block.enumerated() {
              least[i] -= Scalar.dot(projected + r * size, projected + r * size, size)
            }
          }
        }
        for i in block {
          least[i] = deviation(max(0, least[i]))
          out.most?[i] = least[i]
        }
      case .truncated(let truncated):
        truncated.project(cross, rows: shape, into: projected)
        for (r, i) in block.enumerated() {
          let tolerance = counting ? covariances.covarianceTolerance(squaredNorm: Double(squares[r])) ?? .infinity : 0
          let bounds = truncated.bounds(cross + r * n, projected + r * columns, prior: prior, tolerance: tolerance)
          least[i] = deviation(bounds.least)
          out.most?[i] = deviation(min(prior, bounds.most))
        }
      }
    }
  }

  private func deviation(_ variance: Double) -> Double { targetSpread * (variance + noiseVariance).squareRoot() }
}
