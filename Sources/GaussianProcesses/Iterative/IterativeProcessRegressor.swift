import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// The exact mean of a Gaussian process on many rows, by conjugate gradients, with a proven bound of its error.
///
/// Solves (K + σₙ²I)·α = y without holding K: products are made tile by tile in single precision, the residual again in
/// double precision and what is left solved for once more, until no mean can be further than `tolerance` noise deviations
/// from the exact one. For any row z, |k(z)ᵀC⁻¹r| ≤ √(k(z)ᵀC⁻¹k(z))·√(rᵀC⁻¹r) ≤ √k(z, z)·‖r‖/σₙ, because a variance
/// is not negative and no eigenvalue of C = K + σₙ²I is below σₙ²: the residual r that is left is the certificate.
///
/// The preconditioner is the Nyström approximation by m inducing points, plus noise; the conjugate gradients are those of
/// Hestenes and Stiefel, J. Res. Natl. Bur. Stand. 49 (1952), doi 10.6028/jres.049.044. Variances are those of the
/// inducing-point process, which leave out what other rows explain; calibration makes them honest. Hyperparameters come
/// from the exact likelihood of a random subset.
public struct IterativeProcessRegressor: Regressor, Hashable, Codable {
  /// Inducing points, subset, seed and kernel, which has to be a single stationary one.
  public var base: InducingPointRegressor
  /// How far a mean may be from the exact one, in noise deviations.
  public var tolerance: Double
  /// Products with the covariance in single precision, at most.
  public var iterationLimit: Int

  public init(_ base: InducingPointRegressor = InducingPointRegressor(), tolerance: Double = 0.05, iterationLimit: Int = 200) {
    self.base = base
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// - Throws: `FitError`.
  /// - Complexity: n²·d operations for each iteration; O(n·(d + m) + m²) memory.
  public func fit(_ original: TrainingSet) throws(FitError) -> IterativeProcess {
    guard base.inducingPoints >= 1, base.subsetRows >= 2, tolerance > 0, iterationLimit >= 1 else {
      throw .invalidSetting("at least one inducing point, two rows for the hyperparameters and a tolerance above 0 are needed")
    }
    let data = original.canonicallyOrdered()
    do {
      let features = try NystromFeatures(base, data, keepingRows: true)
      guard let kernel = features.guide.kernel.stationary else {
        throw FitError.invalidSetting("the iterative method knows single stationary kernels only; use inducing points")
      }
      let noise = features.guide.noiseVariance
      let x = features.guide.inputs.transformed(data.features)
      let solver = ConjugateGradients(
        single: TiledCovariance<Float>(kernel, x), double: TiledCovariance<Double>(kernel, x), noise: noise,
        precondition: try features.preconditioner(noise: noise))
      let deviation = noise.squareRoot()
      let solution = solver.solve(
        features.residuals, residualNorm: tolerance * noise / kernel.variance.squareRoot(), iterations: iterationLimit)
      return IterativeProcess(
        inducing: try features.process(noise: noise), kernel: kernel, x: x, weights: solution.weights,
        certifiedError: features.guide.targetSpread * kernel.variance.squareRoot() * solution.residualNorm / deviation,
        iterations: solution.iterations)
    } catch let error as FitError {
      throw error
    } catch {
      throw .numericalFailure("the inducing points cannot be factored: \(error); use fewer of them")
    }
  }
}

/// Preconditioned conjugate gradients in single precision with refinement in double precision.
struct ConjugateGradients {
  let single: TiledCovariance<Float>
  let double: TiledCovariance<Double>
  let noise: Double
  let precondition: @Sendable ([Double]) -> [Double]

  /// Each refinement leaves this share of the residual, or more where rounding does not let it.
  static let reduction = 1e-3
  static let refinementLimit = 8

  struct Solution {
    var weights: [Double]
    /// ‖y − C·weights‖, in double precision.
    var residualNorm: Double
    /// Products in single precision.
    var iterations: Int
  }

  func solve(_ y: [Double], residualNorm target: Double, iterations limit: Int) -> Solution {
    var solution = Solution(weights: [Double](repeating: 0, count: y.count), residualNorm: dot(y, y).squareRoot(), iterations: 0)
    var residual = y
    for _ in 0..<Self.refinementLimit where solution.residualNorm > target && solution.iterations < limit {
      // A margin below the target, so that rounding does not cost another refinement.
      let goal = max(0.5 * target, Self.reduction * solution.residualNorm)
      let (step, used) = descend(residual, goal: goal, limit: limit - solution.iterations)
      solution.iterations += used
      let weights = zip(solution.weights, step).map { $0 + $1 }
      let product = double.multiplied(by: weights)
      let left = y.indices.map { y[$0] - product[$0] - noise * weights[$0] }
      let norm = dot(left, left).squareRoot()
      // Where rounding is as large as the residual, no step helps any more.
      guard norm < solution.residualNorm else { break }
      (solution.weights, solution.residualNorm, residual) = (weights, norm, left)
    }
    return solution
  }

  private func descend(_ start: [Double], goal: Double, limit: Int) -> (step: [Double], iterations: Int) {
    var residual = start
    var step = [Double](repeating: 0, count: start.count)
    var z = precondition(residual)
    var direction = z
    var slope = dot(residual, z)
    for iteration in 1...max(1, limit) {
      var product = single.multiplied(by: direction)
      for i in product.indices { product[i] += noise * direction[i] }
      let curvature = dot(direction, product)
      guard curvature > 0, slope > 0 else { return (step, iteration) }
      let length = slope / curvature
      for i in step.indices {
        step[i] += length * direction[i]
        residual[i] -= length * product[i]
      }
      if dot(residual, residual).squareRoot() <= goal { return (step, iteration) }
      z = precondition(residual)
      let next = dot(residual, z)
      let turn = next / slope
      slope = next
      for i in direction.indices { direction[i] = z[i] + turn * direction[i] }
    }
    return (step, limit)
  }
}

/// What `IterativeProcessRegressor` learned.
public struct IterativeProcess: FittedRegressor {
  public static let kind = "iterative gaussian process"

  /// The process through inducing points that gives the variances.
  public let inducing: InducingPointProcess
  /// No mean is further than this from that of the exact process of the same hyperparameters, in units of the target, but
  /// for the rounding of its own sum.
  public let certifiedError: Double
  /// Products with the covariance that it took.
  public let iterations: Int
  private let kernel: StationaryKernel
  private let x: Matrix
  private let weights: [Double]

  public var featureCount: Int { inducing.featureCount }
  public var rowCount: Int { weights.count }

  init(
    inducing: InducingPointProcess, kernel: StationaryKernel, x: Matrix, weights: [Double], certifiedError: Double,
    iterations: Int
  ) {
    self.inducing = inducing
    self.kernel = kernel
    self.x = x
    self.weights = weights
    self.certifiedError = certifiedError
    self.iterations = iterations
  }

  /// Rows whose covariances with all training rows are held at a time.
  private static let blockSize = 256

  /// - Complexity: O(rows·n·d), by BLAS in double precision.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try inducing.predict(features)
    for start in stride(from: 0, to: features.rows, by: Self.blockSize) {
      let rows = start..<min(features.rows, start + Self.blockSize)
      let z = inducing.inputs.transformed(features.selectingRows(rows))
      let mean = kernel.matrix(z, x).multiplied(by: weights)
      for (k, row) in rows.enumerated() { prediction.mean[row] = inducing.targetMean + inducing.targetSpread * mean[k] }
    }
    return prediction
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(inducing.archive(), under: "inducing")
    archive.set("x", x.elements, shape: [x.rows, x.columns])
    archive.set("weights", weights)
    archive.set("certificate", [certifiedError])
    archive.set("iterations", [iterations])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    inducing = try InducingPointProcess(archive: archive.nested(under: "inducing"))
    guard let kernel = inducing.kernel.stationary else { throw .invalid("kernel", reason: "is not a stationary one") }
    self.kernel = kernel
    let shape = try archive.shape("x")
    guard shape.count == 2, shape[1] == inducing.inputs.active.count else { throw .invalid("x", reason: "has other columns") }
    x = Matrix(rows: shape[0], columns: shape[1], elements: try archive.finiteDoubles("x", shape: shape))
    weights = try archive.finiteDoubles("weights", shape: [shape[0]])
    certifiedError = try archive.double("certificate")
    iterations = try archive.integers("iterations", shape: [1])[0]
  }
}
