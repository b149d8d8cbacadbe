import Foundation
import Modeling
import Reports
import Tables
import Testing

struct DataSectionTests {
  private func tables(_ files: [String]) throws -> [ReportTable] {
    let rows = try files.flatMap { file in
      try Table(parsing: Data("formula,value\nLi3N,1\nLi2O,2\nLi9Xx,3\n".utf8), file: file).rows
    }
    let table = Table(columns: ["formula", "value"], rows: rows)
    let options = ModelingOptions(target: "value")
    let data = try Measurements(table, options: options)
    let section = DataSection(data, table: table, options: options, families: try RowFamilies(data, table: table)).section
    return section.blocks.compactMap { block in if case .table(let table) = block { table } else { nil } }
  }

  /// Where all rejected rows are of one file, its path takes no column, which a narrow page has no room for.
  @Test func theOneFileStandsInTheCaption() throws {
    let one = try #require(tables(["long/path/to/measured.csv"]).last)
    #expect(one.caption == "Rows of the measurements that were rejected or look wrong, of long/path/to/measured.csv")
    #expect(one.columns.map(\.title) == ["line", "verdict", "column", "what is wrong", "what to do"])
    #expect(one.rows.map { $0.prefix(3) } == [["4", "rejected", "formula"]])
    let two = try #require(tables(["a.csv", "b.csv"]).last)
    #expect(two.columns.first?.title == "file" && two.rows.map { $0[0] } == ["a.csv", "b.csv"])
  }

  @Test func aTargetWithoutUnitHasNoEmptyBrackets() throws {
    let families = try #require(tables(["a.csv"]).first)
    #expect(families.columns.map(\.title) == ["family", "rows", "bounds", "lowest", "median", "highest"])
  }
}
