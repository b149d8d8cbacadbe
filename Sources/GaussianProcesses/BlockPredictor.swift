import CVectorMath
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

  /// - Complexity: n³/3 operations for L⁻¹.
  public init(_ process: GaussianProcess, precision: Precision = .double) {
    self.process = process
    guard let kernel = process.posterior.kernel.stationary else {
      engine = .general
      self.precision = .double
      return
    }
    self.precision = precision
    engine =
      switch precision {
      case .double: .double(StationaryBlocks(process, kernel))
      case .single: .single(StationaryBlocks(process, kernel))
      }
  }

  public var featureCount: Int { process.featureCount }

  /// - Parameter features: m × d, raw.
  /// - Throws: `PredictionError` for another width, or for NaN and infinity.
  /// - Complexity: m·(2·n·d + n²) operations.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try process.check(features)
    var prediction = Prediction(
      mean: [Double](repeating: 0, count: features.rows),
      standardDeviation: [Double](repeating: 0, count: features.rows))
    features.elements.withUnsafeBufferPointer { x in
      prediction.mean.withUnsafeMutableBufferPointer { mean in
        prediction.standardDeviation.withUnsafeMutableBufferPointer { deviation in
          predict(x, rows: features.rows, mean: mean, standardDeviation: deviation)
        }
      }
    }
    return prediction
  }

  /// The same into buffers of the caller, for streams; nothing is checked, so a NaN gives NaN.
  ///
  /// - Parameters:
  ///   - features: rows × `featureCount`, row-major, raw.
  ///   - mean: `rows` values are written.
  ///   - standardDeviation: the same.
  public func predict(
    _ features: UnsafeBufferPointer<Double>, rows: Int, mean: UnsafeMutableBufferPointer<Double>,
    standardDeviation: UnsafeMutableBufferPointer<Double>
  ) {
    guard rows > 0 else { return }
    nonisolated(unsafe) let (x, mean, deviation) = (features, mean, standardDeviation)
    switch engine {
    case .double(let blocks):
      Threads.forEachChunk(of: rows, chunkSize: Self.blockSize) { blocks.predict(x, $0, mean, deviation) }
    case .single(let blocks):
      Threads.forEachChunk(of: rows, chunkSize: Self.blockSize) { blocks.predict(x, $0, mean, deviation) }
    case .general:
      let d = featureCount
      for start in stride(from: 0, to: rows, by: Self.blockSize) {
        let block = start..<min(rows, start + Self.blockSize)
        let part = Matrix(
          rows: block.count, columns: d, elements: Array(x[block.lowerBound * d..<block.upperBound * d]))
        let prediction = process.directPrediction(part)
        for (k, i) in block.enumerated() {
          mean[i] = prediction.mean[k]
          deviation[i] = prediction.standardDeviation[k]
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

/// The block loop for one stationary kernel, in either precision.
struct StationaryBlocks<Scalar: BlockScalar>: Sendable {
  private let profile: Int32
  private let variance: Scalar
  /// a = (x[active] − shift)·scale brings a raw row to units of lengthscales.
  private let active: [Int]
  private let shifts: [Double]
  private let scales: [Double]
  /// n × d, and n squared norms.
  private let rows: [Scalar]
  private let norms: [Scalar]
  private let weights: [Scalar]
  /// L⁻¹, n × n.
  private let inverseFactor: [Scalar]
  private let count: Int
  private let width: Int
  private let featureCount: Int
  private let targetMean: Double
  private let targetSpread: Double
  private let noiseVariance: Double
  private let priorVariance: Double

  /// Columns of a panel of L⁻¹.
  private static var panel: Int { 128 }

  init(_ process: GaussianProcess, _ kernel: StationaryKernel) {
    let posterior = process.posterior
    let x = posterior.x
    profile = kernel.profile.code
    variance = Scalar(kernel.variance)
    priorVariance = kernel.variance
    let lengthscales = kernel.lengthscales
    func lengthscale(_ k: Int) -> Double { lengthscales[lengthscales.count == 1 ? 0 : k] }
    active = process.inputs.active
    shifts = process.inputs.means
    scales = process.inputs.deviations.enumerated().map { 1 / ($1 * lengthscale($0)) }
    let scaled = ScaledRows(x, lengthscales)
    rows = scaled.values.elements.map { Scalar($0) }
    norms = scaled.norms.map { Scalar($0) }
    weights = posterior.weights.map { Scalar($0) }
    inverseFactor = posterior.factor.inverseFactor.elements.map { Scalar($0) }
    count = x.rows
    width = x.columns
    featureCount = process.featureCount
    targetMean = process.targetMean
    targetSpread = process.targetSpread
    noiseVariance = process.noiseVariance
  }

  /// Predicts the rows of one block.
  func predict(
    _ features: UnsafeBufferPointer<Double>, _ block: Range<Int>, _ mean: UnsafeMutableBufferPointer<Double>,
    _ deviation: UnsafeMutableBufferPointer<Double>
  ) {
    let (m, n, d) = (block.count, count, width)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: m * (max(d, 1) + n + Self.panel) + n) { scratch in
      guard let a = scratch.baseAddress else { return }
      let cross = a + m * max(d, 1)
      let panel = cross + m * n
      for (r, i) in block.enumerated() {
        for k in 0..<d {
          a[r * d + k] = Scalar((features[i * featureCount + active[k]] - shifts[k]) * scales[k])
        }
      }
      rows.withUnsafeBufferPointer { x in
        if let x = x.baseAddress, d > 0 {
          Scalar.multiply(a, d, x, d, transposed: true, into: cross, n, m: m, n: n, k: d)
        } else {
          for i in 0..<m * n { cross[i] = 0 }
        }
      }
      norms.withUnsafeBufferPointer { norms in
        for r in 0..<m {
          let norm = Scalar.sumOfSquares(a + r * d, d)
          if let norms = norms.baseAddress { Scalar.correlate(profile, cross + r * n, n, norm, norms, variance) }
        }
      }
      weights.withUnsafeBufferPointer { w in
        if let w = w.baseAddress { Scalar.multiply(cross, n, w, 1, transposed: false, into: panel, 1, m: m, n: 1, k: n) }
      }
      for (r, i) in block.enumerated() { mean[i] = targetMean + targetSpread * Double(panel[r]) }
      for i in block { deviation[i] = priorVariance }
      inverseFactor.withUnsafeBufferPointer { l in
        guard let l = l.baseAddress else { return }
        for start in stride(from: 0, to: n, by: Self.panel) {
          let end = min(n, start + Self.panel)
          let size = end - start
          // Columns start..<end of k·L⁻ᵀ need the rows start..<end of L⁻¹, which end at the diagonal.
          Scalar.multiply(cross, n, l + start * n, n, transposed: true, into: panel, size, m: m, n: size, k: end)
          for (r, i) in block.enumerated() { deviation[i] -= Double(Scalar.sumOfSquares(panel + r * size, size)) }
        }
      }
      for i in block { deviation[i] = targetSpread * (max(0, deviation[i]) + noiseVariance).squareRoot() }
    }
  }
}

/// The two precisions of the block loop.
protocol BlockScalar: BinaryFloatingPoint, Sendable {
  static func multiply(
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, transposed: Bool,
    into c: UnsafeMutablePointer<Self>, _ ldc: Int, m: Int, n: Int, k: Int)
  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Self>, _ count: Int, _ norm: Self, _ norms: UnsafePointer<Self>,
    _ variance: Self)
  static func sumOfSquares(_ x: UnsafePointer<Self>, _ count: Int) -> Self
}

extension Double: BlockScalar {
  static func multiply(
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, transposed: Bool,
    into c: UnsafeMutablePointer<Double>, _ ldc: Int, m: Int, n: Int, k: Int
  ) { SerialProducts.multiply(a, lda, b, ldb, transposed: transposed, into: c, ldc, m: m, n: n, k: k, alpha: 1) }

  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Double>, _ count: Int, _ norm: Double,
    _ norms: UnsafePointer<Double>, _ variance: Double
  ) { superionic_correlate(profile, dots, count, norm, norms, variance) }

  static func sumOfSquares(_ x: UnsafePointer<Double>, _ count: Int) -> Double { superionic_sum_of_squares(x, count) }
}

extension Float: BlockScalar {
  static func multiply(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, transposed: Bool,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int
  ) { SerialProducts.multiply(a, lda, b, ldb, transposed: transposed, into: c, ldc, m: m, n: n, k: k, alpha: 1) }

  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Float>, _ count: Int, _ norm: Float,
    _ norms: UnsafePointer<Float>, _ variance: Float
  ) { superionic_correlatef(profile, dots, count, norm, norms, variance) }

  static func sumOfSquares(_ x: UnsafePointer<Float>, _ count: Int) -> Float { superionic_sum_of_squaresf(x, count) }
}
