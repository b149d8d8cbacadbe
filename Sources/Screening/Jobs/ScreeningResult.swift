/// The best candidates of a finished job, in order.
public struct ScreeningResult: Sendable {
  public struct Row: Sendable {
    public let index: Int
    public let formula: String
    public let origin: String
    public let score: Double
    public let feasibility: Double
    public let predictions: [Prediction]
    public let nearest: String
    public let nearestDistance: Double
  }

  public struct Prediction: Sendable {
    public let mean: Double
    public let standardDeviation: Double
    public let lower: Double
    public let upper: Double
    public let domain: Double
  }

  public let description: ScreeningDescription
  public let identity: String
  public let rows: [Row]
  public let tally: ScreeningTally
  /// Of the means that the objective's model predicts, over all candidates that passed the filters.
  public let histogram: Histogram
  /// Different formulas among the candidates, to about one percent.
  public let distinctEstimate: Double
  /// The score below which candidates were left after the first stage; nil where nothing was.
  public let threshold: Double?

  /// - Throws: `ShardError.missing` for a job that is not complete.
  public init(_ shard: ShardFile) throws(ShardError) {
    let missing = shard.missing
    guard missing.isEmpty else { throw .missing(missing) }
    description = shard.description
    identity = shard.identity
    rows = shard.state.top.sorted.map { entry in
      let detail = shard.details[entry.index]
      return Row(
        index: entry.index, formula: detail?.formula ?? "", origin: detail?.origin ?? "", score: entry.score,
        feasibility: entry.feasibility,
        predictions: shard.intervals.enumerated().map { model, interval in
          let (mean, deviation) = (entry.values[2 * model], entry.values[2 * model + 1])
          return Prediction(
            mean: mean, standardDeviation: deviation, lower: mean + interval[0] * deviation,
            upper: mean + interval[1] * deviation, domain: detail?.domain[model] ?? 0)
        }, nearest: detail?.nearest ?? "", nearestDistance: detail?.nearestDistance ?? 2)
    }
    tally = shard.state.tally
    histogram = shard.state.histogram
    distinctEstimate = shard.state.distinct.estimate
    threshold = shard.threshold
  }
}
