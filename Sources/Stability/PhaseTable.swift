import BundledData
import Chemistry
import Foundation
import Tables

/// Phases with their energies, read from a table with `formula` and `eV_per_atom`.
public struct PhaseTable: Sendable {
  public let phases: [Phase]
  public let diagnostics: [Diagnostic]

  /// - Throws: `TableError` for a missing column, or when no row can be used.
  public init(_ table: Table, formulaColumn: String = "formula", energyColumn: String = "eV_per_atom")
    throws(TableError)
  {
    let formulaIndex = try table.requireIndex(of: formulaColumn)
    let energyIndex = try table.requireIndex(of: energyColumn)
    let sourceIndex = table.index(of: "source")
    var phases: [Phase] = []
    var diagnostics: [Diagnostic] = []
    for row in table.rows {
      do throws(Diagnostic) {
        if let defect = row.defect { throw defect }
        let composition: Composition
        do {
          composition = try Composition(formula: row.cells[formulaIndex])
        } catch {
          throw Diagnostic(
            at: row.location, column: formulaColumn, problem: error.problem, remedy: error.remedy)
        }
        let energy: MeasuredValue
        do {
          energy = try MeasuredValue(parsing: row.cells[energyIndex])
        } catch {
          throw Diagnostic(at: row.location, column: energyColumn, problem: error.problem, remedy: error.remedy)
        }
        guard energy.bound == .exact else {
          throw Diagnostic(
            at: row.location, column: energyColumn, problem: "an energy cannot be a bound",
            remedy: "give the number or remove the row")
        }
        phases.append(
          Phase(
            row.cells[formulaIndex], composition: composition, formationEnergy: energy.number,
            source: sourceIndex.map { row.cells[$0] } ?? ""))
      } catch {
        diagnostics.append(error)
      }
    }
    guard !phases.isEmpty else { throw .noUsableRows(table.file, reports: diagnostics) }
    self.phases = phases
    self.diagnostics = diagnostics
  }

  private init(phases: [Phase], diagnostics: [Diagnostic]) {
    self.phases = phases
    self.diagnostics = diagnostics
  }

  /// The table that comes with the program; `Datasets/README.md` names the sources.
  ///
  /// - Throws: `TableError`; a test reads it whole.
  public static func bundled() throws(TableError) -> PhaseTable {
    try PhaseTable(Table(parsing: Data(BundledData.phases.text.utf8), file: "phases.csv"))
  }

  /// These phases, and those of another table at compositions that this one lacks.
  ///
  /// An energy of this table replaces one of the other even where it is higher.
  public func extending(_ base: PhaseTable) -> PhaseTable {
    let own = Set(phases.map { CompositionKey($0.composition) })
    return PhaseTable(
      phases: phases + base.phases.filter { !own.contains(CompositionKey($0.composition)) },
      diagnostics: diagnostics + base.diagnostics)
  }
}
