import LinearAlgebra

/// What a network that predicts probabilities of bins says of some rows.
package struct BinnedOutput: Sendable, Equatable {
  /// Ascending bounds of the bins, one more than there are bins.
  let edges: [Double]
  /// Rows × bins: the probability of each bin and those before it.
  let cumulative: [Float]
  /// What is added to the bounds in each row; nil for nothing.
  let shifts: [Double]?

  var count: Int { cumulative.count / ValueBins.count }

  package init(edges: [Double], cumulative: [Float], shifts: [Double]?) {
    (self.edges, self.cumulative, self.shifts) = (edges, cumulative, shifts)
  }

  /// - Parameter results: of a network, rows × bins.
  package init(_ results: [Float], edges: [Double], shifts: [Double]?) {
    var cumulative = results
    let width = ValueBins.count
    cumulative.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let all = buffer
      Threads.forEachChunk(of: all.count / width, chunkSize: 256) { rows in
        guard let start = all.baseAddress else { return }
        for row in rows {
          let x = start + row * width
          ValueBins.normalize(x)
          for k in 1..<width { x[k] += x[k - 1] }
          x[width - 1] = 1
        }
      }
    }
    self.init(edges: edges, cumulative: cumulative, shifts: shifts)
  }

  /// Median and s of each row of the mean of some networks' distributions, where 2·s² is the mean square of the
  /// distance from the median. On all cores.
  static func summaries(_ outputs: [BinnedOutput], shares: [Double]) -> (medians: [Double], scales: [Double]) {
    var medians = [Double](repeating: 0, count: outputs.first?.count ?? 0)
    var scales = medians
    medians.withUnsafeMutableBufferPointer { medians in
      scales.withUnsafeMutableBufferPointer { scales in
        nonisolated(unsafe) let (medians, scales) = (medians, scales)
        forEachRow(of: outputs, shares: shares) { row, pool in
          let median = pool.quantile(0.5)
          medians[row] = median
          scales[row] = (0.5 * pool.variance(around: median)).squareRoot()
        }
      }
    }
    return (medians, scales)
  }

  /// The mean distribution of some networks at each row, on all cores, in no order.
  static func forEachRow(
    of outputs: [BinnedOutput], shares: [Double], _ body: @Sendable (Int, PooledDistribution) -> Void
  ) {
    Threads.forEachChunk(of: outputs.first?.count ?? 0, chunkSize: 256) { rows in
      var pool = PooledDistribution()
      for row in rows {
        pool.set(outputs, shares: shares, row: row)
        body(row, pool)
      }
    }
  }

  /// The probability of a value at or below x.
  @inline(__always)
  func probability(row: Int, atOrBelow x: Double) -> Double {
    let value = x - (shifts?[row] ?? 0)
    let width = ValueBins.count
    guard value >= edges[0] else { return 0 }
    guard value < edges[width] else { return 1 }
    // The last bound that is not above the value.
    var (low, high) = (0, width)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    let start = row * width
    let before = low == 0 ? 0 : Double(cumulative[start + low - 1])
    let share = (value - edges[low]) / (edges[low + 1] - edges[low])
    return before + share * (Double(cumulative[start + low]) - before)
  }
}

/// The distribution of one row as several networks see it: the mean of theirs, linear between the bounds of all bins.
package struct PooledDistribution {
  /// Ascending, and the probability of a value at or below each; two that are equal where one value has a probability.
  private(set) var values: [Double] = []
  private(set) var probabilities: [Double] = []

  package init() {}

  /// - Parameter shares: of the networks, summing to 1.
  package mutating func set(_ outputs: [BinnedOutput], shares: [Double], row: Int) {
    let width = ValueBins.count
    let first = outputs[0]
    let shift = first.shifts?[row] ?? 0
    values.removeAll(keepingCapacity: true)
    probabilities.removeAll(keepingCapacity: true)
    func haveSameBounds(_ a: BinnedOutput, _ b: BinnedOutput) -> Bool {
      (a.shifts?[row] ?? 0) == (b.shifts?[row] ?? 0) && a.edges == b.edges
    }
    if outputs.dropFirst().allSatisfy({ haveSameBounds($0, first) }) {
      for edge in first.edges { values.append(edge + shift) }
      probabilities.append(0)
      for k in 0..<width {
        var sum = 0.0
        for (m, output) in outputs.enumerated() { sum += shares[m] * Double(output.cumulative[row * width + k]) }
        probabilities.append(sum)
      }
      return
    }
    for (m, output) in outputs.enumerated() where !outputs[..<m].contains(where: { haveSameBounds($0, output) }) {
      let shift = output.shifts?[row] ?? 0
      for edge in output.edges { values.append(edge + shift) }
    }
    values.sort()
    for value in values {
      var sum = 0.0
      for (m, output) in outputs.enumerated() where shares[m] > 0 {
        sum += shares[m] * output.probability(row: row, atOrBelow: value)
      }
      probabilities.append(sum)
    }
    probabilities[0] = 0
  }

  /// The least value that is not below a share p of the distribution, p in [0, 1].
  package func quantile(_ p: Double) -> Double {
    var (low, high) = (0, values.count - 1)
    // The first place whose probability is at least p.
    while low < high {
      let middle = (low + high) / 2
      if probabilities[middle] < p { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return values[0] }
    let gain = probabilities[low] - probabilities[low - 1]
    let share = gain > 0 ? min(1, max(0, (p - probabilities[low - 1]) / gain)) : 1
    return values[low - 1] + share * (values[low] - values[low - 1])
  }

  /// The probabilities of values below x, and of values at or below it.
  package func probabilities(at x: Double) -> (below: Double, atOrBelow: Double) {
    guard let least = values.first, let most = values.last, x >= least else { return (0, 0) }
    guard x <= most else { return (1, 1) }
    let first = values.firstIndex { $0 >= x } ?? 0
    if values[first] == x {
      let last = values.lastIndex { $0 == x } ?? first
      return (probabilities[first], probabilities[last])
    }
    let share = (x - values[first - 1]) / (values[first] - values[first - 1])
    let p = probabilities[first - 1] + share * (probabilities[first] - probabilities[first - 1])
    return (p, p)
  }

  /// The mean square of the distance from `center`.
  package func variance(around center: Double) -> Double {
    var sum = 0.0
    for k in 1..<values.count {
      let (a, b) = (values[k - 1] - center, values[k] - center)
      sum += (probabilities[k] - probabilities[k - 1]) * (a * a + a * b + b * b) / 3
    }
    return sum
  }
}
