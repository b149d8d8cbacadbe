import LinearAlgebra

/// Confidence intervals of means over rows that come in groups: whole groups are drawn again.
///
/// Rows of one group err alike, so drawing rows would make the interval too narrow (Davison and
/// Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8).
public struct GroupBootstrap: Sendable {
  private let groups: [Int]
  private let seed: UInt64

  /// Resamplings of each interval.
  static let resamplings = 1000

  /// - Parameters:
  ///   - groups: the group of each row.
  ///   - seed: equal seeds draw equal resamplings.
  public init(groups: [Int], seed: UInt64 = 0) {
    self.groups = groups
    self.seed = seed
  }

  /// The central interval of the mean of `values`; nil below two groups.
  ///
  /// - Parameters:
  ///   - values: of rows; a row may have none or several.
  ///   - rows: the row of each value.
  ///   - level: in (0, 1).
  /// - Complexity: O(values + resamplings · groups).
  public func meanInterval(of values: [Double], at rows: [Int], level: Double = 0.95) -> ClosedRange<Double>? {
    precondition(values.count == rows.count, "a row for each value")
    var number: [Int: Int] = [:]
    var sums: [Double] = []
    var counts: [Double] = []
    for (value, row) in zip(values, rows) {
      let group = number[groups[row]] ?? sums.count
      if group == sums.count {
        number[groups[row]] = group
        sums.append(0)
        counts.append(0)
      }
      sums[group] += value
      counts[group] += 1
    }
    guard sums.count >= 2 else { return nil }
    var generator = SeededGenerator(seed: seed)
    var means: [Double] = []
    means.reserveCapacity(Self.resamplings)
    for _ in 0..<Self.resamplings {
      var (sum, count) = (0.0, 0.0)
      for _ in 0..<sums.count {
        let group = generator.index(below: sums.count)
        sum += sums[group]
        count += counts[group]
      }
      means.append(sum / count)
    }
    means.sort()
    let tail = (1 - level) / 2
    let last = Double(means.count - 1)
    return means[Int((tail * last).rounded())]...means[Int(((1 - tail) * last).rounded())]
  }
}
