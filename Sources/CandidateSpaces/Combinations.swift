/// Subsets and sums by their position in lexicographic order, without listing those before
/// (the combinatorial number system; D. E. Knuth, The Art of Computer Programming 4A, 7.2.1.3).
struct Combinations: Sendable {
  let n: Int
  let k: Int
  let count: Int
  /// `table[m][r]`: m over r, for m ≤ n and r ≤ k.
  private let table: [[Int]]

  /// The k-subsets of 0..<n. - Throws: `SpaceError.tooLarge`.
  init(_ n: Int, choose k: Int) throws(SpaceError) {
    self.n = n
    self.k = k
    count = try SpaceSize.binomial(n, k)
    var table = [[Int]](repeating: [Int](repeating: 0, count: k + 1), count: n + 1)
    for m in 0...n {
      table[m][0] = 1
      // No entry that is used exceeds `count`; others may wrap and are never read.
      for r in stride(from: 1, through: min(k, m), by: 1) { table[m][r] = table[m - 1][r - 1] &+ table[m - 1][r] }
    }
    self.table = table
  }

  /// Calls `body(position, element)` for the elements of the subset, ascending. O(n).
  @inline(__always)
  func forEachElement(of rank: Int, _ body: (Int, Int) -> Void) {
    var rank = rank
    var position = 0
    var element = 0
    while position < k {
      let with = table[n - element - 1][k - position - 1]
      if rank < with {
        body(position, element)
        position += 1
      } else {
        rank -= with
      }
      element += 1
    }
  }

  /// n over k; nil when it does not fit.
  static func binomial(_ n: Int, _ k: Int) -> Int? {
    guard k >= 0, k <= n else { return 0 }
    var result = 1
    for i in 0..<min(k, n - k) {
      // Exact at every step: the product of i+1 consecutive numbers divides by (i+1)!.
      let (high, low) = result.multipliedFullWidth(by: n - i)
      guard high == 0, low <= UInt(Int.max) else { return nil }
      result = Int(low) / (i + 1)
    }
    return result
  }
}

/// All ways to write `total` as an ordered sum of `parts` numbers from zero up: the points of a
/// simplex grid.
struct SimplexGrid: Sendable {
  let total: Int
  let parts: Int
  private let bars: Combinations

  var count: Int { bars.count }

  /// - Throws: `SpaceError.tooLarge`.
  init(total: Int, parts: Int) throws(SpaceError) {
    self.total = total
    self.parts = parts
    bars = try Combinations(total + parts - 1, choose: parts - 1)
  }

  /// The numbers at a position, by stars and bars. O(total + parts).
  func point(at rank: Int) -> [Int] {
    var result = [Int](repeating: 0, count: parts)
    var last = -1
    bars.forEachElement(of: rank) { position, element in
      result[position] = element - last - 1
      last = element
    }
    result[parts - 1] = total + parts - 2 - last
    return result
  }
}
