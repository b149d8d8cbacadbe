import Foundation
import Tables
import Testing

@Suite struct TableTests {
  func parse(_ text: String) throws(TableError) -> Table {
    try Table(parsing: Data(text.utf8), file: "in.csv")
  }

  @Test func cellsKeepTheirTextAndLine() throws {
    let table = try parse("formula,value\nNaN,1\n\nNO,2\n")
    #expect(table.columns == ["formula", "value"])
    #expect(try table.column("formula") == ["NaN", "NO"])
    #expect(table.rows.map(\.location.line) == [2, 4])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func lineEndsAndByteOrderMark(end: String) throws {
    let table = try parse("\u{FEFF}" + ["a,b", "1,2", "3,4"].joined(separator: end))
    #expect(table.columns == ["a", "b"])
    #expect(table.rows.map(\.cells) == [["1", "2"], ["3", "4"]])
    #expect(table.rows.map(\.location.line) == [2, 3])
  }

  @Test func quotedCells() throws {
    let table = try parse("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\", plain \n\" kept \",\n")
    #expect(table.rows.map(\.cells) == [["x, y", "say \"hi\""], ["two\nlines", "plain"], [" kept ", ""]])
    #expect(table.rows.map(\.location.line) == [2, 3, 5])
  }

  @Test func semicolonsAndTabs() throws {
    #expect(try parse("a;b\n1,5;2\n").rows[0].cells == ["1,5", "2"])
    #expect(try parse("a\tb\n1\t2\n").rows[0].cells == ["1", "2"])
  }

  @Test func raggedRowsStayWithADefect() throws {
    let table = try parse("a,b\n1\n1,2,3\n1,2,\n")
    #expect(table.rows[0].defect?.description == "in.csv:2: 1 cells under a header of 2; fill the missing cells")
    #expect(table.rows[1].defect?.problem == "3 cells under a header of 2")
    #expect(table.rows[2].defect == nil)
    #expect(table.rows.allSatisfy { $0.cells.count == 2 })
  }

  @Test func unusableHeaders() {
    #expect(throws: TableError.empty("in.csv")) { try parse("") }
    #expect(throws: TableError.empty("in.csv")) { try parse("\u{FEFF}\n \n") }
    #expect(throws: TableError.duplicateColumn("in.csv", line: 1, name: "a")) { try parse("a,b,a\n") }
    #expect(throws: TableError.unnamedColumn("in.csv", line: 1, position: 2)) { try parse("a,,b\n") }
    #expect(throws: TableError.unterminatedQuote("in.csv", line: 3)) { try parse("a,b\n1,2\n\"x,3\n") }
    #expect(throws: TableError.wrongEncoding("in.csv", encoding: "UTF-16")) {
      try Table(parsing: Data([0xFF, 0xFE, 0x61, 0x00]), file: "in.csv")
    }
  }

  @Test func missingColumnNamesTheNearest() throws {
    let table = try parse("formula,conductivity_S_cm\nLi3N,1\n")
    let error = #expect(throws: TableError.self) { try table.column("conductivity_S_m") }
    #expect(error?.description.contains("did you mean \"conductivity_S_cm\"?") == true)
  }

  @Test func bytesThatAreNotTextMarkTheirRow() throws {
    let table = try Table(parsing: Data("a,b\n1,2\n".utf8) + Data([0xE9, 0x2C, 0x33, 0x0A]), file: "in.csv")
    #expect(table.rows[0].defect == nil)
    #expect(table.rows[1].defect?.problem == "bytes that are not UTF-8 text")
  }

  @Test func mergingTakesTheUnionOfColumns() throws {
    let merged = Table.merging([try parse("a,b\n1,2\n"), try parse("c,a\n3,4\n")])
    #expect(merged.columns == ["a", "b", "c"])
    #expect(merged.rows.map(\.cells) == [["1", "2", ""], ["4", "", "3"]])
    #expect(merged.digests.count == 2)
  }

  @Test func aTableWithoutRowsKnowsItsFile() throws {
    let none = try Table(parsing: Data("a,b\n".utf8), file: "none.csv")
    #expect(none.file == "none.csv")
    let other = try Table(parsing: Data("a\n".utf8), file: "other.csv")
    #expect(Table.merging([none, other]).file == "none.csv, other.csv")
    #expect(throws: TableError.missingColumn("none.csv", name: "x", available: ["a", "b"])) { try none.column("x") }
    #expect(TableError.noUsableRows("none.csv", reports: []).description == "none.csv:1: there are no rows under the header; add rows")
  }

  @Test func writtenTablesReadBack() throws {
    let cells = [["x, y", "say \"hi\""], ["two\nlines", " padded "], ["", "Li₇La₃Zr₂O₁₂"]]
    var writer = CSVWriter(columns: ["a", "b"])
    for row in cells { writer.append(row) }
    let table = try Table(parsing: writer.data, file: "out.csv")
    #expect(table.rows.map(\.cells) == cells)
  }
}
