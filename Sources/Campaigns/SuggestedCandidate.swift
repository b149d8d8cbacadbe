import ActiveLearning

/// A candidate to make next, and everything a person should know about why.
public struct SuggestedCandidate: Sendable, Equatable, Codable {
  public struct Forecast: Sendable, Equatable, Codable {
    public var property: String
    /// In the units that are modelled (log10 where the campaign says so).
    public var mean: Double
    /// Of the latent value: what a repeat could not reduce.
    public var latentDeviation: Double
    /// Of a new measurement.
    public var deviation: Double
    /// Of exceeding the best so far (falling below it, where small values are sought).
    public var improvementProbability: Double
    /// Of meeting the goal; nil without one.
    public var goalProbability: Double?
  }

  public struct Neighbour: Sendable, Equatable, Codable {
    public var name: String
    /// 1 is the mean distance of two candidates.
    public var distance: Double
    /// As reported.
    public var value: String
    public var source: String
    /// Observation id.
    public var observation: Int
  }

  public struct ConstraintCheck: Sendable, Equatable, Codable {
    public var constraint: String
    /// nil where the value is unknown.
    public var probability: Double?
  }

  public struct Lesson: Sendable, Equatable, Codable {
    /// Share of the summed variance of the pool that the measurement takes away.
    public var varianceReduction: Double
    /// Nats about a measurement of another candidate, on average.
    public var information: Double
    /// Candidates that it tells most about.
    public var about: [String]
  }

  /// Candidate id.
  public var candidate: Int
  public var name: String
  public var formula: String
  public var family: String
  public var place: Int
  public var acquisition: AcquisitionKind
  /// The acquisition's value; a logarithm for `ei`.
  public var score: Double
  /// The candidate's share of the summed expected improvement of all open candidates.
  public var share: Double
  public var reason: String
  public var forecasts: [Forecast]
  public var neighbours: [Neighbour]
  public var constraints: [ConstraintCheck]
  public var lesson: Lesson?
  public var cost: Double?
  public var weighing: WeighingPlan?
}

/// The answer to one call of `suggest`.
public struct SuggestionBatch: Sendable, Equatable, Codable {
  /// The event whose state it was made from.
  public var basis: Int
  public var batch: Int
  public var version: String
  public var options: SuggestionOptions
  public var suggestions: [SuggestedCandidate]
  public var surrogates: [SurrogateSummary]
  public var advice: StoppingAdvice?
  /// Best measured value, in the units that are modelled.
  public var best: Double?
  public var openCount: Int
  public var pendingCount: Int
  public var excludedCount: Int
  public var infeasibleCount: Int
}
