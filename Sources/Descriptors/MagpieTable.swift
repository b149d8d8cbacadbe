import BundledData
import Chemistry

/// The 22 elemental properties of Magpie, complete: a value that the source lacks is the mean over
/// the elements that have one.
///
/// Source: Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2, 16028 (2016), as tabulated by
/// matminer; the imputation is matminer's `impute_nan=True`. See `Datasets/README.md`.
struct MagpieTable: Sendable {
  let properties: [String]
  /// 118 × 22, the properties of one element side by side.
  let values: [Double]

  static let shared = MagpieTable()

  private init() {
    let table = BundledTable(.magpieElements)
    properties = Array(table.columns.dropFirst(2))
    let columns = properties.map { name in
      let numbers = table.numbers(name)
      let known = numbers.compactMap { $0 }
      let mean = known.reduce(0, +) / Double(known.count)
      return numbers.map { $0 ?? mean }
    }
    values = Element.all.indices.flatMap { element in columns.map { $0[element] } }
  }

  func index(of property: String) -> Int {
    guard let index = properties.firstIndex(of: property) else { preconditionFailure("no property \(property)") }
    return index
  }
}
