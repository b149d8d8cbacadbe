import Chemistry
import Modeling
import Tables

/// The family of each measured row, from a column or, without one, from its anions.
public struct RowFamilies: Sendable {
  /// One for each row of the measurements.
  public let names: [String]
  /// Whether the names were derived from anions.
  public let isDerived: Bool

  /// - Parameters:
  ///   - data: the rows whose families are asked for.
  ///   - table: what the measurements were read from.
  ///   - column: `family` where there is such a column, when nil.
  /// - Throws: `TableError.missingColumn` for a column that is asked for and absent.
  public init(_ data: Measurements, table: Table, column: String? = nil) throws(TableError) {
    var index = table.index(of: "family")
    if let column { index = try table.requireIndex(of: column) }
    guard let index else {
      names = data.rows.map { Self.anions(of: $0.sample.composition) }
      isDerived = true
      return
    }
    let cells = Dictionary(table.rows.map { ($0.location, $0.cells[index]) }, uniquingKeysWith: { first, _ in first })
    names = data.rows.map { row in
      let cell = cells[row.location] ?? ""
      return cell.isEmpty ? "no family given" : cell
    }
    isDerived = false
  }

  /// The rows of each family, the largest family first; ties by name.
  public var members: [(name: String, rows: [Int])] {
    Dictionary(grouping: names.indices, by: { names[$0] }).map { (name: $0.key, rows: $0.value) }
      .sorted { ($1.rows.count, $0.name) < ($0.rows.count, $1.name) }
  }

  /// `oxide`, `sulfide + halide`, …: the elements of a composition that are anions as a rule.
  static func anions(of composition: Composition) -> String {
    let kinds: [(name: String, symbols: [String])] = [
      ("oxide", ["O"]), ("sulfide", ["S"]), ("selenide", ["Se"]), ("telluride", ["Te"]), ("nitride", ["N"]),
      ("halide", ["F", "Cl", "Br", "I"]), ("hydride", ["H"]),
    ]
    let present = kinds.filter { kind in kind.symbols.contains { Element($0).map(composition.contains) ?? false } }
    return present.isEmpty ? "other" : present.map(\.name).joined(separator: " + ")
  }
}
