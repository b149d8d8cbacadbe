import BundledData
import Chemistry

/// The Magpie preset: six statistics of 22 elemental properties, 132 columns, with the names and
/// values of matminer's `ElementProperty.from_preset("magpie", impute_nan=True)`.
///
/// Source: Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2, 16028 (2016); table and
/// definitions as in matminer 0.10.1.
public struct MagpieDescriptors: Featurizer {
  public let name = "magpie"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)",
    "matminer 0.10.1, magpie_elementdata",
  ]

  public var imputed: [Bool] { MagpieTable.shared.table.imputedElements() }

  private let statistics: ElementStatistics

  public init() {
    statistics = ElementStatistics(table: MagpieTable.shared.table)
    columns = MagpieTable.properties.flatMap { property in
      ElementStatistics.names.map {
        DescriptorColumn("MagpieData \($0) \(property.name)", unit: property.unit)
      }
    }
    count = columns.count
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    statistics.fill(out, from: input)
  }
}

/// magpie-elements.csv, with the gaps filled.
struct MagpieTable: Sendable {
  static let shared = MagpieTable()

  static let properties: [(name: String, unit: String)] = [
    ("Number", ""), ("MendeleevNumber", ""), ("AtomicWeight", "u"), ("MeltingT", "K"), ("Column", ""),
    ("Row", ""), ("CovalentRadius", "pm"), ("Electronegativity", ""), ("NsValence", ""),
    ("NpValence", ""), ("NdValence", ""), ("NfValence", ""), ("NValence", ""), ("NsUnfilled", ""),
    ("NpUnfilled", ""), ("NdUnfilled", ""), ("NfUnfilled", ""), ("NUnfilled", ""),
    ("GSvolume_pa", "Å³"), ("GSbandgap", "eV"), ("GSmagmom", "μB"), ("SpaceGroupNumber", ""),
  ]

  let table: ElementPropertyTable

  private init() {
    let source = BundledData.magpieElements.table
    precondition(source.texts("symbol") == Element.all.map(\.symbol), "other elements")
    table = ElementPropertyTable(
      properties: Self.properties.map(\.name),
      values: Self.properties.map { source.numbers($0.name) })
  }

  /// The values of one property by atomic number, hydrogen first.
  func column(_ name: String) -> [Double] {
    guard let index = table.properties.firstIndex(of: name) else {
      preconditionFailure("no property \(name)")
    }
    return Element.all.map { table.value(index, $0) }
  }
}
