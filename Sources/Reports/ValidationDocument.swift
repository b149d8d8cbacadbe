import Modeling
import Regression

/// A cross-validation as JSON, under the names the field uses.
public struct ValidationDocument: Sendable, Encodable {
  /// The scores of one set of held-out rows. Censored rows count in NLPD and Spearman only.
  public struct Scores: Sendable, Encodable {
    /// The number of the fold, or the stratum that was left out; nil for all rows.
    public let name: String?
    public let rows: Int
    public let censored: Int
    public let mae: Double?
    public let rmse: Double?
    public let r2: Double?
    public let spearman: Double?
    public let nlpd: Double
    /// Share of the measured rows inside the central interval.
    public let coverage: Double?
    /// Distance of the probability integral transforms from uniform (Kolmogorov and Smirnov).
    public let transformDistance: Double?
    /// Mean width of the interval, in units of the target.
    public let width: Double

    enum CodingKeys: String, CodingKey {
      case name, rows, censored, mae = "MAE", rmse = "RMSE", r2 = "R2", spearman = "Spearman", nlpd = "NLPD",
        coverage, transformDistance = "PIT", width
    }

    init(_ metrics: RegressionMetrics, name: String? = nil) {
      self.name = name
      rows = metrics.count
      censored = metrics.censoredCount
      mae = metrics.meanAbsoluteError
      rmse = metrics.rootMeanSquaredError
      r2 = metrics.rSquared
      spearman = metrics.spearman
      nlpd = metrics.negativeLogPredictiveDensity
      coverage = metrics.coverage
      transformDistance = metrics.transformDistance
      width = metrics.meanWidth
    }
  }

  public let target: String
  public let options: ModelingOptions
  public let datasets: [String]
  public let groups: Int
  public let rejected: Int
  public let interval: Double
  /// Over the held-out predictions of all folds.
  public let all: Scores
  public let folds: [Scores]
  /// Held-out rows with a near-identical composition among those trained on.
  public let nearlyKnown: Int
  /// R² with targets exchanged at random; above 0.1 the folds give answers away.
  public let scrambledR2: Double?
  /// Rise of MAE when a descriptor family is exchanged among held-out rows, where asked for.
  public let importance: [PermutationImportance.Line]?
  /// Of the probability of lying at or below a threshold, where asked for.
  public let classification: ClassificationMetrics?
  public let version: String

  public init(
    _ validation: ModelValidation, of data: Measurements, options: ModelingOptions, scrambledRSquared: Double? = nil,
    importance: [PermutationImportance.Line]? = nil, classification: ClassificationMetrics? = nil
  ) {
    self.classification = classification
    self.importance = importance
    target = options.predictedName
    self.options = options
    datasets = data.digests
    groups = data.groupCount
    rejected = data.diagnostics.count { $0.severity == .rejected }
    interval = validation.intervalLevel
    all = Scores(validation.pooled)
    folds = validation.folds.map { Scores($0.metrics, name: $0.name) }
    nearlyKnown = validation.nearlyKnownCount
    scrambledR2 = scrambledRSquared
    version = SuperionicVersion.current
  }
}
