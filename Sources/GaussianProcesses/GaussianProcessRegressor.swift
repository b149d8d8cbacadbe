import Foundation
import LinearAlgebra
import Regression

/// Exact Gaussian-process regression with hyperparameters learned from the data.
///
///     let model = try GaussianProcessRegressor(profile: .matern52).fit(data)
///     let prediction = try model.predict(features)
///     let (lower, upper) = prediction.interval(0.9)
///
/// Columns are standardised (constant ones drop out) and targets too; the mean is constant. Noise is
/// normal, with the known variance of each row besides where the data has one, or of Student's t. A censored
/// row counts with the probability of its side, by expectation propagation.
public struct GaussianProcessRegressor: Regressor, Hashable, Codable {
  /// What the hyperparameters maximise.
  public enum Objective: String, Sendable, Codable, CaseIterable {
    /// log p(y | x, θ).
    case marginalLikelihood
    /// log p(y | x, θ) + log p(θ) of weak priors: for few rows; see `HyperparameterPrior`.
    case posterior
    /// Σᵢ log p(yᵢ | the others, θ): for kernels known to be wrong. Bounds count as measured in it.
    case leaveOneOut
  }

  /// How bounds are used.
  public enum CensoredRows: String, Sendable, Codable, CaseIterable {
    /// As bounds.
    case bounds
    /// As if they had been measured at their bound.
    case measured
  }

  /// How a measurement scatters about the function.
  public enum Likelihood: Sendable, Hashable, Codable {
    case normal
    /// Student's t of learned scale, which shrugs off outliers; degrees of freedom ν above 2. Bounds count as
    /// measured, and known noise of rows is not used.
    case studentT(degrees: Double)
  }

  /// The covariance before its hyperparameters are learned.
  public var kernel: KernelExpression
  /// One lengthscale for each column instead of one for all.
  public var usesARD: Bool
  /// Whether columns are brought to mean 0 and deviation 1 first; kernels of fractions need them raw.
  public var standardizesInputs: Bool
  public var objective: Objective
  public var censoredRows: CensoredRows
  public var likelihood: Likelihood
  /// Starting points of the search; the best optimum found is kept.
  public var starts: Int
  public var seed: UInt64

  public init(
    kernel: KernelExpression, usesARD: Bool = false, standardizesInputs: Bool = true,
    objective: Objective = .marginalLikelihood, censoredRows: CensoredRows = .bounds,
    likelihood: Likelihood = .normal, starts: Int = 3, seed: UInt64 = 0
  ) {
    self.kernel = kernel
    self.usesARD = usesARD
    self.standardizesInputs = standardizesInputs
    self.objective = objective
    self.censoredRows = censoredRows
    self.likelihood = likelihood
    self.starts = starts
    self.seed = seed
  }

  public init(
    profile: StationaryKernel.Profile = .matern52, usesARD: Bool = false, starts: Int = 3, seed: UInt64 = 0
  ) {
    self.init(kernel: .matern(profile), usesARD: usesARD, starts: starts, seed: seed)
  }

  /// - Throws: `FitError.invalidSetting`; `.numericalFailure` when no start can be evaluated.
  /// - Complexity: O(n³) for each evaluation of the likelihood, at most 100 for each start.
  public func fit(_ original: TrainingSet) throws(FitError) -> GaussianProcess {
    try process(original) { problem throws(FitError) in try problem.search(starts: starts, seed: seed) }
  }

  /// The process of these hyperparameters, as they are: nothing is learned but the data.
  ///
  /// - Parameters:
  ///   - data: rows to condition on.
  ///   - noiseVariance: σₙ², in units of the variance of the targets.
  /// - Throws: `FitError`.
  public func conditioned(on data: TrainingSet, noiseVariance: Double) throws(FitError) -> GaussianProcess {
    try process(data) { problem in
      ProcessProblem.Outcome(point: problem.kernel.logParameters + [log(noiseVariance)], spread: 0)
    }
  }

  private func process(
    _ original: TrainingSet, _ hyperparameters: (ProcessProblem) throws(FitError) -> ProcessProblem.Outcome
  ) throws(FitError) -> GaussianProcess {
    guard starts >= 1 else { throw .invalidSetting("a Gaussian process needs at least one start") }
    if standardizesInputs, kernel.needsRawInputs {
      throw .invalidSetting("a kernel of fractions needs its columns as they are; set standardizesInputs to false")
    }
    var degrees: Double?
    if case .studentT(let value) = likelihood {
      guard value > 2, value.isFinite else { throw .invalidSetting("Student's t needs more than 2 degrees of freedom, not \(value)") }
      guard objective != .leaveOneOut else {
        throw .invalidSetting("the leave-one-out objective is that of normal noise; use another with Student's t")
      }
      degrees = value
    }
    let data = original.canonicallyOrdered()
    let inputs = ProcessInputs(
      data.features, standardizing: standardizesInputs, keepingAll: kernel.selectsColumns)
    let x = inputs.transformed(data.features)
    guard template(columns: x.columns).fits(columns: x.columns) else {
      throw .invalidSetting("the kernel names other columns than the data has")
    }
    let usesBounds = censoredRows == .bounds && data.hasCensoredRows && degrees == nil
    let known = data.targets.indices.filter { !usesBounds || data.censoring[$0] == .none }
    // Bounds alone still have a place, if not a spread of their own.
    let moments = Standardizer.moments(of: (known.isEmpty ? Array(data.targets.indices) : known).map { data.targets[$0] })
    let spread = moments.deviation > 0 ? moments.deviation : 1
    let problem = ProcessProblem(
      kernel: template(columns: x.columns), x: x, residuals: data.targets.map { ($0 - moments.mean) / spread },
      knownNoise: data.noiseVariances.map { $0.map { $0 / (spread * spread) } },
      censoring: usesBounds ? data.censoring : nil, degrees: degrees, objective: objective)
    let outcome = try hyperparameters(problem)
    do {
      return GaussianProcess(
        posterior: try problem.posterior(at: outcome.point), noiseVariance: problem.noiseVariance(at: outcome.point),
        logMarginalLikelihood: try problem.evidence(at: outcome.point), likelihoodSpread: outcome.spread,
        inputs: inputs, targetMean: moments.mean, targetSpread: spread)
    } catch {
      throw .numericalFailure("\(error)")
    }
  }

  /// The kernel with lengthscales at the field's rule of thumb, √d.
  private func template(columns: Int) -> KernelExpression {
    var result = usesARD ? kernel.withARD(columns: columns) : kernel
    if kernel.stationary?.lengthscales == [1] {
      var point = result.logParameters
      for (i, role) in result.parameterRoles.enumerated() {
        if case .lengthscale = role { point[i] = 0.5 * log(Double(max(1, columns))) }
      }
      result.logParameters = point
    }
    return result
  }
}
