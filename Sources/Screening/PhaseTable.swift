import Chemistry
import Stability
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
    guard !phases.isEmpty else { throw .noUsableRows(table.rows.first?.location.file ?? "table") }
    self.phases = phases
    self.diagnostics = diagnostics
  }
}
