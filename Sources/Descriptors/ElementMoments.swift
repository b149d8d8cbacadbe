import Chemistry

/// Mean and variance of elemental properties over a composition, with weights that add up to 1, and the extremes.
///
/// With weights wᵢ and values vᵢ: mean m = Σwᵢvᵢ, variance Σwᵢ(vᵢ − m)²; minimum and maximum ignore the weights.
struct ElementMoments: Sendable {
  static let names = ["mean", "variance", "minimum", "maximum"]

  let table: ElementPropertyTable
  /// The first so many of `names`.
  let statistics: Int
  let count: Int
  // Those of the table, so that threads need not count their uses of it.
  private let values: TableValues

  init(table: ElementPropertyTable, statistics: Int = names.count) {
    self.table = table
    self.statistics = statistics
    count = table.properties.count * statistics
    values = TableValues(table)
  }

  /// Labels, property by property.
  func columns(prefix: String, unit: (String) -> String) -> [DescriptorColumn] {
    table.properties.flatMap { property in
      Self.names.prefix(statistics).map { name in
        let own = unit(property)
        return DescriptorColumn("\(prefix) \(name) \(property)", unit: name == "variance" && !own.isEmpty ? "(\(own))²" : own)
      }
    }
  }

  /// Writes property by property. O(elements · properties).
  func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput, weights: UnsafePointer<Double>) {
    typealias Lanes = ElementPropertyTable.Lanes
    precondition(out.count == count)
    let stride = values.stride
    for group in 0..<stride {
      let column = values.lanes + group
      var low = Lanes(repeating: .infinity)
      var high = Lanes(repeating: -.infinity)
      var mean = Lanes.zero
      for i in 0..<input.count {
        let value = column[(input.numbers[i] - 1) * stride]
        low.replace(with: value, where: value .< low)
        high.replace(with: value, where: value .> high)
        mean += value * weights[i]
      }
      var variance = Lanes.zero
      for i in 0..<input.count {
        let distance = column[(input.numbers[i] - 1) * stride] - mean
        variance += distance * distance * weights[i]
      }
      var next = out.baseAddress.unsafelyUnwrapped + group * 4 * statistics
      for lane in 0..<min(4, values.properties - group * 4) {
        next[0] = mean[lane]
        next[1] = variance[lane]
        if statistics == 4 {
          next[2] = low[lane]
          next[3] = high[lane]
        }
        next += statistics
      }
    }
  }
}
