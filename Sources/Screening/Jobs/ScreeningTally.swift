import CandidateSpaces

/// What became of the indices of a part of a job. All are sums, so parts add up in any order.
public struct ScreeningTally: Sendable, Equatable, Codable {
  public var indices = 0
  /// Indices that hold a candidate.
  public var candidates = 0
  /// By reason.
  public var filtered: [String: Int] = [:]
  /// Candidates whose objective was predicted.
  public var predicted = 0
  /// Left after the first stage.
  public var pruned = 0
  /// Predicted in full.
  public var exact = 0
  /// Below the confidence that all constraints are met.
  public var infeasible = 0

  public init() {}

  public mutating func merge(_ other: ScreeningTally) {
    indices += other.indices
    candidates += other.candidates
    filtered.merge(other.filtered, uniquingKeysWith: +)
    predicted += other.predicted
    pruned += other.pruned
    exact += other.exact
    infeasible += other.infeasible
  }
}

/// Everything a part of a job keeps: bounded, whatever the number of candidates.
struct ScreeningState: Sendable {
  var tally = ScreeningTally()
  var top: TopCandidates
  var histogram: Histogram
  var distinct = DistinctSketch()

  mutating func merge(_ other: ScreeningState) {
    tally.merge(other.tally)
    top.merge(other.top)
    histogram.merge(other.histogram)
    distinct.merge(other.distinct)
  }
}
