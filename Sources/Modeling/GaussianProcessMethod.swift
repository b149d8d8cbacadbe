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

  /// `auto` is exact up to this many rows.
  static let exactRows = 5000

  func isExact(rows: Int) -> Bool {
    switch self {
    case .auto: rows <= Self.exactRows
    case .exact: true
    case .inducing: false
    }
  }

  /// What was done to make a model, for people; nil for models that are no Gaussian processes.
  static func description(of model: any FittedRegressor) -> String? {
    switch model {
    case let model as GaussianProcess: exact(model)
    case let model as CalibratedModel<GaussianProcess>: exact(model.base)
    case let model as InducingPointProcess: inducing(model)
    case let model as CalibratedModel<InducingPointProcess>: inducing(model.base)
    default: nil
    }
  }

  private static func exact(_ model: GaussianProcess) -> String { "gp, exact on \(model.posterior.count) rows" }

  private static func inducing(_ model: InducingPointProcess) -> String {
    "gp with \(model.inducingPointCount) inducing points"
  }
}
