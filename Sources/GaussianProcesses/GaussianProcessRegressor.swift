import Foundation
import LinearAlgebra
import Regression

/// Exact Gaussian-process regression with hyperparameters of maximum marginal likelihood.
///
///     let model = try GaussianProcessRegressor(profile: .matern52).fit(data)
///     let prediction = try model.predict(features)
///     let (lower, upper) = prediction.interval(0.9)
///
/// Columns are standardised (constant ones drop out) and targets too; the mean is constant, the
/// kernel one `StationaryKernel`, the noise Gaussian. A censored row is used as if it had been
/// measured at its bound.
public struct GaussianProcessRegressor: Regressor, Hashable, Codable {
  public var profile: StationaryKernel.Profile
  /// One lengthscale for each column instead of one for all.
  public var usesARD: Bool
  /// Starting points of the search; the best optimum found is kept.
  public var starts: Int
  public var seed: UInt64

  /// Bounds of σ², ℓ/√d and σₙ², in units of the standardised targets and columns.
  static let varianceBounds = (1e-2, 1e2)
  static let lengthscaleBounds = (1e-2, 1e3)
  static let noiseBounds = (1e-4, 4.0)

  public init(
    profile: StationaryKernel.Profile = .matern52, usesARD: Bool = false, starts: Int = 3, seed: UInt64 = 0
  ) {
    self.profile = profile
    self.usesARD = usesARD
    self.starts = starts
    self.seed = seed
  }

  /// - Throws: `FitError.invalidSetting`; `.numericalFailure` when no start can be evaluated.
  /// - Complexity: O(n³) for each evaluation of the likelihood, at most 100 for each start.
  public func fit(_ original: TrainingSet) throws(FitError) -> GaussianProcess {
    guard starts >= 1 else { throw .invalidSetting("a Gaussian process needs at least one start") }
    let data = original.canonicallyOrdered()
    let standardizer = Standardizer(of: data.features)
    let active = standardizer.deviations.indices.filter { standardizer.deviations[$0] > 0 }
    let x = standardizer.standardize(data.features).selectingColumns(active)
    let moments = Standardizer.moments(of: data.targets)
    let spread = moments.deviation > 0 ? moments.deviation : 1
    let residuals = data.targets.map { ($0 - moments.mean) / spread }

    let scale = Double(max(1, active.count)).squareRoot()
    let count = usesARD ? max(1, active.count) : 1
    let template = StationaryKernel(profile, lengthscales: [Double](repeating: scale, count: count))
    let bounds =
      [Self.varianceBounds] + [(Double, Double)](
        repeating: (Self.lengthscaleBounds.0 * scale, Self.lengthscaleBounds.1 * scale), count: count)
      + [Self.noiseBounds]
    let search = BoundedLBFGS(lower: bounds.map { log($0.0) }, upper: bounds.map { log($0.1) })

    func negative(_ point: [Double]) -> (value: Double, gradient: [Double])? {
      var kernel = template
      kernel.logParameters = Array(point.dropLast())
      let noise = exp(point[point.count - 1])
      guard
        let likelihood = try? LogMarginalLikelihood(
          kernel, noiseVariance: noise, at: x, residuals: residuals, withGradient: true)
      else { return nil }
      return (-likelihood.value, likelihood.gradient.map { -$0 })
    }

    var generator = SeededGenerator(seed: seed)
    var optima: [BoundedLBFGS.Result] = []
    for start in 0..<starts {
      // The first start is the field's rule of thumb; the others are spread around it.
      let shift = start == 0 ? 0 : 2 * generator.uniform() - 1
      let noise = start == 0 ? log(0.1) : log(0.01) + generator.uniform() * log(50)
      let point = [0] + [Double](repeating: log(scale) + shift, count: count) + [noise]
      if let optimum = search.minimize(from: point, negative) { optima.append(optimum) }
    }
    guard let best = optima.min(by: { $0.value < $1.value }) else {
      throw .numericalFailure("the covariance of the Gaussian process cannot be factored; remove repeated columns")
    }
    var kernel = template
    kernel.logParameters = Array(best.point.dropLast())
    let noise = exp(best.point[best.point.count - 1])
    do {
      return try GaussianProcess(
        kernel: kernel, noiseVariance: noise, x: x, residuals: residuals, active: active,
        standardizer: standardizer, targetMean: moments.mean, targetSpread: spread,
        likelihoodSpread: (optima.map(\.value).max() ?? best.value) - best.value)
    } catch {
      throw .numericalFailure("\(error)")
    }
  }
}
