import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// A Gaussian process that knows its data through inducing points; see `InducingPointRegressor`.
public struct InducingPointProcess: FittedRegressor {
  public static let kind = "inducing-point gaussian process"

  public let kernel: KernelExpression
  /// σₙ², in units of the variance of the targets.
  public let noiseVariance: Double
  /// What log p(y | x) of the standardised targets certainly lies between.
  public let evidence: (lower: Double, upper: Double)
  /// What was added to the diagonal of the inducing points' covariance so that it could be factored.
  public let jitter: Double
  let inputs: ProcessInputs
  private let inducing: Matrix
  private let weights: [Double]
  private let factor: Cholesky
  private let inner: Cholesky
  let targetMean: Double
  let targetSpread: Double

  public var featureCount: Int { inputs.featureCount }
  public var inducingPointCount: Int { inducing.rows }

  init(
    kernel: KernelExpression, inducing: Matrix, weights: [Double], factor: Cholesky, inner: Cholesky,
    noiseVariance: Double, evidence: (lower: Double, upper: Double), jitter: Double, inputs: ProcessInputs,
    targetMean: Double, targetSpread: Double
  ) {
    self.kernel = kernel
    self.inducing = inducing
    self.weights = weights
    self.factor = factor
    self.inner = inner
    self.noiseVariance = noiseVariance
    self.evidence = evidence
    self.jitter = jitter
    self.inputs = inputs
    self.targetMean = targetMean
    self.targetSpread = targetSpread
  }

  /// Mean and deviation of new measurements.
  ///
  /// - Complexity: O(rows·m·(d + m)), in blocks.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    var prediction = Prediction(mean: [], standardDeviation: [])
    for start in stride(from: 0, to: features.rows, by: InducingPointRegressor.blockSize) {
      let rows = start..<min(features.rows, start + InducingPointRegressor.blockSize)
      let z = inputs.transformed(features.selectingRows(rows))
      let cross = kernel.matrix(inducing, z)
      let mean = cross.multiplied(by: weights, transposingSelf: true)
      let prior = factor.solveLower(cross)
      let learned = inner.solveLower(prior)
      var variance = kernel.diagonal(z)
      for i in 0..<prior.rows {
        for j in variance.indices { variance[j] += learned[i, j] * learned[i, j] - prior[i, j] * prior[i, j] }
      }
      prediction.mean += mean.map { targetMean + targetSpread * $0 }
      prediction.standardDeviation += variance.map { targetSpread * (max(0, $0) + noiseVariance).squareRoot() }
    }
    return prediction
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("kernel", text: kernel.archivedText)
    let (m, d) = (inducing.rows, inducing.columns)
    archive.set("noise_variance", [noiseVariance])
    archive.set("evidence", [evidence.lower, evidence.upper])
    archive.set("jitter", [jitter])
    archive.set("inducing", inducing.elements, shape: [m, d])
    archive.set("weights", weights)
    archive.set("factor", factor.lower.elements, shape: [m, m])
    archive.set("inner", inner.lower.elements, shape: [m, m])
    inputs.write(to: &archive)
    archive.set("target", [targetMean, targetSpread])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let (m, d) = try archive.tableShape("inducing")
    kernel = try KernelExpression(archivedText: archive.text("kernel"), columns: d)
    noiseVariance = try archive.double("noise_variance")
    let bounds = try archive.doubles("evidence", shape: [2])
    evidence = (bounds[0], bounds[1])
    // Older files do not say.
    jitter = archive.tensors["jitter"] == nil ? 0 : try archive.double("jitter")
    inputs = try ProcessInputs(archive: archive, columns: d)
    inducing = Matrix(rows: m, columns: d, elements: try archive.doubles("inducing"))
    weights = try archive.doubles("weights", shape: [m])
    factor = Cholesky(lower: Matrix(rows: m, columns: m, elements: try archive.doubles("factor", shape: [m, m])))
    inner = Cholesky(lower: Matrix(rows: m, columns: m, elements: try archive.doubles("inner", shape: [m, m])))
    let target = try archive.doubles("target", shape: [2])
    targetMean = target[0]
    targetSpread = target[1]
  }
}
