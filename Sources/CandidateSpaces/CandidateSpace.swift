import Chemistry

/// A set of compositions that is never written out: the i-th is computed from i.
///
/// An index holds one candidate or none (a combination whose charges cannot be balanced, an amount
/// out of its range), so `count` is an upper bound of the number of candidates, known at once. A
/// range of indices is therefore a whole description of a part of a job.
///
/// The candidate of an index depends on nothing but the space and the index.
public protocol CandidateSpace: Sendable {
  /// How many indices there are.
  var count: Int { get }

  /// Whether every index holds a candidate.
  var isDense: Bool { get }

  /// The candidate of an index in `0..<count`; nil where there is none.
  /// Microseconds, and no memory of candidates before.
  func candidate(at index: Int) -> Composition?

  /// How the candidate came about, for people; empty where the formula says it all.
  func label(at index: Int) -> String

  /// Calls `body` with each candidate of a range, in order. For spaces in which most indices are
  /// empty this is much faster than asking for each.
  func forEach(in range: Range<Int>, _ body: (Int, Composition) -> Void)
}

extension CandidateSpace {
  public func label(at index: Int) -> String { "" }

  public func forEach(in range: Range<Int>, _ body: (Int, Composition) -> Void) {
    for index in range { if let candidate = candidate(at: index) { body(index, candidate) } }
  }
}

/// Spaces one after the other.
public struct SpaceUnion: CandidateSpace {
  public let spaces: [any CandidateSpace]
  public let count: Int
  public let isDense: Bool
  /// First index of each space, and the end.
  private let starts: [Int]

  /// - Throws: `SpaceError.tooLarge` beyond 2⁶² candidates.
  public init(_ spaces: [any CandidateSpace]) throws(SpaceError) {
    var starts = [0]
    for space in spaces {
      let (sum, overflow) = starts[starts.count - 1].addingReportingOverflow(space.count)
      guard !overflow, sum < SpaceSize.limit else { throw .tooLarge }
      starts.append(sum)
    }
    self.spaces = spaces
    self.starts = starts
    count = starts[spaces.count]
    isDense = spaces.allSatisfy(\.isDense)
  }

  /// The space an index lies in, and its index there. O(log spaces).
  public func locate(_ index: Int) -> (space: Int, index: Int) {
    var (low, high) = (0, spaces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle } else { high = middle }
    }
    // Empty spaces share their start with the next one, which the search finds.
    return (low, index - starts[low])
  }

  public func candidate(at index: Int) -> Composition? {
    let place = locate(index)
    return spaces[place.space].candidate(at: place.index)
  }

  public func label(at index: Int) -> String {
    let place = locate(index)
    return spaces[place.space].label(at: place.index)
  }

  public func forEach(in range: Range<Int>, _ body: (Int, Composition) -> Void) {
    for (number, space) in spaces.enumerated() {
      let start = starts[number]
      let part = range.clamped(to: start..<starts[number + 1])
      if part.isEmpty { continue }
      space.forEach(in: part.lowerBound - start..<part.upperBound - start) { body($0 + start, $1) }
    }
  }
}

/// Sizes of spaces, which overflow easily.
enum SpaceSize {
  /// Indices stay below this.
  static let limit = 1 << 62

  /// The product of sizes. - Throws: `SpaceError.tooLarge`.
  static func product(_ sizes: [Int]) throws(SpaceError) -> Int {
    if sizes.contains(0) { return 0 }
    var result = 1
    for size in sizes {
      let (product, overflow) = result.multipliedReportingOverflow(by: size)
      guard !overflow, product < limit else { throw .tooLarge }
      result = product
    }
    return result
  }

  /// n over k. - Throws: `SpaceError.tooLarge`.
  static func binomial(_ n: Int, _ k: Int) throws(SpaceError) -> Int {
    guard let value = Combinations.binomial(n, k), value < limit else { throw .tooLarge }
    return value
  }
}
