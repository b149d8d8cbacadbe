import Foundation
import LinearAlgebra
import Regression

/// Gaussian-process classification into two classes, such as stable or not: p(true | f) = Φ(f).
///
///     let model = try ProbitClassifier().fit(features: x, labels: isStable)
///     let probabilities = try model.probabilities(z)
///
/// A label is a bound at zero seen through noise of variance 1, so that expectation propagation for bounds
/// does the work; hyperparameters maximise its evidence. Source: Rasmussen and Williams (2006), section 3.6.
public struct ProbitClassifier: Sendable, Hashable, Codable {
  public var kernel: KernelExpression
  public var usesARD: Bool
  public var starts: Int
  public var seed: UInt64

  public init(kernel: KernelExpression = .matern(.matern52), usesARD: Bool = false, starts: Int = 2, seed: UInt64 = 0) {
    self.kernel = kernel
    self.usesARD = usesARD
    self.starts = starts
    self.seed = seed
  }

  /// - Parameters:
  ///   - features: n × d.
  ///   - labels: n.
  /// - Throws: `FitError` for lengths that disagree and numbers that are not finite.
  /// - Complexity: O(n³) for each sweep, some ten sweeps for each evaluation of the evidence.
  public func fit(features: Matrix, labels: [Bool]) throws(FitError) -> ProbitModel {
    let set = try TrainingSet(features: features, targets: labels.map { $0 ? 1 : -1 })
    let inputs = ProcessInputs(
      set.features, standardizing: !kernel.needsRawInputs, keepingAll: kernel.selectsColumns)
    let x = inputs.transformed(set.features)
    let template = usesARD ? kernel.withARD(columns: x.columns) : kernel
    guard template.fits(columns: x.columns) else {
      throw .invalidSetting("the kernel names other columns than the data has")
    }
    let roles = template.parameterRoles
    let limits = roles.map(HyperparameterPrior.bounds)
    let search = BoundedLBFGS(lower: limits.map { log($0.0) }, upper: limits.map { log($0.1) })
    let zeros = [Double](repeating: 0, count: labels.count)
    let sides: [Censoring] = labels.map { $0 ? .right : .left }
    func evidence(_ point: [Double]) throws(CholeskyError) -> CensoredEvidence {
      var kernel = template
      kernel.logParameters = point
      return try CensoredEvidence(
        kernel, noiseVariance: 1, at: x, residuals: zeros, censoring: sides, withGradient: true)
    }
    var generator = SeededGenerator(seed: seed)
    var best: BoundedLBFGS.Result?
    for start in 0..<max(1, starts) {
      let shift = start == 0 ? 0 : 2 * generator.uniform() - 1
      let point = zip(template.logParameters, roles).map { value, role in
        if case .lengthscale = role { return value + 0.5 * log(Double(max(1, x.columns))) + shift }
        return value
      }
      let optimum = search.minimize(from: point) { point in
        guard let evidence = try? evidence(point), evidence.value.isFinite else { return nil }
        var value = evidence.value
        // The last derivative is by the noise, which is fixed here. Labels alone cannot bound a variance.
        var gradient = Array(evidence.gradient.dropLast())
        for i in point.indices {
          let prior = HyperparameterPrior.of(roles[i]).logDensity(point[i])
          value += prior.value
          gradient[i] += prior.slope
        }
        return (-value, gradient.map { -$0 })
      }
      if let optimum, optimum.value < best?.value ?? .infinity { best = optimum }
    }
    guard let best else {
      throw .numericalFailure("the covariance of the classifier cannot be factored; remove repeated columns")
    }
    var kernel = template
    kernel.logParameters = best.point
    return try conditioned(features: set.features, labels: labels, kernel: kernel, inputs: inputs)
  }

  /// The model of these hyperparameters, as they are.
  func conditioned(
    features: Matrix, labels: [Bool], kernel: KernelExpression, inputs: ProcessInputs
  ) throws(FitError) -> ProbitModel {
    let x = inputs.transformed(features)
    do {
      let sites = try CensoredEvidence(
        kernel, noiseVariance: 1, at: x, residuals: [Double](repeating: 0, count: labels.count),
        censoring: labels.map { $0 ? .right : .left }, withGradient: false)
      return ProbitModel(
        posterior: try Posterior(kernel: kernel, x: x, targets: sites.siteTargets, noise: sites.siteVariances),
        logEvidence: sites.value, inputs: inputs)
    } catch {
      throw .numericalFailure("\(error)")
    }
  }
}

/// What `ProbitClassifier` learned.
public struct ProbitModel: Sendable {
  /// Of the latent function f.
  public let posterior: Posterior<KernelExpression>
  /// log p(labels | x), approximately.
  public let logEvidence: Double
  let inputs: ProcessInputs

  /// p(true) of every row: Φ(m/√(1 + v)), Rasmussen and Williams (2006), equation 3.82.
  ///
  /// - Throws: `PredictionError` for another width, or for NaN and infinity.
  public func probabilities(_ features: Matrix) throws(PredictionError) -> [Double] {
    guard features.columns == inputs.featureCount else {
      throw .featureCount(expected: inputs.featureCount, found: features.columns)
    }
    if let (row, column) = features.firstNonFinite { throw .nonFinite(row: row, column: column) }
    let (mean, variance) = posterior.meanAndVariance(at: inputs.transformed(features))
    return mean.indices.map { NormalDistribution.cumulative(mean[$0] / (1 + variance[$0]).squareRoot()) }
  }
}
