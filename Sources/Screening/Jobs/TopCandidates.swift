/// The best candidates of a stream, each reduced formula once, in memory for twice as many.
///
/// Order: the larger score first, the smaller index among equals. Of candidates with the same
/// formula the first in this order stays. What is kept is a function of the set that was put in,
/// not of its order or of how it was cut into parts: a formula is among the K best of a whole
/// exactly when its best candidate is among the K best of every part that holds it.
public struct TopCandidates: Sendable {
  public struct Entry: Sendable, Equatable {
    public let index: Int
    public let score: Double
    /// Probability of meeting all constraints.
    public let feasibility: Double
    /// Mean and standard deviation by each model.
    public let values: [Double]
    public let key: FormulaKey

    package init(index: Int, score: Double, feasibility: Double, values: [Double], key: FormulaKey) {
      self.index = index
      self.score = score
      self.feasibility = feasibility
      self.values = values
      self.key = key
    }

    /// Whether this one stands before `other`.
    @inline(__always)
    func precedes(_ other: Entry) -> Bool { score > other.score || (score == other.score && index < other.index) }
  }

  public let limit: Int
  /// Scores below this are known not to be among the best of the whole; it changes nothing but time.
  let floor: Double
  private var kept: [Entry] = []
  /// The last of `limit` kept ones, when there are that many: what a new one has to precede.
  private var last: Entry?

  public init(limit: Int, floor: Double = -.infinity) {
    self.limit = limit
    self.floor = floor
  }

  /// Whether a candidate of this score and index could be kept. O(1).
  @inline(__always)
  public func admits(score: Double, index: Int) -> Bool {
    guard limit > 0, score >= floor else { return false }
    guard let last else { return true }
    return score > last.score || (score == last.score && index < last.index)
  }

  /// Puts one in. Amortised O(log limit).
  public mutating func insert(_ entry: Entry) {
    guard admits(score: entry.score, index: entry.index) else { return }
    kept.append(entry)
    if kept.count >= 2 * limit + 256 { compact() }
  }

  public mutating func merge(_ other: TopCandidates) {
    for entry in other.kept { insert(entry) }
  }

  /// The kept ones, best first.
  public var sorted: [Entry] {
    var copy = self
    copy.compact()
    return copy.kept
  }

  /// The score that a candidate needs at least to be among `limit` different formulas; nil while
  /// there are fewer.
  public var threshold: Double? {
    let all = sorted
    return all.count == limit ? all.last?.score : nil
  }

  private mutating func compact() {
    kept.sort { $0.precedes($1) }
    var seen = Set<FormulaKey>(minimumCapacity: limit)
    var result: [Entry] = []
    result.reserveCapacity(2 * limit + 256)
    for entry in kept where result.count < limit && seen.insert(entry.key).inserted { result.append(entry) }
    kept = result
    last = kept.count == limit ? kept.last : nil
  }
}
