import Chemistry

/// What is known of each element before any learning.
public enum ElementVectors {
  /// The Magpie properties of all elements, shifted and scaled to mean 0 and deviation 1 over them.
  ///
  /// 118 × `magpieCount`, hydrogen first. Gaps hold the mean.
  public static let magpie: [Float] = {
    let count = MagpieTable.properties.count
    var result = [Float](repeating: 0, count: Element.count * count)
    for (p, property) in MagpieTable.properties.enumerated() {
      let column = MagpieTable.shared.column(property.name)
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
      for (z, value) in column.enumerated() {
        result[z * count + p] = variance > 0 ? Float((value - mean) / variance.squareRoot()) : 0
      }
    }
    return result
  }()

  public static let magpieCount = MagpieTable.properties.count

  /// The Mendeleev number of each element, as in the Magpie tables, hydrogen first; similar elements are near.
  public static let mendeleevNumbers: [Double] = MagpieTable.shared.column("MendeleevNumber")
}
