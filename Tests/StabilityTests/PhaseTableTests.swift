import BundledData
import Chemistry
import Foundation
import Stability
import Tables
import TestSupport
import Testing

struct PhaseTableTests {
  @Test func bundledTableIsWhole() throws {
    let table = try PhaseTable.bundled()
    #expect(table.diagnostics.isEmpty)
    #expect(table.phases.count > 7000)
    #expect(table.phases.allSatisfy { !$0.source.isEmpty })
    // One row for each composition.
    let diagram = try PhaseDiagram(table.phases)
    #expect(diagram.phases.count == table.phases.count + diagram.elements.count)
    let kinds = Set(BundledData.phases.table.texts("kind"))
    #expect(kinds == ["computed", "corrected", "measured"])
  }

  @Test func ownTableOverridesAndExtends() throws {
    let own = try PhaseTable(Table(parsing: Data("formula,eV_per_atom\nLi4S2,-0.1\nXeF2,-0.4\n".utf8), file: "own.csv"))
    let merged = own.extending(try PhaseTable.bundled())
    let diagram = try PhaseDiagram(merged.phases)
    #expect(diagram.phase(at: composition("Li2S"))?.formationEnergy == -0.1)
    #expect(diagram.phase(at: composition("XeF2")) != nil)
    #expect(diagram.phase(at: composition("LiF")) != nil)
  }

  @Test func badRowsAreReported() throws {
    let csv = "formula,eV_per_atom\nLi2S,-1.5\nQq,1\nLiF,<-3\nLiCl,x\n"
    let table = try PhaseTable(Table(parsing: Data(csv.utf8), file: "p.csv"))
    #expect(table.phases.count == 1)
    #expect(table.diagnostics.map(\.location.line) == [3, 4, 5])
  }
}
