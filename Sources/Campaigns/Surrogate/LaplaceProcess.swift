import CVectorMath
import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression

/// A Gaussian process over a space of compositions, made for growing row by row.
///
/// The covariance is σ²·exp(−d/ℓ) with d a sum of absolute differences, positive definite as a product of
/// exponentials of one column each. Noise is σₙ² plus what is known of each row. Values below or above a
/// detection limit are used as such, by expectation propagation.
///
///     var process = try LaplaceProcess(fitting: points, targets: targets)
///     process.append(point, target: −3.2)          // O(n²), hyperparameters kept
///     let (mean, variance) = process.posterior(of: pool)
public struct LaplaceProcess: Sendable {
  /// In units of standardised targets, and of distance.
  public struct Hyperparameters: Sendable, Equatable, Codable {
    /// σ².
    public var variance: Double
    /// ℓ.
    public var lengthscale: Double
    /// σₙ².
    public var noise: Double

    public init(variance: Double = 1, lengthscale: Double = 1, noise: Double = 0.2) {
      self.variance = variance
      self.lengthscale = lengthscale
      self.noise = noise
    }
  }

  public let hyperparameters: Hyperparameters
  /// Mean and deviation of the targets when the hyperparameters were fitted.
  public let targetMean: Double
  public let targetSpread: Double
  public private(set) var points: Points
  /// Of rows, standardised; for a censored row, the mean of its Gaussian stand-in.
  private var residuals: [Double]
  /// Noise variance of rows, standardised.
  private var noises: [Double]
  private var factor: Cholesky
  /// K⁻¹·residuals.
  private var weights: [Double]

  public var count: Int { residuals.count }

  /// σₙ² in squared units of the target: the variance of a repeated measurement.
  public var noiseVariance: Double { hyperparameters.noise * targetSpread * targetSpread }

  // MARK: Fitting

  /// Weak priors on the logarithms: mean and deviation. A pool's mean distance is 1, its targets have
  /// variance 1, and a fifth of it is noise, give or take a factor of e or more.
  static let priors = (variance: (0.0, 1.5), lengthscale: (0.0, 1.0), noise: (-1.5, 1.0))
  static let bounds = (variance: (-4.0, 3.0), lengthscale: (-2.5, 3.5), noise: (-6.0, 1.0))

  /// Hyperparameters of maximum posterior density, then the posterior of the rows.
  ///
  /// - Parameters:
  ///   - points: the places of the rows.
  ///   - targets: one for each point; for a censored row, the bound.
  ///   - censoring: one for each point; nil where every target is a value.
  ///   - noiseVariances: known ones, in squared units of the target; 0 or nil for none.
  ///   - start: where the search begins, such as the last optimum.
  /// - Throws: `FitError`.
  /// - Complexity: O(n³) for each of at most 60 evaluations.
  public init(
    fitting points: Points, targets: [Double], censoring: [Censoring]? = nil, noiseVariances: [Double]? = nil,
    from start: Hyperparameters = Hyperparameters()
  ) throws(FitError) {
    guard !targets.isEmpty else { throw .noRows }
    guard points.count == targets.count else { throw .lengthMismatch("points", points.count, rows: targets.count) }
    if let row = targets.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteTarget(row: row) }
    let moments = Standardizer.moments(of: targets)
    let spread = moments.deviation > 0 ? moments.deviation : 1
    let residuals = targets.map { ($0 - moments.mean) / spread }
    let known = noiseVariances?.map { $0 / (spread * spread) } ?? [Double](repeating: 0, count: targets.count)
    let best = Self.search(points.distances(to: points), residuals, known, from: start)
    try self.init(
      points: points, targets: targets, censoring: censoring, noiseVariances: noiseVariances, hyperparameters: best,
      targetMean: moments.mean, targetSpread: spread)
  }

  /// The posterior of rows under given hyperparameters.
  ///
  /// - Throws: `FitError.numericalFailure`.
  public init(
    points: Points, targets: [Double], censoring: [Censoring]? = nil, noiseVariances: [Double]? = nil,
    hyperparameters: Hyperparameters, targetMean: Double, targetSpread: Double
  ) throws(FitError) {
    self.hyperparameters = hyperparameters
    self.targetMean = targetMean
    self.targetSpread = targetSpread
    self.points = points
    residuals = targets.map { ($0 - targetMean) / targetSpread }
    noises = (noiseVariances ?? [Double](repeating: 0, count: targets.count)).map {
      $0 / (targetSpread * targetSpread) + hyperparameters.noise
    }
    let covariance = Self.covariance(points.distances(to: points), hyperparameters)
    do {
      if let censoring, censoring.contains(where: { $0 != .none }) {
        let sites = try CensoredSites(
          covariance: covariance, bounds: residuals, censoring: censoring, noises: noises)
        residuals = sites.means
        noises = sites.variances
      }
      factor = try Self.factor(covariance, noises)
    } catch {
      throw .numericalFailure("the covariance of the measured rows cannot be factored (\(error)); remove repeats")
    }
    weights = factor.solve(residuals)
  }

  private static func factor(_ covariance: Matrix, _ noises: [Double]) throws(CholeskyError) -> Cholesky {
    var noisy = covariance
    for i in noises.indices { noisy[i, i] += noises[i] + 1e-9 }
    return try Cholesky(of: noisy)
  }

  static func covariance(_ distances: Matrix, _ h: Hyperparameters) -> Matrix {
    var result = distances
    let inverse = -1 / h.lengthscale
    result.elements.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] *= inverse }
      superionic_exp(values.baseAddress, values.count)
      for i in values.indices { values[i] *= h.variance }
    }
    return result
  }

  private static func search(
    _ distances: Matrix, _ residuals: [Double], _ known: [Double], from start: Hyperparameters
  ) -> Hyperparameters {
    let n = residuals.count
    let centres = [priors.variance, priors.lengthscale, priors.noise]
    let limits = [bounds.variance, bounds.lengthscale, bounds.noise]
    var optimiser = BoundedLBFGS(lower: limits.map(\.0), upper: limits.map(\.1))
    optimiser.iterationLimit = 60
    let optimum = optimiser.minimize(from: [log(start.variance), log(start.lengthscale), log(start.noise)]) { p in
      let h = Hyperparameters(variance: exp(p[0]), lengthscale: exp(p[1]), noise: exp(p[2]))
      let k = covariance(distances, h)
      guard let factor = try? factor(k, known.map { $0 + h.noise }) else { return nil }
      let alpha = factor.solve(residuals)
      let inverse = factor.inverse
      var value = 0.5 * dot(residuals, alpha) + 0.5 * factor.logDeterminant
      var byVariance = 0.0
      var byLengthscale = 0.0
      var byNoise = 0.0
      // ½·tr((K⁻¹ − ααᵀ)·∂K/∂θ) for every θ at once.
      k.elements.withUnsafeBufferPointer { k in
        distances.elements.withUnsafeBufferPointer { d in
          inverse.elements.withUnsafeBufferPointer { v in
            for i in 0..<n {
              let row = i * n
              for j in 0..<n {
                let w = (v[row + j] - alpha[i] * alpha[j]) * k[row + j]
                byVariance += w
                byLengthscale += w * d[row + j]
              }
              byNoise += v[row + i] - alpha[i] * alpha[i]
            }
          }
        }
      }
      var gradient = [0.5 * byVariance, 0.5 * byLengthscale / h.lengthscale, 0.5 * byNoise * h.noise]
      for (i, prior) in centres.enumerated() {
        let z = (p[i] - prior.0) / prior.1
        value += 0.5 * z * z
        gradient[i] += z / prior.1
      }
      return (value, gradient)
    }
    guard let point = optimum?.point else { return start }
    return Hyperparameters(variance: exp(point[0]), lengthscale: exp(point[1]), noise: exp(point[2]))
  }

  // MARK: Growing

  /// Adds a measured row without a refit. O(n²).
  ///
  /// - Returns: false, and no change, when the row repeats others so exactly that it adds nothing.
  @discardableResult
  public mutating func append(_ point: Points, target: Double, noiseVariance: Double = 0) -> Bool {
    precondition(point.count == 1, "one row at a time")
    let noise = noiseVariance / (targetSpread * targetSpread) + hyperparameters.noise
    let cross = Self.covariance(points.distances(to: point), hyperparameters).elements
    let diagonal = hyperparameters.variance + noise + 1e-9
    let grown = try? factor.appending(
      cross: Matrix(rows: 1, columns: count, elements: cross), corner: Matrix(rows: 1, columns: 1, elements: [diagonal]))
    guard let grown, let pivot = grown.lower.elements.last, pivot * pivot > 1e-12 * diagonal else { return false }
    factor = grown
    points.append(point)
    residuals.append((target - targetMean) / targetSpread)
    noises.append(noise)
    weights = factor.solve(residuals)
    return true
  }

  func residual(_ row: Int) -> Double { residuals[row] }
  func noise(_ row: Int) -> Double { noises[row] }
  func solve(_ right: Matrix) -> Matrix { factor.solve(right) }

  // MARK: Predicting

  /// Mean and variance of the latent value at some points, in units of the target.
  ///
  /// - Complexity: O(m·n·width + m·n²), in blocks on all cores.
  public func posterior(of pool: Points) -> (mean: [Double], variance: [Double]) {
    let m = pool.count
    var mean = [Double](repeating: targetMean, count: m)
    var variance = [Double](repeating: 0, count: m)
    mean.withUnsafeMutableBufferPointer { mean in
      variance.withUnsafeMutableBufferPointer { variance in
        nonisolated(unsafe) let (means, variances) = (mean, variance)
        Threads.forEachChunk(of: m, chunkSize: Self.blockSize) { range in
          let cross = Self.covariance(points.distances(to: pool.selecting(range)), hyperparameters)
          let blockMean = cross.multiplied(by: weights, transposingSelf: true)
          let solved = factor.solveLower(cross)
          var explained = [Double](repeating: 0, count: range.count)
          solved.elements.withUnsafeBufferPointer { v in
            for i in 0..<solved.rows {
              let row = i * range.count
              for j in 0..<range.count { explained[j] += v[row + j] * v[row + j] }
            }
          }
          for (j, target) in range.enumerated() {
            means[target] += targetSpread * blockMean[j]
            variances[target] =
              targetSpread * targetSpread * max(0, hyperparameters.variance - explained[j])
          }
        }
      }
    }
    return (mean, variance)
  }

  static let blockSize = 2048

  /// Posterior covariances of the latent values of two sets of points, in squared units of the target.
  ///
  /// - Complexity: O(n²·(a + b) + a·b·n).
  public func covariance(_ a: Points, _ b: Points) -> Matrix {
    let va = factor.solveLower(Self.covariance(points.distances(to: a), hyperparameters))
    let vb = a == b ? va : factor.solveLower(Self.covariance(points.distances(to: b), hyperparameters))
    var result = Self.covariance(a.distances(to: b), hyperparameters)
    let explained = va.multiplied(by: vb, transposingSelf: true)
    for i in result.elements.indices {
      result.elements[i] = targetSpread * targetSpread * (result.elements[i] - explained.elements[i])
    }
    return result
  }
}
