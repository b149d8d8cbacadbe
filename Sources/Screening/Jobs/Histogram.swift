/// Counts of values in bins of equal width, and of those below and above.
public struct Histogram: Sendable, Equatable, Codable {
  public let lower: Double
  public let upper: Double
  /// Below, each bin, above.
  public private(set) var counts: [Int]

  public init(lower: Double, upper: Double, bins: Int = 100) {
    self.lower = lower
    self.upper = upper > lower ? upper : lower + 1
    counts = [Int](repeating: 0, count: bins + 2)
  }

  @inline(__always)
  public mutating func insert(_ value: Double) {
    let bins = counts.count - 2
    let place = (value - lower) / (upper - lower) * Double(bins)
    if place < 0 {
      counts[0] += 1
    } else if place >= Double(bins) || place.isNaN {
      counts[bins + 1] += 1
    } else {
      counts[1 + Int(place)] += 1
    }
  }

  /// - Precondition: the same bins.
  public mutating func merge(_ other: Histogram) {
    precondition(counts.count == other.counts.count && lower == other.lower && upper == other.upper)
    for i in counts.indices { counts[i] += other.counts[i] }
  }
}
