import Chemistry
import Tables

/// Reads a cell from a table, one row for each component.
///
/// Columns: `layer`, `formula`, `thickness_um`; optional `volume_share` (1), `active` (yes or empty),
/// `capacity_mAh_g`, `density_g_cm3`, `price_usd_per_kg`. An empty capacity of an active row is the theoretical
/// one of all its ions, an empty density that of the bundled table, an empty price that of the elements.
public struct CellStackTable: Sendable {
  public let components: [CellStack.Component]
  public let diagnostics: [Diagnostic]
  /// What was filled in and where from.
  public let assumptions: [String]

  /// - Throws: `TableError` for a missing column, or when no row can be used.
  public init(_ table: Table, ion: MobileIon = .lithium) throws(TableError) {
    let layer = try table.requireIndex(of: "layer")
    let formula = try table.requireIndex(of: "formula")
    _ = try table.requireIndex(of: "thickness_um")
    var components: [CellStack.Component] = []
    var diagnostics: [Diagnostic] = []
    var assumptions: [String] = []
    for row in table.rows {
      do throws(Diagnostic) {
        if let defect = row.defect { throw defect }
        let composition: Composition
        do {
          composition = try ElectrodeMaterial.composition(of: row.cells[formula])
        } catch {
          throw Diagnostic(at: row.location, column: "formula", problem: error.problem, remedy: error.remedy)
        }
        guard let micrometres = try Self.number(table, row, "thickness_um", above: 0) else {
          throw Diagnostic(
            at: row.location, column: "thickness_um", problem: "no thickness", remedy: "give micrometres")
        }
        let label = row.cells[formula]
        let given = try Self.number(table, row, "density_g_cm3", above: 0)
        guard let density = given ?? SolidDensities.density(of: composition) else {
          throw Diagnostic(
            at: row.location, column: "density_g_cm3", problem: "no density of \(label) is known",
            remedy: "give g/cm³")
        }
        if given == nil { assumptions.append("density of \(label): \(density) g/cm³ (bundled table)") }
        var price = try Self.number(table, row, "price_usd_per_kg", above: -1e-9)
        if price == nil {
          price = ElementPrices.price(of: composition)
          if let price { assumptions.append("price of \(label): \(DecimalText.rounded(price, significant: 3)) USD/kg (its elements)") }
        }
        var capacity = try Self.number(table, row, "capacity_mAh_g", above: 0)
        let isActive = table.index(of: "active").map { ["yes", "1", "true"].contains(row.cells[$0].lowercased()) } ?? false
        if isActive, capacity == nil {
          let ions = composition[ion.element] * Double(ion.charge)
          guard ions > 0 else {
            throw Diagnostic(
              at: row.location, column: "capacity_mAh_g", problem: "\(label) holds no \(ion.element.symbol) to give away",
              remedy: "give its capacity")
          }
          capacity = ions * VoltageProfile.milliampereHoursPerMole / composition.molarMass
          assumptions.append("capacity of \(label): all its \(ion.element.symbol)")
        }
        components.append(
          .init(
            layer: row.cells[layer], composition: composition, thickness: micrometres,
            share: try Self.number(table, row, "volume_share", above: 0) ?? 1, density: density, price: price,
            capacity: isActive ? capacity : nil))
      } catch {
        diagnostics.append(error)
      }
    }
    guard !components.isEmpty else { throw .noUsableRows(table.file, reports: diagnostics) }
    self.components = components
    self.diagnostics = diagnostics
    // Said once, however often a material occurs.
    self.assumptions = assumptions.enumerated().filter { assumptions.firstIndex(of: $0.element) == $0.offset }.map(\.element)
  }

  /// The number in a cell, nil for an empty or absent one.
  private static func number(
    _ table: Table, _ row: Table.Row, _ name: String, above lower: Double
  ) throws(Diagnostic) -> Double? {
    guard let index = table.index(of: name), !row.cells[index].isEmpty else { return nil }
    guard let value = Double(row.cells[index]), value.isFinite, value > lower else {
      throw Diagnostic(
        at: row.location, column: name, problem: "\"\(row.cells[index])\" is not a number above \(lower)",
        remedy: "give one or leave the cell empty")
    }
    return value
  }
}
