import LinearAlgebra
import ModelFiles
import Regression

/// A Gaussian process conditioned on its training rows, in the units of its columns and targets.
///
/// `posterior` is the same process in the units of the kernel, with more to ask of it.
public struct GaussianProcess: FittedRegressor {
  public static let kind = "gaussian process"

  /// In units of standardised columns and targets.
  public let posterior: Posterior<KernelExpression>
  /// σₙ², in units of the variance of the targets.
  public let noiseVariance: Double
  /// log p(y | x) of the standardised targets; for censored rows the approximate one.
  public let logMarginalLikelihood: Double
  /// How far the worst start of the search ended below the best, in log likelihood.
  public let likelihoodSpread: Double
  public let targetMean: Double
  public let targetSpread: Double
  let inputs: ProcessInputs

  public var kernel: KernelExpression { posterior.kernel }
  public var featureCount: Int { inputs.featureCount }

  init(
    posterior: Posterior<KernelExpression>, noiseVariance: Double, logMarginalLikelihood: Double,
    likelihoodSpread: Double, inputs: ProcessInputs, targetMean: Double, targetSpread: Double
  ) {
    self.posterior = posterior
    self.noiseVariance = noiseVariance
    self.logMarginalLikelihood = logMarginalLikelihood
    self.likelihoodSpread = likelihoodSpread
    self.inputs = inputs
    self.targetMean = targetMean
    self.targetSpread = targetSpread
  }

  /// - Complexity: O(m·n·d + m·n²); from n rows on in blocks by BLAS-3, see `BlockPredictor`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    // Preparing L⁻¹ pays off from a third of n rows on; twice that leaves no doubt.
    if features.rows > 2 * posterior.count { return try BlockPredictor(self).predict(features) }
    return directPrediction(features)
  }

  /// By triangular solves.
  func directPrediction(_ features: Matrix) -> Prediction {
    let (mean, variance) = posterior.meanAndVariance(at: inputs.transformed(features))
    return Prediction(
      mean: mean.map { targetMean + targetSpread * $0 },
      standardDeviation: variance.map { targetSpread * ($0 + noiseVariance).squareRoot() })
  }

  /// The covariance of the latent function between rows, m × m, in squared units of the target; a new
  /// measurement has `noiseVariance`·`targetSpread`² besides.
  ///
  /// - Complexity: O(m·n² + m²·n).
  public func covariance(_ features: Matrix) throws(PredictionError) -> Matrix {
    try check(features)
    var result = posterior.covariance(at: inputs.transformed(features))
    for i in result.elements.indices { result.elements[i] *= targetSpread * targetSpread }
    return result
  }

  /// Values of functions drawn from the posterior at each row, draws × m; the functions of one seed are
  /// the same for any rows where the kernel has random features, and jointly drawn where not.
  public func samples(_ features: Matrix, count: Int, seed: UInt64 = 0) throws -> Matrix {
    try check(features)
    let z = inputs.transformed(features)
    var result: Matrix
    if let functions = posterior.pathwiseSamples(count: count, seed: seed) {
      result = functions.values(at: z)
    } else {
      result = try posterior.samples(at: z, count: count, seed: seed)
    }
    for i in result.elements.indices { result.elements[i] = targetMean + targetSpread * result.elements[i] }
    return result
  }

  /// The same process after further measurements, hyperparameters and scaling kept.
  ///
  /// - Parameters:
  ///   - features: m × d, raw.
  ///   - targets: m values, in units of the target.
  /// - Throws: `PredictionError`; `CholeskyError` when the rows cannot be added.
  /// - Complexity: O(n²) for each row.
  public func conditioned(on features: Matrix, targets: [Double]) throws -> GaussianProcess {
    try check(features)
    return replacing(
      try posterior.appending(
        x: inputs.transformed(features), targets: targets.map { ($0 - targetMean) / targetSpread },
        noise: [Double](repeating: noiseVariance, count: targets.count)))
  }

  /// The same process without one of its rows. O(n²).
  public func deleting(row: Int) -> GaussianProcess { replacing(posterior.deleting(row: row)) }

  private func replacing(_ posterior: Posterior<KernelExpression>) -> GaussianProcess {
    GaussianProcess(
      posterior: posterior, noiseVariance: noiseVariance, logMarginalLikelihood: posterior.logMarginalLikelihood,
      likelihoodSpread: likelihoodSpread, inputs: inputs, targetMean: targetMean, targetSpread: targetSpread)
  }

  /// Gradients of the predicted mean and latent variance by the raw features at one place.
  public func gradient(at features: [Double]) throws(PredictionError) -> (mean: [Double], variance: [Double]) {
    let row = Matrix(rows: 1, columns: features.count, elements: features)
    try check(row)
    let inner = posterior.gradient(at: inputs.transformed(row).row(0))
    var mean = [Double](repeating: 0, count: featureCount)
    var variance = mean
    for (k, column) in inputs.active.enumerated() {
      mean[column] = targetSpread * inner.mean[k] / inputs.deviations[k]
      variance[column] = targetSpread * targetSpread * inner.variance[k] / inputs.deviations[k]
    }
    return (mean, variance)
  }

  // MARK: Model files

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("kernel", text: kernel.archivedText)
    archive.set("log_parameters", kernel.logParameters)
    archive.set("noise_variance", [noiseVariance])
    archive.set("log_marginal_likelihood", [logMarginalLikelihood, likelihoodSpread])
    posterior.write(to: &archive)
    archive.set("row_noise", posterior.noise)
    inputs.write(to: &archive)
    archive.set("target", [targetMean, targetSpread])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let (n, d) = try archive.tableShape("x")
    let kernel = try KernelExpression(archivedText: archive.text("kernel"), columns: d)
    noiseVariance = try archive.double("noise_variance")
    let likelihood = try archive.doubles("log_marginal_likelihood", shape: [2])
    logMarginalLikelihood = likelihood[0]
    likelihoodSpread = likelihood[1]
    inputs = try ProcessInputs(archive: archive, columns: d)
    posterior = try Posterior(from: archive, kernel: kernel, noise: archive.doubles("row_noise", shape: [n]))
    let target = try archive.doubles("target", shape: [2])
    targetMean = target[0]
    targetSpread = target[1]
  }
}
