import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// A Gaussian process conditioned on its training rows.
public struct GaussianProcess: FittedRegressor {
  public static let kind = "gaussian process"

  /// In units of standardised columns and targets.
  public let kernel: StationaryKernel
  /// σₙ², in units of the variance of the targets.
  public let noiseVariance: Double
  /// log p(y | x) of the standardised targets.
  public let logMarginalLikelihood: Double
  /// How far the worst start of the search ended below the best, in log likelihood.
  public let likelihoodSpread: Double
  public let featureCount: Int

  let x: Matrix
  let weights: [Double]
  private let factor: Cholesky
  let active: [Int]
  let means: [Double]
  let deviations: [Double]
  let targetMean: Double
  let targetSpread: Double

  init(
    kernel: StationaryKernel, noiseVariance: Double, x: Matrix, residuals: [Double], active: [Int],
    standardizer: Standardizer, targetMean: Double, targetSpread: Double, likelihoodSpread: Double
  ) throws(CholeskyError) {
    let likelihood = try LogMarginalLikelihood(
      kernel, noiseVariance: noiseVariance, at: x, residuals: residuals, withGradient: false)
    self.kernel = kernel
    self.noiseVariance = noiseVariance
    logMarginalLikelihood = likelihood.value
    self.likelihoodSpread = likelihoodSpread
    featureCount = standardizer.means.count
    self.x = x
    weights = likelihood.weights
    factor = likelihood.factor
    self.active = active
    means = active.map { standardizer.means[$0] }
    deviations = active.map { standardizer.deviations[$0] }
    self.targetMean = targetMean
    self.targetSpread = targetSpread
  }

  /// - Complexity: O(m·n·d + m·n²), in blocks of `blockSize` rows by BLAS-3.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    var prediction = Prediction(mean: [], standardDeviation: [])
    var start = 0
    while start < features.rows {
      let block = features.selectingRows(start..<min(start + Self.blockSize, features.rows))
      let (mean, variance) = posterior(standardized(block))
      prediction.mean += mean.map { targetMean + targetSpread * $0 }
      prediction.standardDeviation += variance.map { targetSpread * ($0 + noiseVariance).squareRoot() }
      start += block.rows
    }
    return prediction
  }

  static let blockSize = 1024

  /// Mean and variance of the latent function, standardised.
  private func posterior(_ z: Matrix) -> (mean: [Double], variance: [Double]) {
    let cross = kernel.matrix(x, z)
    let mean = cross.multiplied(by: weights, transposingSelf: true)
    let solved = factor.solveLower(cross)
    var variance = kernel.diagonal(z)
    for i in 0..<solved.rows {
      for j in 0..<solved.columns { variance[j] -= solved[i, j] * solved[i, j] }
    }
    // Rounding can take a variance below zero at a training row.
    return (mean, variance.map { max(0, $0) })
  }

  private func standardized(_ features: Matrix) -> Matrix {
    var result = features.selectingColumns(active)
    for i in 0..<result.rows {
      for j in 0..<result.columns { result[i, j] = (result[i, j] - means[j]) / deviations[j] }
    }
    return result
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("profile", text: kernel.profile.rawValue)
    archive.set("variance", [kernel.variance])
    archive.set("lengthscales", kernel.lengthscales)
    archive.set("noise_variance", [noiseVariance])
    archive.set("log_marginal_likelihood", [logMarginalLikelihood, likelihoodSpread])
    archive.set("feature_count", [featureCount])
    archive.set("x", x.elements, shape: [x.rows, x.columns])
    archive.set("weights", weights)
    archive.set("factor", factor.lower.elements, shape: [x.rows, x.rows])
    archive.set("active", active)
    archive.set("means", means)
    archive.set("deviations", deviations)
    archive.set("target", [targetMean, targetSpread])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    guard let profile = StationaryKernel.Profile(rawValue: try archive.text("profile")) else {
      throw .invalid("profile", reason: "is a kernel that this version lacks")
    }
    let lengthscales = try archive.doubles("lengthscales")
    let shape = try archive.shape("x")
    guard shape.count == 2, !lengthscales.isEmpty, lengthscales.count == 1 || lengthscales.count == shape[1] else {
      throw .invalid("lengthscales", reason: "does not fit the columns")
    }
    kernel = StationaryKernel(profile, variance: try archive.double("variance"), lengthscales: lengthscales)
    noiseVariance = try archive.double("noise_variance")
    let likelihood = try archive.doubles("log_marginal_likelihood", shape: [2])
    logMarginalLikelihood = likelihood[0]
    likelihoodSpread = likelihood[1]
    let featureCount = try archive.integers("feature_count", shape: [1])[0]
    self.featureCount = featureCount
    x = Matrix(rows: shape[0], columns: shape[1], elements: try archive.doubles("x"))
    weights = try archive.doubles("weights", shape: [shape[0]])
    factor = Cholesky(
      lower: Matrix(
        rows: shape[0], columns: shape[0], elements: try archive.doubles("factor", shape: [shape[0], shape[0]])))
    active = try archive.integers("active", shape: [shape[1]])
    guard active.allSatisfy({ (0..<featureCount).contains($0) }) else {
      throw .invalid("active", reason: "names a feature that is not there")
    }
    means = try archive.doubles("means", shape: [shape[1]])
    deviations = try archive.doubles("deviations", shape: [shape[1]])
    let target = try archive.doubles("target", shape: [2])
    targetMean = target[0]
    targetSpread = target[1]
  }
}
