import Chemistry

/// Six statistics of elemental properties over a composition, with weights by amount:
/// minimum, maximum, range, mean, average deviation, mode.
///
/// With amounts wᵢ and values vᵢ: mean m = Σwᵢvᵢ/Σwᵢ, average deviation Σwᵢ|vᵢ − m|/Σwᵢ, mode the
/// value of the most abundant element, the smallest one where several are equally abundant (to
/// 1e-8 + 1e-5 · largest, as in matminer). Minimum, maximum and range ignore the amounts.
struct ElementStatistics: Sendable {
  static let names = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"]

  let table: ElementPropertyTable
  let count: Int
  // Those of the table, so that threads need not count their uses of it.
  private let values: TableValues

  init(table: ElementPropertyTable) {
    self.table = table
    count = table.properties.count * Self.names.count
    values = TableValues(table)
  }

  /// Writes property by property, the six statistics of each. O(elements · properties).
  func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    typealias Lanes = ElementPropertyTable.Lanes
    precondition(out.count == count)
    let count = input.count
    var largest = 0.0
    for i in 0..<count where input.amounts[i] > largest { largest = input.amounts[i] }
    let threshold = largest - (1e-8 + 1e-5 * largest)
    let stride = values.stride
    let inverse = 1 / input.total
    for group in 0..<stride {
      let column = values.lanes + group
      var low = Lanes(repeating: .infinity)
      var high = Lanes(repeating: -.infinity)
      var mode = Lanes(repeating: .infinity)
      var sum = Lanes.zero
      for i in 0..<count {
        let value = column[(input.numbers[i] - 1) * stride]
        low.replace(with: value, where: value .< low)
        high.replace(with: value, where: value .> high)
        sum += value * input.amounts[i]
        if input.amounts[i] >= threshold { mode.replace(with: value, where: value .< mode) }
      }
      let mean = sum * inverse
      var deviation = Lanes.zero
      for i in 0..<count {
        var distance = column[(input.numbers[i] - 1) * stride] - mean
        distance.replace(with: -distance, where: distance .< 0)
        deviation += distance * input.amounts[i]
      }
      deviation *= inverse
      var next = out.baseAddress.unsafelyUnwrapped + group * 4 * 6
      for lane in 0..<min(4, values.properties - group * 4) {
        next[0] = low[lane]
        next[1] = high[lane]
        next[2] = high[lane] - low[lane]
        next[3] = mean[lane]
        next[4] = deviation[lane]
        next[5] = mode[lane]
        next += 6
      }
    }
  }
}
