import Foundation
import LinearAlgebra
import Regression

/// Predicts mean and standard deviation of very many rows from one Gaussian process.
///
///     let predictor = BlockPredictor(model, precision: .single)
///     let prediction = try predictor.predict(features)
///
/// What depends on the training rows alone (their scaled copy, C⁻¹'s factor) is made once. Rows are
/// then taken in blocks, on all threads: one product for the distances, the kernel's profile, one
/// product with α, one with the triangle of L⁻¹ in panels, so that nearly all of the n² operations of
/// a row run at the rate of `gemm`. A row's numbers do not depend on the number of threads.
///
/// With a `rank` r the variance comes from the r leading eigenvectors of C, r·n operations for a row:
/// each deviation is then the middle of two bounds that `deviationBounds` returns, see
/// `TruncatedVariance`.
///
/// In single precision the mean and variance carry rounding of 24-bit numbers; `measuredError(on:)`
/// says how much that is for given rows.
public struct BlockPredictor: Sendable {
  public enum Precision: String, Sendable, Codable, CaseIterable {
    case double
    case single
  }

  public let precision: Precision
  private let process: GaussianProcess
  private let engine: Engine

  private enum Engine: Sendable {
    case double(StationaryBlocks<Double>)
    case single(StationaryBlocks<Float>)
    /// A composite kernel makes its covariances itself.
    case general
  }

  /// Rows of a block.
  static let blockSize = 512

  /// - Parameters:
  ///   - process: the fitted process, on n rows.
  ///   - precision: of the products; a composite kernel has double precision always.
  ///   - rank: of a truncated variance; nil, or n and more, for the exact one. A composite kernel has the
  ///     exact one always.
  /// - Complexity: n³/3 operations for L⁻¹; one eigendecomposition, O(n³), for a truncated variance.
  public init(_ process: GaussianProcess, precision: Precision = .double, rank: Int? = nil) {
    self.process = process
    guard let kernel = process.posterior.kernel.stationary else {
      engine = .general
      self.precision = .double
      return
    }
    self.precision = precision
    engine =
      switch precision {
      case .double: .double(Self.blocks(process, kernel, rank))
      case .single: .single(Self.blocks(process, kernel, rank))
      }
  }

  private static func blocks<S: BlockScalar>(
    _ process: GaussianProcess, _ kernel: StationaryKernel, _ rank: Int?
  ) -> StationaryBlocks<S> {
    // A decomposition that fails, as it does for no finite matrix, leaves the exact variance.
    if let rank, rank < process.posterior.count, let truncated = try? TruncatedVariance<S>(process, rank: rank) {
      return StationaryBlocks(process, kernel, form: .truncated(truncated))
    }
    let inverse = process.posterior.factor.inverseFactor.elements.map { S($0) }
    return StationaryBlocks(process, kernel, form: .factor(inverse))
  }

  public var featureCount: Int { process.featureCount }

  /// - Parameter features: m × d, raw.
  /// - Throws: `PredictionError` for another width, or for NaN and infinity.
  /// - Complexity: m·(2·n·d + n²) operations, or m·(2·n·d + 2·n·r) with a rank r.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    let bounds = try deviationBounds(features)
    return Prediction(mean: bounds.mean, standardDeviation: zip(bounds.least, bounds.most).map { 0.5 * ($0 + $1) })
  }

  /// Means, and for each row two numbers between which its deviation lies; the same number without a rank.
  ///
  /// Bounds are those of exact arithmetic; rounding, which `measuredError(on:)` measures, comes on top.
  public func deviationBounds(
    _ features: Matrix
  ) throws(PredictionError) -> (mean: [Double], least: [Double], most: [Double]) {
    try process.check(features)
    let zeros = [Double](repeating: 0, count: features.rows)
    var (mean, least, most) = (zeros, zeros, zeros)
    features.elements.withUnsafeBufferPointer { x in
      mean.withUnsafeMutableBufferPointer { mean in
        least.withUnsafeMutableBufferPointer { least in
          most.withUnsafeMutableBufferPointer { most in
            predict(x, rows: features.rows, into: .init(mean: mean, least: least, most: most))
          }
        }
      }
    }
    return (mean, least, most)
  }

  private func predict(_ features: UnsafeBufferPointer<Double>, rows: Int, into output: StationaryBlocks<Double>.Output) {
    guard rows > 0, let base = features.baseAddress else { return }
    nonisolated(unsafe) let (x, output) = (base, output)
    let size = Self.blockSize
    switch engine {
    case .double(let blocks):
      Threads.forEachChunk(of: rows, chunkSize: size) {
        blocks.predict(x, $0, shape: $0.count, countingRounding: false, into: output)
      }
    case .single(let blocks):
      let single = StationaryBlocks<Float>.Output(mean: output.mean, least: output.least, most: output.most)
      nonisolated(unsafe) let out = single
      Threads.forEachChunk(of: rows, chunkSize: size) {
        blocks.predict(x, $0, shape: $0.count, countingRounding: false, into: out)
      }
    case .general:
      let d = featureCount
      for start in stride(from: 0, to: rows, by: size) {
        let block = start..<min(rows, start + size)
        let part = Matrix(
          rows: block.count, columns: d, elements: Array(features[block.lowerBound * d..<block.upperBound * d]))
        let prediction = process.directPrediction(part)
        for (k, i) in block.enumerated() {
          output.mean[i] = prediction.mean[k]
          output.least?[i] = prediction.standardDeviation[k]
          output.most?[i] = prediction.standardDeviation[k]
        }
      }
    }
  }

  /// The largest differences from double precision by triangular solves, over these rows.
  ///
  /// - Returns: |Δmean| and |Δstandard deviation|, in units of the target.
  public func measuredError(on features: Matrix) throws(PredictionError) -> (mean: Double, standardDeviation: Double) {
    try process.check(features)
    let fast = try predict(features)
    let exact = process.directPrediction(features)
    func worst(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    return (worst(fast.mean, exact.mean), worst(fast.standardDeviation, exact.standardDeviation))
  }
}
