/// The non-decreasing function nearest to the data in least squares, by pooling adjacent violators.
///
///     let calibrated = IsotonicRegression(scores, outcomes)
///     calibrated(0.7)
///
/// Makes probabilities of scores whose order can be trusted, but not their size. Source: R. E. Barlow et
/// al., Statistical Inference under Order Restrictions (1972).
public struct IsotonicRegression: Sendable, Codable, Hashable {
  /// Centres of the pooled blocks, ascending, each strictly.
  public let knots: [Double]
  /// The values there, non-decreasing.
  public let values: [Double]

  /// - Parameters:
  ///   - x: finite; none makes the identity.
  ///   - y: a finite value for each of `x`.
  ///   - prior: so many observations of value x are added to each block, which keeps small blocks from
  ///     claiming certainty where y is 0 or 1.
  /// - Complexity: O(n log n).
  public init(_ x: [Double], _ y: [Double], prior: Double = 0) {
    precondition(x.count == y.count, "as many values as points")
    struct Block {
      var x: Double
      var y: Double
      var weight: Double
      var mean: Double { y / weight }
    }
    var blocks: [Block] = []
    var next = 0
    let order = x.indices.sorted { (x[$0], $0) < (x[$1], $1) }
    while next < order.count {
      // Points at one place are one observation.
      var block = Block(x: 0, y: 0, weight: 0)
      let place = x[order[next]]
      while next < order.count, x[order[next]] == place {
        block.x += place
        block.y += y[order[next]]
        block.weight += 1
        next += 1
      }
      blocks.append(block)
      while blocks.count > 1, blocks[blocks.count - 2].mean >= blocks[blocks.count - 1].mean {
        let last = blocks.removeLast()
        blocks[blocks.count - 1].x += last.x
        blocks[blocks.count - 1].y += last.y
        blocks[blocks.count - 1].weight += last.weight
      }
    }
    knots = blocks.map { $0.x / $0.weight }
    var running = -Double.infinity
    values = blocks.map { block in
      running = max(running, (block.y + prior * block.x / block.weight) / (block.weight + prior))
      return running
    }
  }

  /// The function of these knots; nil unless they ascend strictly and the values do not descend.
  package init?(knots: [Double], values: [Double]) {
    guard knots.count == values.count, zip(knots, knots.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    self.knots = knots
    self.values = values
  }

  /// Linear between the centres of the blocks, constant beyond the first and the last.
  public func callAsFunction(_ x: Double) -> Double {
    guard let first = knots.first, let last = knots.last else { return x }
    if x <= first { return values[0] }
    if x >= last { return values[values.count - 1] }
    var (low, high) = (0, knots.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= x { low = middle } else { high = middle }
    }
    let share = (x - knots[low]) / (knots[high] - knots[low])
    return values[low] + share * (values[high] - values[low])
  }
}
