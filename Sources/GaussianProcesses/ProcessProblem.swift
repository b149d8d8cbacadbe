import Foundation
import LinearAlgebra
import Regression

/// The search for hyperparameters: a point holds the kernel's log hyperparameters, then log σₙ².
struct ProcessProblem {
  let kernel: KernelExpression
  let x: Matrix
  let residuals: [Double]
  let knownNoise: [Double]?
  /// Nil where every target counts as measured.
  let censoring: [Censoring]?
  /// ν of Student's t, whose σ² then takes the place of σₙ²; nil for normal noise.
  var degrees: Double?
  let objective: GaussianProcessRegressor.Objective

  struct Outcome {
    let point: [Double]
    /// How far the worst start ended below the best.
    let spread: Double
  }

  func kernel(at point: [Double]) -> KernelExpression {
    var result = kernel
    result.logParameters = Array(point.dropLast())
    return result
  }

  func noise(at point: [Double]) -> Double { exp(point[point.count - 1]) }

  /// The variance of a measurement about the function.
  func noiseVariance(at point: [Double]) -> Double {
    noise(at: point) * (degrees.map { $0 / ($0 - 2) } ?? 1)
  }

  private func student(at point: [Double], degrees: Double, withGradient: Bool) throws(CholeskyError) -> StudentEvidence {
    try StudentEvidence(
      kernel(at: point), scale: noise(at: point).squareRoot(), degrees: degrees, at: x, residuals: residuals,
      withGradient: withGradient)
  }

  /// The quantity to maximise and its gradient.
  func value(at point: [Double]) throws(CholeskyError) -> (value: Double, gradient: [Double]) {
    let kernel = kernel(at: point)
    var (value, gradient): (Double, [Double])
    if let degrees {
      let evidence = try student(at: point, degrees: degrees, withGradient: true)
      (value, gradient) = (evidence.value, evidence.gradient)
    } else if objective == .leaveOneOut {
      (value, gradient) = try LeaveOneOut.objective(
        kernel, noiseVariance: noise(at: point), knownNoise: knownNoise, at: x, residuals: residuals)
    } else if let censoring {
      let evidence = try CensoredEvidence(
        kernel, noiseVariance: noise(at: point), knownNoise: knownNoise, at: x, residuals: residuals,
        censoring: censoring, withGradient: true)
      (value, gradient) = (evidence.value, evidence.gradient)
    } else {
      let likelihood = try LogMarginalLikelihood(
        kernel, noiseVariance: noise(at: point), knownNoise: knownNoise, at: x, residuals: residuals,
        withGradient: true)
      (value, gradient) = (likelihood.value, likelihood.gradient)
    }
    if objective == .posterior {
      let roles = kernel.parameterRoles + [.noise]
      for i in point.indices {
        let prior = HyperparameterPrior.of(roles[i]).logDensity(point[i])
        value += prior.value
        gradient[i] += prior.slope
      }
    }
    return (value, gradient)
  }

  func evidence(at point: [Double]) throws(CholeskyError) -> Double {
    if let degrees { return try student(at: point, degrees: degrees, withGradient: false).value }
    let kernel = kernel(at: point)
    if let censoring {
      return try CensoredEvidence(
        kernel, noiseVariance: noise(at: point), knownNoise: knownNoise, at: x, residuals: residuals,
        censoring: censoring, withGradient: false
      ).value
    }
    return try LogMarginalLikelihood(
      kernel, noiseVariance: noise(at: point), knownNoise: knownNoise, at: x, residuals: residuals,
      withGradient: false
    ).value
  }

  func posterior(at point: [Double]) throws(CholeskyError) -> Posterior<KernelExpression> {
    let kernel = kernel(at: point)
    let sigma = noise(at: point)
    if let degrees {
      let evidence = try student(at: point, degrees: degrees, withGradient: false)
      return try Posterior(kernel: kernel, x: x, targets: evidence.siteTargets, noise: evidence.siteVariances)
    }
    if let censoring {
      let evidence = try CensoredEvidence(
        kernel, noiseVariance: sigma, knownNoise: knownNoise, at: x, residuals: residuals, censoring: censoring,
        withGradient: false)
      return try Posterior(
        kernel: kernel, x: x, targets: evidence.siteTargets, noise: evidence.siteVariances)
    }
    return try Posterior(
      kernel: kernel, x: x, targets: residuals, noise: x.rowIndices.map { sigma + (knownNoise?[$0] ?? 0) })
  }

  /// Several starts of a bounded search.
  func search(starts: Int, seed: UInt64) throws(FitError) -> Outcome {
    let roles = kernel.parameterRoles + [.noise]
    let limits = roles.map(HyperparameterPrior.bounds)
    let search = BoundedLBFGS(lower: limits.map { log($0.0) }, upper: limits.map { log($0.1) })
    let middle = kernel.logParameters
    var generator = SeededGenerator(seed: seed)
    var optima: [BoundedLBFGS.Result] = []
    for start in 0..<starts {
      // The first start is the field's rule of thumb; the others are spread around it.
      let shift = start == 0 ? 0 : 2 * generator.uniform() - 1
      let noise = start == 0 ? log(0.1) : log(0.01) + generator.uniform() * log(50)
      let point = middle.indices.map { i in
        if case .lengthscale = roles[i] { return middle[i] + shift }
        return middle[i]
      }
      let optimum = search.minimize(from: point + [noise]) { point in
        guard let (value, gradient) = try? value(at: point), gradient.allSatisfy(\.isFinite) else { return nil }
        return (-value, gradient.map { -$0 })
      }
      if let optimum { optima.append(optimum) }
    }
    guard let best = optima.min(by: { $0.value < $1.value }) else {
      throw .numericalFailure("the covariance of the Gaussian process cannot be factored; remove repeated columns")
    }
    return Outcome(point: best.point, spread: (optima.map(\.value).max() ?? best.value) - best.value)
  }
}

/// Weak priors and wide bounds of log hyperparameters, in units of standardised inputs and targets.
///
/// A lengthscale is log-normal around √d·e^√2 with deviation √3: Hvarfner et al., "Vanilla Bayesian
/// optimization performs great in high dimensions", ICML 2024, arXiv 2402.02229; the defaults of BoTorch,
/// where the noise is log-normal (−4, 1). Variances are log-normal (0, 1) around that of the targets.
public struct HyperparameterPrior: Sendable, Equatable {
  /// Of the natural logarithm.
  public let mean: Double
  public let deviation: Double

  public static func of(_ role: KernelParameterRole) -> HyperparameterPrior {
    switch role {
    case .variance: HyperparameterPrior(mean: 0, deviation: 1)
    case .lengthscale(let columns):
      HyperparameterPrior(mean: 2.0.squareRoot() + 0.5 * log(Double(max(1, columns))), deviation: 3.0.squareRoot())
    case .period, .shape: HyperparameterPrior(mean: 0, deviation: 2)
    case .noise: HyperparameterPrior(mean: -4, deviation: 1)
    }
  }

  /// The bounds of the search.
  static func bounds(_ role: KernelParameterRole) -> (Double, Double) {
    switch role {
    case .variance: (1e-2, 1e2)
    case .lengthscale: (1e-2, 1e4)
    case .period: (1e-2, 1e3)
    case .shape: (1e-2, 1e2)
    case .noise: (1e-4, 4)
    }
  }

  func logDensity(_ value: Double) -> (value: Double, slope: Double) {
    let z = (value - mean) / deviation
    return (-0.5 * z * z - log(deviation) - 0.5 * log(2 * .pi), -z / deviation)
  }
}

extension Matrix {
  var rowIndices: Range<Int> { 0..<rows }
}
