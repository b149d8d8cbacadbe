import CVectorMath

/// Profiles in a few coarse bytes, gathered in boxes of near ones: a k-d tree of which only the leaves are kept.
///
/// For distances that are sums of absolute differences: bytes hold sums over parts of a profile, rounded to whole steps.
/// Where differences of the bytes, or of a box's bounds, are too large already, what is behind them need not be looked at.
package struct ProfileBoxes: Sendable {
  /// Bytes of a profile.
  package static let segments = 32
  /// Profiles of a box, at most.
  static let size = 64

  /// Positions of the profiles, box by box.
  package let order: [Int]
  /// Where each box begins in `order`, and the end.
  private let starts: [Int]
  /// The bytes, in that order.
  private let codes: [UInt8]
  /// Least and largest bytes of each box.
  private let lows: [UInt8]
  private let highs: [UInt8]

  private var boxCount: Int { starts.count - 1 }

  /// - Parameter codes: `segments` bytes for each profile.
  /// - Complexity: O(n log n).
  package init(_ codes: [UInt8]) {
    let width = Self.segments
    var order = Array(0..<codes.count / width)
    var (starts, lows, highs): ([Int], [UInt8], [UInt8]) = ([], [], [])
    var open = order.isEmpty ? [] : [0..<order.count]
    while let range = open.popLast() {
      var low = [UInt8](repeating: 255, count: width)
      var high = [UInt8](repeating: 0, count: width)
      for index in order[range] {
        for k in 0..<width {
          let code = codes[index * width + k]
          (low[k], high[k]) = (min(low[k], code), max(high[k], code))
        }
      }
      if range.count <= Self.size {
        starts.append(range.lowerBound)
        lows += low
        highs += high
        continue
      }
      let split = Self.split(&order, range, codes, along: (0..<width).max { high[$0] - low[$0] < high[$1] - low[$1] } ?? 0)
      // The lower half is taken next, so that boxes follow each other.
      open.append(split..<range.upperBound)
      open.append(range.lowerBound..<split)
    }
    self.order = order
    self.starts = starts + [order.count]
    (self.lows, self.highs) = (lows, highs)
    self.codes = order.flatMap { codes[$0 * width..<($0 + 1) * width] }
  }

  /// Parts a range by one byte, as evenly as its values allow, and returns where its upper part begins.
  private static func split(_ order: inout [Int], _ range: Range<Int>, _ codes: [UInt8], along segment: Int) -> Int {
    let members = Array(order[range])
    var counts = [Int](repeating: 0, count: 256)
    for index in members { counts[Int(codes[index * segments + segment])] += 1 }
    var (below, best, threshold) = (0, 0, 0)
    for value in 0..<256 {
      below += counts[value]
      if below < members.count, min(below, members.count - below) > min(best, members.count - best) {
        (best, threshold) = (below, value)
      }
    }
    // All alike: any half will do.
    guard best > 0 else { return range.lowerBound + members.count / 2 }
    var (left, right) = (range.lowerBound, range.lowerBound + best)
    for index in members {
      if Int(codes[index * segments + segment]) <= threshold {
        order[left] = index
        left += 1
      } else {
        order[right] = index
        right += 1
      }
    }
    return range.lowerBound + best
  }

  /// Steps to visit boxes by: whether a box comes before another is told by its bound in these.
  private static let coarseness: UInt32 = 8
  private static let ranks = 256

  /// Visits places in `order` whose bytes lie no farther from `query` than `reach`, nearer boxes first.
  ///
  /// - Parameter body: gets a place and returns the reach from then on, which may only shrink.
  package func visit(near query: [UInt8], reach: UInt32, _ body: (_ place: Int, _ reach: UInt32) -> UInt32) {
    guard boxCount > 0, query.count == Self.segments else { return }
    var reach = reach
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * boxCount + Self.size + Self.ranks + 1) { room in
      codes.withUnsafeBufferPointer { codes in
        guard let all = room.baseAddress, let codes = codes.baseAddress else { return }
        let (bounds, sequence) = (all, all + boxCount)
        let distances = all + 2 * boxCount
        let next = distances + Self.size
        superionic_box_distances(lows, highs, query, boxCount, bounds)
        // By counting, boxes of one rank in their order.
        next.initialize(repeating: 0, count: Self.ranks + 1)
        func rank(_ bound: UInt32) -> Int { min(Self.ranks - 1, Int(bound / Self.coarseness)) }
        for box in 0..<boxCount { next[rank(bounds[box]) + 1] += 1 }
        for r in 1...Self.ranks { next[r] += next[r - 1] }
        for box in 0..<boxCount {
          let r = rank(bounds[box])
          sequence[Int(next[r])] = UInt32(box)
          next[r] += 1
        }
        for turn in 0..<boxCount {
          let box = Int(sequence[turn])
          if bounds[box] > reach {
            if UInt32(rank(bounds[box])) * Self.coarseness > reach { break }
            continue
          }
          let (first, end) = (starts[box], starts[box + 1])
          superionic_byte_distances(codes + first * Self.segments, query, end - first, distances)
          for place in first..<end where distances[place - first] <= reach { reach = body(place, reach) }
        }
      }
    }
  }

  /// The `limit` profiles of least distance, nearest first; ties by position.
  ///
  /// - Parameters:
  ///   - query: its bytes.
  ///   - step: the distance that one step of a byte stands for.
  ///   - slack: by how much rounded sums may exceed the distance, so that the search is exact.
  ///   - isExcluded: positions to pass over.
  ///   - distance: of the profile at a place in `order`.
  package func nearest(
    to query: [UInt8], limit: Int, step: Double, slack: Double, excluding isExcluded: (Int) -> Bool,
    distance: (_ place: Int) -> Double
  ) -> [(distance: Double, index: Int)] {
    var best: [(distance: Double, index: Int)] = []
    best.reserveCapacity(limit + 1)
    visit(near: query, reach: .max) { place, reach in
      let candidate = (distance: distance(place), index: order[place])
      if best.count == limit, candidate >= best[limit - 1] { return reach }
      if isExcluded(candidate.index) { return reach }
      best.insert(candidate, at: best.firstIndex { candidate < $0 } ?? best.count)
      if best.count > limit { best.removeLast() }
      return best.count == limit ? UInt32((best[limit - 1].distance + slack) / step) + 1 : reach
    }
    return best
  }
}
