import Foundation
import Modeling
import Tables
import Testing

@Suite struct FormulaSeriesTableTests {
  private func table(_ text: String) throws -> Table { try Table(parsing: Data(text.utf8), file: "in.csv") }

  @Test func rangesBecomeRowsAndOthersStay() throws {
    let table = try table(
      "id,formula\n1,Li3N\n2,Li7-xLa3Zr2-xTaxO12 (x=0:0.6:0.3)\n3,LixQq (x=1:2:0.5)\n4,Li2O (x=1:0:1)\n5,PEO + LiTFSI (EO:Li=18)\n")
    let expanded = table.expandingFormulas(in: "formula")
    #expect(try expanded.column("id") == ["1", "2", "2", "2", "3", "3", "3", "4", "5"])
    #expect(try expanded.column("formula")[2] == "Li7-xLa3Zr2-xTaxO12 (x=0.3)")
    #expect(expanded.rows.map(\.location.line) == [2, 3, 3, 3, 4, 4, 4, 5, 6])
    #expect(table.expandingFormulas(in: "no such column") == table)
  }

  @Test func featurizingReportsEachMember() throws {
    let job = try FeaturizationJob(descriptors: "fractions", formulaColumn: "formula")
    let table = try table("formula\nLi1-xNax (x=0:1.5:0.5)\nLATP\n").expandingFormulas(in: "formula")
    let result = try job.run(on: table)
    #expect(result.featurizedRows == 4)
    #expect(result.diagnostics.map(\.severity) == [.rejected, .warning])
    #expect(result.diagnostics[1].problem.contains("Li1+xAlxTi2-x(PO4)3 at x = 0.3"))
  }

  @Test func trainingTakesOneCompositionPerRow() throws {
    let reader = try SampleReader(SampleColumns(), in: table("formula\nLixNa1-x (x=0:1:0.5)\n"), requiringAll: true)
    let row = try table("formula\nLixNa1-x (x=0:1:0.5)\n").rows[0]
    #expect(throws: Diagnostic.self) { try reader.sample(in: row) }
  }
}
