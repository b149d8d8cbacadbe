import LinearAlgebra

/// Chooses a batch one by one, each for what it adds to those already chosen.
///
/// The expected improvement of a set is submodular, so the greedy batch reaches at least 1 − 1/e of
/// the best one. Samples stand in for the outcomes of what is chosen or pending: in every sample the
/// chosen candidates have fantasised values, and the next one is judged by what it adds to their
/// maximum.
public enum GreedyBatch {
  /// - Parameters:
  ///   - count: the size of the batch.
  ///   - samples: joint samples of the candidates.
  ///   - best: the best value so far in each sample; the same number for all without noise.
  ///   - pending: candidates whose results are awaited; they count as chosen.
  ///   - penalties: factors for each candidate, such as feasibility or 1/cost; 1 by default.
  ///   - isAllowed: whether a candidate may join those chosen so far.
  /// - Returns: up to `count` candidates with the gain each added, in the order chosen.
  /// - Complexity: O(count·S·m).
  public static func choose(
    _ count: Int, from samples: JointSamples, best: [Double], pending: [Int] = [],
    penalties: [Double]? = nil, isAllowed: (Int, _ chosen: [Int]) -> Bool = { _, _ in true }
  ) -> [(candidate: Int, gain: Double)] {
    precondition(best.count == samples.sampleCount, "a best value for each sample")
    var top = best
    func include(_ candidate: Int) {
      for sample in top.indices { top[sample] = max(top[sample], samples.values[sample, candidate]) }
    }
    for candidate in pending { include(candidate) }
    var chosen: [(candidate: Int, gain: Double)] = []
    var isTaken = [Bool](repeating: false, count: samples.candidateCount)
    for candidate in pending { isTaken[candidate] = true }
    while chosen.count < count {
      var gains = [Double](repeating: 0, count: samples.candidateCount)
      gains.withUnsafeMutableBufferPointer { gains in
        samples.values.elements.withUnsafeBufferPointer { values in
          for (sample, level) in top.enumerated() {
            let row = sample * gains.count
            for j in gains.indices { gains[j] += max(0, values[row + j] - level) }
          }
        }
      }
      let picked = chosen.map(\.candidate)
      var winner: (candidate: Int, gain: Double)?
      for j in gains.indices where !isTaken[j] && isAllowed(j, picked) {
        let gain = gains[j] / Double(top.count) * (penalties?[j] ?? 1)
        if gain > winner?.gain ?? -.infinity { winner = (j, gain) }
      }
      guard let winner else { break }
      chosen.append(winner)
      isTaken[winner.candidate] = true
      include(winner.candidate)
    }
    return chosen
  }
}
