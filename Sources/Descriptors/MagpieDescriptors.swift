import Chemistry

/// The Magpie preset: minimum, maximum, range, mean, average deviation and mode of 22 elemental
/// properties, 132 numbers.
///
/// Equal to matminer's `ElementProperty.from_preset("magpie", impute_nan=True)`, names and values, with
/// one difference: matminer drops amounts below 1e-8 and compares amounts for the mode as they are
/// written; here amounts are taken as shares first, so that scaling a formula changes nothing.
///
/// Source: Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2, 16028 (2016).
public struct MagpieDescriptors: Featurizer {
  public let name = "magpie"
  public let labels: [String]
  public let citations = [
    "Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2, 16028 (2016): elemental property statistics"
  ]
  private let table = MagpieTable.shared

  public init() {
    let statistics = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"]
    labels = MagpieTable.shared.properties.flatMap { property in
      statistics.map { "MagpieData \($0) \(property)" }
    }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, for composition: Composition) {
    let entries = composition.entries
    let count = table.properties.count
    var total = 0.0
    var largest = 0.0
    for entry in entries {
      total += entry.amount
      largest = max(largest, entry.amount)
    }
    // numpy's isclose, which matminer's mode uses.
    let tied = largest - (1e-8 + 1e-5 * largest)
    table.values.withUnsafeBufferPointer { values in
      for property in 0..<count {
        var low = Double.infinity
        var high = -Double.infinity
        var sum = 0.0
        var mode = Double.infinity
        for entry in entries {
          let value = values[(entry.element.atomicNumber - 1) * count + property]
          low = min(low, value)
          high = max(high, value)
          sum += entry.amount * value
          if entry.amount >= tied { mode = min(mode, value) }
        }
        let mean = sum / total
        var deviation = 0.0
        for entry in entries {
          deviation += entry.amount * abs(values[(entry.element.atomicNumber - 1) * count + property] - mean)
        }
        let start = property * 6
        out[start] = low
        out[start + 1] = high
        out[start + 2] = high - low
        out[start + 3] = mean
        out[start + 4] = deviation / total
        out[start + 5] = mode
      }
    }
  }
}
