import GaussianProcesses
import Regression

/// How a Gaussian process is conditioned on its rows.
public enum GaussianProcessMethod: String, Sendable, Codable, CaseIterable {
  /// `exact` up to 5,000 rows, `inducing` beyond.
  case auto
  /// A Cholesky factor of all rows: O(n³) time, O(n²) memory.
  case exact
  /// Inducing points: O(n·m²) time, O(m²) memory.
  case inducing
  /// All rows by conjugate gradients, means with a proven bound of their error: O(n²·d) time for each of some tens of
  /// iterations, O(n·m) memory.
  case iterative

  /// `auto` is exact up to this many rows.
  static let exactRows = 5000

  func isExact(rows: Int) -> Bool {
    switch self {
    case .auto: rows <= Self.exactRows
    case .exact: true
    case .inducing, .iterative: false
    }
  }
}

/// How measurements scatter about a Gaussian process.
public enum GaussianProcessLikelihood: String, Sendable, Codable, CaseIterable {
  case normal
  /// Student's t of four degrees of freedom and learned scale, for tables with outliers.
  case studentT = "student-t"

  static let degrees = 4.0
}

/// Where intervals come from.
public enum IntervalMethod: String, Sendable, Codable, CaseIterable {
  /// Errors of models fitted without some groups.
  case conformal
  /// Every group left out of one Gaussian process: for few rows.
  case jackknifePlus = "jackknife+"
}

/// What is taken as known about the noise of measurements.
public enum NoiseSource: String, Sendable, Codable, CaseIterable {
  /// Nothing: models learn it.
  case learned
  /// The scatter of repeats; see `RepeatNoise`.
  case repeats
}

/// What was done to make a Gaussian process, for people.
struct GaussianProcessDescription {
  /// Such as `gp, exact on 306 rows`.
  let method: String
  /// How sure its hyperparameters are, and what was added to the diagonal.
  let details: String

  /// Nil for models that are no Gaussian processes.
  init?(_ model: any FittedRegressor) {
    switch model {
    case let model as GaussianProcess: self.init(exact: model)
    case let model as CalibratedModel<GaussianProcess>: self.init(exact: model.base)
    case let model as JackknifePlusModel: self.init(exact: model.jackknife.process)
    case let model as InducingPointProcess: self.init(inducing: model)
    case let model as CalibratedModel<InducingPointProcess>: self.init(inducing: model.base)
    case let model as IterativeProcess: self.init(iterative: model)
    case let model as CalibratedModel<IterativeProcess>: self.init(iterative: model.base)
    default: return nil
    }
  }

  private init(exact model: GaussianProcess) {
    method = "gp, exact on \(model.posterior.count) rows"
    details =
      "log likelihood \(Self.text(model.logMarginalLikelihood)), the worst start of the search "
      + "\(Self.text(model.likelihoodSpread)) below; jitter \(Self.jitter(model.posterior.jitter))"
  }

  private init(inducing model: InducingPointProcess) {
    method = "gp with \(model.inducingPointCount) inducing points"
    details =
      "log likelihood of all rows between \(Self.text(model.evidence.lower)) and \(Self.text(model.evidence.upper)); "
      + "jitter \(Self.jitter(model.jitter))"
  }

  private init(iterative model: IterativeProcess) {
    method = "gp, \(model.rowCount) rows by conjugate gradients"
    details = "\(model.iterations) products; no mean is further than \(Float(model.certifiedError)) from the exact process's"
  }

  private static func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  private static func jitter(_ value: Double) -> String { value == 0 ? "none" : "\(value)" }
}
