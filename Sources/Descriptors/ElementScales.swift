import BundledData
import Chemistry

/// A scale on which elements have a place, for distances between compositions.
public struct ElementScale: Sendable {
  public let name: String
  /// By atomic number from 1; nil for an element without a place.
  public let values: [Double?]

  /// Of the Magpie table.
  public static let mendeleevNumber = ElementScale(
    name: "Mendeleev number", values: column("MendeleevNumber", of: BundledData.magpieElements.table))
  /// Pauling's.
  public static let electronegativity = ElementScale(
    name: "electronegativity", values: Element.all.map(\.electronegativity))
  /// Of the Magpie table, in pm.
  public static let covalentRadius = ElementScale(
    name: "covalent radius", values: column("CovalentRadius", of: BundledData.magpieElements.table))
  /// Slater's empirical radius, in pm.
  public static let atomicRadius = ElementScale(
    name: "atomic radius", values: column("atomic_radius_pm", of: BundledData.elements.table))

  private static func column(_ name: String, of table: BundledTable) -> [Double?] {
    var result = [Double?](repeating: nil, count: Element.count)
    for (number, value) in zip(table.numbers("atomic_number"), table.numbers(name)) {
      if let number, let value, (1...Double(Element.count)).contains(number) { result[Int(number) - 1] = value }
    }
    return result
  }
}
