import Foundation

/// Batches that spread over the pool.
public enum DiverseBatch {
  /// Greedy maximum of det(Q·S·Q): candidates that are good and unlike each other.
  ///
  /// S is a similarity with ones on the diagonal, Q the qualities. Each step takes the candidate with
  /// the largest quality² times what the chosen ones leave unexplained of it, and updates an
  /// incomplete Cholesky factor: the greedy solution of a determinantal point process.
  /// - Parameters:
  ///   - count: the size of the batch.
  ///   - qualities: positive, one for each candidate.
  ///   - pending: candidates whose results are awaited; they count as chosen.
  ///   - similarity: of two candidates, by position: positive semi-definite, 1 for equals.
  ///   - isAllowed: whether a candidate may join those chosen so far, without pending ones.
  /// - Returns: fewer than `count` once all that is left repeats what was chosen.
  /// - Complexity: O(m·(count + pending)²).
  public static func determinantal(
    _ count: Int, qualities: [Double], pending: [Int] = [], similarity: (Int, Int) -> Double,
    isAllowed: (Int, _ chosen: [Int]) -> Bool = { _, _ in true }
  ) -> [Int] {
    let m = qualities.count
    var remaining = [Double](repeating: 1, count: m)
    var factors = [[Double]](repeating: [], count: m)
    var isTaken = [Bool](repeating: false, count: m)
    func take(_ chosen: Int) {
      isTaken[chosen] = true
      let root = remaining[chosen].squareRoot()
      guard root > 1e-9 else { return }
      for j in 0..<m where !isTaken[j] {
        var inner = similarity(chosen, j)
        for (a, b) in zip(factors[chosen], factors[j]) { inner -= a * b }
        let entry = inner / root
        factors[j].append(entry)
        remaining[j] = max(0, remaining[j] - entry * entry)
      }
    }
    for candidate in pending { take(candidate) }
    var chosen: [Int] = []
    while chosen.count < count {
      var winner: (candidate: Int, volume: Double)?
      for j in 0..<m where !isTaken[j] && isAllowed(j, chosen) {
        let volume = qualities[j] * qualities[j] * remaining[j]
        if volume > winner?.volume ?? 1e-12 { winner = (j, volume) }
      }
      guard let winner else { break }
      chosen.append(winner.candidate)
      take(winner.candidate)
    }
    return chosen
  }

  /// Each next candidate is the one farthest from all chosen or known: the greedy k-centre, within
  /// twice the best covering radius (Gonzalez, 1985). Also the space-filling baseline.
  ///
  /// - Parameters:
  ///   - count: the size of the batch; fewer where no candidate is left that may join.
  ///   - initialDistances: of every candidate to what is already known; infinity for nothing known.
  ///   - weights: multiply the distances, such as acquisition values; 1 by default.
  ///   - distance: between two candidates, by position, in the units of `initialDistances`.
  ///   - isAllowed: whether a candidate may join those chosen so far.
  /// - Complexity: O(m·count).
  public static func kCentre(
    _ count: Int, initialDistances: [Double], weights: [Double]? = nil, distance: (Int, Int) -> Double,
    isAllowed: (Int, _ chosen: [Int]) -> Bool = { _, _ in true }
  ) -> [Int] {
    var nearest = initialDistances
    var isTaken = [Bool](repeating: false, count: nearest.count)
    var chosen: [Int] = []
    while chosen.count < count {
      var winner: (candidate: Int, value: Double)?
      for j in nearest.indices where !isTaken[j] && isAllowed(j, chosen) {
        let value = (nearest[j] == .infinity ? 1e300 : nearest[j]) * (weights?[j] ?? 1)
        if value > winner?.value ?? -.infinity { winner = (j, value) }
      }
      guard let winner else { break }
      chosen.append(winner.candidate)
      isTaken[winner.candidate] = true
      for j in nearest.indices where !isTaken[j] {
        nearest[j] = min(nearest[j], distance(winner.candidate, j))
      }
    }
    return chosen
  }
}

/// How many of one family a batch may hold.
public struct FamilyQuota: Sendable, Equatable {
  /// The family of each candidate; an empty name is no family and unlimited.
  public let families: [String]
  public let limit: Int
  /// Limits of single families, over the general one.
  public let exceptions: [String: Int]

  public init(families: [String], limit: Int, exceptions: [String: Int] = [:]) {
    self.families = families
    self.limit = limit
    self.exceptions = exceptions
  }

  /// Whether `candidate` may join `chosen` (which may begin with pending ones). O(chosen).
  public func allows(_ candidate: Int, with chosen: [Int]) -> Bool {
    let family = families[candidate]
    guard !family.isEmpty else { return true }
    return chosen.count { families[$0] == family } < exceptions[family] ?? limit
  }
}
