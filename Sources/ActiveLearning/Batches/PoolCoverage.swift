import Foundation
import LinearAlgebra

/// How well some compositions stand for a whole pool, and which one to add: facility location.
///
/// Members resemble each other by exp(−d/scale), and each counts with its resemblance to the nearest chosen or known one.
/// What a candidate adds is summed over the pool, so that crowded regions come before outliers, which a choice by distance
/// alone (`DiverseBatch.kCentre`) takes first. The sum is monotone and submodular: choosing greedily comes within 1 − 1/e of
/// the best choice of that size (Nemhauser, Wolsey and Fisher, Math. Program. 14, 265 (1978)).
public struct PoolCoverage: Sendable {
  /// Of members of the pool, symmetric.
  private var resemblances: Matrix
  /// Of each member to the nearest one that is known or chosen.
  public private(set) var covered: [Double]

  /// - Parameters:
  ///   - distances: of the members of the pool to each other, m × m.
  ///   - known: distances of what is known already to the members, k × m; nil for nothing known.
  ///   - scale: the distance at which resemblance has fallen to 1/e.
  /// - Complexity: O(m² + k·m).
  public init(distances: Matrix, known: Matrix? = nil, scale: Double) {
    resemblances = distances
    for i in resemblances.elements.indices { resemblances.elements[i] = exp(-resemblances.elements[i] / scale) }
    covered = [Double](repeating: 0, count: distances.columns)
    guard let known else { return }
    for row in 0..<known.rows {
      for j in covered.indices { covered[j] = max(covered[j], exp(-known[row, j] / scale)) }
    }
  }

  /// What each member would add, as a share of the pool: 0 where it repeats what is known.
  ///
  /// - Complexity: O(m²).
  public func gains() -> [Double] {
    let m = covered.count
    guard m > 0 else { return [] }
    return resemblances.elements.withUnsafeBufferPointer { all in
      (0..<m).map { candidate in
        var sum = 0.0
        let row = candidate * m
        for j in 0..<m { sum += max(0, all[row + j] - covered[j]) }
        return sum / Double(m)
      }
    }
  }

  /// Takes a member as known from now on. O(m).
  public mutating func add(_ member: Int) {
    for j in covered.indices { covered[j] = max(covered[j], resemblances[member, j]) }
  }

  /// The members that together add most, chosen one by one, with what each added.
  ///
  /// - Parameters:
  ///   - count: how many; fewer come back where no more are allowed.
  ///   - isAllowed: whether a member may join those chosen so far.
  /// - Complexity: O(count·m²).
  public mutating func choose(
    _ count: Int, isAllowed: (Int, _ chosen: [Int]) -> Bool = { _, _ in true }
  ) -> [(member: Int, gain: Double)] {
    var chosen: [(member: Int, gain: Double)] = []
    while chosen.count < count {
      let taken = chosen.map(\.member)
      let gains = gains()
      let winner = gains.indices.filter { !taken.contains($0) && isAllowed($0, taken) }
        .max { (gains[$0], $1) < (gains[$1], $0) }
      guard let winner else { break }
      chosen.append((winner, gains[winner]))
      add(winner)
    }
    return chosen
  }
}
