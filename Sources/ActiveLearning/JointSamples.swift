import LinearAlgebra

/// Samples of the latent values of a whole pool, each drawn for all candidates together.
///
/// From these follow, without further assumptions, what depends on candidates jointly: which is best,
/// which belong to the best few, what a batch gains.
public struct JointSamples: Sendable {
  /// One sample in each row, one candidate in each column.
  public let values: Matrix

  public init(_ values: Matrix) { self.values = values }

  public var sampleCount: Int { values.rows }
  public var candidateCount: Int { values.columns }

  /// The candidate that is largest in each sample: what Thompson sampling measures next. O(S·m).
  public var winners: [Int] {
    (0..<sampleCount).map { sample in
      var best = 0
      for j in 1..<max(1, candidateCount) where values[sample, j] > values[sample, best] { best = j }
      return best
    }
  }

  /// The largest value of each sample. O(S·m).
  public var maxima: [Double] { winners.enumerated().map { values[$0, $1] } }

  /// The probability of each candidate to be the largest, by counting. O(S·m).
  public var bestProbabilities: [Double] {
    var result = [Double](repeating: 0, count: candidateCount)
    for winner in winners { result[winner] += 1 / Double(sampleCount) }
    return result
  }

  /// The probability of each candidate to be among the `count` largest, by counting.
  ///
  /// The sum over a set is the expected number of the best `count` that it holds, which is what a
  /// search for many good materials, rather than one, wants to be large. O(S·m·log m).
  public func topProbabilities(count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: candidateCount)
    let kept = min(max(0, count), candidateCount)
    guard kept > 0 else { return result }
    for sample in 0..<sampleCount {
      let row = values.row(sample)
      let threshold = row.sorted(by: >)[kept - 1]
      for j in row.indices where row[j] >= threshold { result[j] += 1 / Double(sampleCount) }
    }
    return result
  }

  /// E[max over `set` of (f − best)⁺], the expected improvement of a batch, by averaging. O(S·set).
  public func improvement(of set: [Int], over best: Double) -> Double {
    var sum = 0.0
    for sample in 0..<sampleCount {
      var top = best
      for j in set { top = max(top, values[sample, j]) }
      sum += top - best
    }
    return sum / Double(sampleCount)
  }
}
