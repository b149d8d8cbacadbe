import LinearAlgebra

/// Quantiles of a new measurement at each row, for models that know more than a mean and a deviation.
///
/// Between the probabilities of the grid quantiles are linear in the normal quantile of the probability, and beyond
/// its ends they go on as a normal tail scaled to the last one would.
public struct RowQuantiles: Sendable, Equatable {
  /// Ascending, within (0, 1), with ½ among them.
  public let probabilities: [Double]
  /// Rows × probabilities; each row is non-decreasing.
  public let values: Matrix
  /// A value that nothing lies below and that may have a probability of its own; nil where there is none.
  public let least: Double?
  private let normal: [Double]
  /// The place of ½.
  private let middle: Int

  /// - Parameters:
  ///   - probabilities: at least three, ascending, ½ among them.
  ///   - values: one row for each row predicted; a row out of order is sorted.
  ///   - least: a value that nothing lies below.
  public init(probabilities: [Double], values: Matrix, least: Double? = nil) {
    guard probabilities.count == values.columns, let middle = probabilities.firstIndex(of: 0.5) else {
      preconditionFailure("a value for each probability, one half among them")
    }
    self.probabilities = probabilities
    self.least = least
    self.middle = middle
    normal = probabilities.map(NormalDistribution.quantile)
    var sorted = values
    let width = values.columns
    for i in 0..<values.rows {
      // Quantiles that were learned apart may cross.
      let row = values.row(i).sorted()
      for j in 0..<width { sorted.elements[i * width + j] = row[j] }
    }
    self.values = sorted
  }

  public var count: Int { values.rows }

  /// The medians.
  public var median: [Double] { values.column(middle) }

  /// The interval that holds a new measurement with probability `level`, for each row: between the quantiles
  /// (1 ∓ level)/2, and from the least value to the quantile `level` where the lower one of these is that value.
  ///
  /// - Parameter level: in (0, 1).
  public func interval(_ level: Double) -> (lower: [Double], upper: [Double]) {
    let lower = quantile((1 - level) / 2)
    var upper = quantile((1 + level) / 2)
    if let least {
      let held = quantile(level)
      for i in 0..<count where lower[i] <= least { upper[i] = held[i] }
    }
    return (lower, upper)
  }

  /// The quantile of probability `p` of every row, `p` in (0, 1).
  public func quantile(_ p: Double) -> [Double] {
    let z = NormalDistribution.quantile(p)
    let last = normal.count - 1
    let width = values.columns
    if z < normal[0] || z > normal[last] {
      let end = z < normal[0] ? 0 : last
      let factor = z / normal[end]
      return (0..<count).map { i in
        let center = values.elements[i * width + middle]
        return max(least ?? -.infinity, center + factor * (values.elements[i * width + end] - center))
      }
    }
    let high = max(1, normal.firstIndex { $0 >= z } ?? last)
    let share = (z - normal[high - 1]) / (normal[high] - normal[high - 1])
    return (0..<count).map { i in
      let (a, b) = (values.elements[i * width + high - 1], values.elements[i * width + high])
      return a + share * (b - a)
    }
  }

  /// For each row, the probability of a new measurement at or below `threshold`: the inverse of `quantile`.
  public func probabilities(below threshold: Double) -> [Double] {
    let width = values.columns
    return (0..<count).map { i in
      let row = values.row(i)
      if threshold < row[0] || threshold >= row[width - 1] {
        let end = threshold < row[0] ? 0 : width - 1
        let reach = row[end] - row[middle]
        // Beyond the end of a row without width everything is certain.
        guard reach != 0 else { return threshold < row[0] ? 0 : 1 }
        return NormalDistribution.cumulative(normal[end] * (threshold - row[middle]) / reach)
      }
      let high = row.firstIndex { $0 > threshold } ?? width - 1
      let share = (threshold - row[high - 1]) / (row[high] - row[high - 1])
      return NormalDistribution.cumulative(normal[high - 1] + share * (normal[high] - normal[high - 1]))
    }
  }
}

/// Shifts quantiles so that they hold on rows of groups that no model had seen.
///
/// For a probability p below ½ the scores are q_p − y of unseen rows and the shift is their ⌈(n + 1)(1 − p)⌉-th
/// smallest; above ½, those of y − q_p and ⌈(n + 1)p⌉. Each tail then holds by itself. After conformalized quantile
/// regression: Romano, Patterson and Candès, NeurIPS 32 (2019), with one shift for each tail.
public struct QuantileCalibration: Sendable, Equatable {
  public let probabilities: [Double]
  /// What is added to the quantile of each probability.
  public let shifts: [Double]

  /// - Parameters:
  ///   - quantiles: of n rows, by models that had not seen them or their group.
  ///   - targets: of the rows. A bound counts as a value where it lies on the wrong side of the quantile.
  ///   - censoring: one for each row.
  public init(_ quantiles: RowQuantiles, targets: [Double], censoring: [Censoring]) {
    probabilities = quantiles.probabilities
    let n = targets.count
    let columns = probabilities.indices.map { quantiles.values.column($0) }
    shifts = zip(probabilities, columns).map { p, column in
      guard p != 0.5, n > 1 else { return 0 }
      let sign = p < 0.5 ? 1.0 : -1
      let scores = targets.indices.map { i -> Double in
        let score = sign * (column[i] - targets[i])
        // The value lies beyond the bound: below a left one, above a right one.
        switch censoring[i] {
        case .left where p < 0.5, .right where p > 0.5: return max(score, 0)
        default: return score
        }
      }.sorted()
      let rank = Int((Double(n + 1) * (p < 0.5 ? 1 - p : p)).rounded(.up))
      return -sign * scores[min(n - 1, rank - 1)]
    }
  }

  public func callAsFunction(_ quantiles: RowQuantiles) -> RowQuantiles {
    var values = quantiles.values
    let width = values.columns
    for i in 0..<values.rows { for j in 0..<width { values.elements[i * width + j] += shifts[j] } }
    return RowQuantiles(probabilities: probabilities, values: values, least: quantiles.least)
  }

  init(probabilities: [Double], shifts: [Double]) {
    self.probabilities = probabilities
    self.shifts = shifts
  }
}
