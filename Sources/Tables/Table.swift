import FileIO
import Foundation

/// Rows of text cells under named columns, each row knowing the file and line it came from.
///
///     let table = try Table(reading: "electrolytes.csv")
///     let formulas = try table.column("formula")
///
/// Cells are text: what they mean is decided by whoever reads them (`NaN` in a formula column is
/// sodium nitride). Rows with too few or too many cells stay in the table, with a `defect`.
public struct Table: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    /// One for each column of the table.
    public var cells: [String]
    public let location: SourceLocation
    /// Why the row cannot be trusted, if it cannot.
    public var defect: Diagnostic?

    public init(cells: [String], location: SourceLocation, defect: Diagnostic? = nil) {
      self.cells = cells
      self.location = location
      self.defect = defect
    }
  }

  public let columns: [String]
  public var rows: [Row]
  /// SHA-256 of the bytes of each file, in the order they were read.
  public let digests: [String]
  /// The file it came from, for reports about the table as a whole; several are joined by commas.
  public let file: String

  /// - Parameters:
  ///   - columns: their names, from left to right.
  ///   - rows: each with a cell for every column, or with a defect.
  ///   - digests: SHA-256 of the files it was read from; none for a table that was computed.
  ///   - file: by default that of the first row.
  public init(columns: [String], rows: [Row], digests: [String] = [], file: String? = nil) {
    self.columns = columns
    self.rows = rows
    self.digests = digests
    self.file = file ?? rows.first?.location.file ?? "table"
  }

  /// Reads a CSV file, or standard input for `-`.
  ///
  /// - Throws: `FileError` when the file cannot be read; `TableError` when its header is unusable.
  public init(reading path: String) throws {
    let data = try FileContents.read(path)
    try self.init(parsing: data, file: path == FileContents.standardStream ? "<standard input>" : path)
  }

  /// Reads CSV from memory; `file` is the name for reports.
  public init(parsing data: Data, file: String) throws(TableError) {
    if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
      throw .wrongEncoding(file, encoding: "UTF-16")
    }
    if data.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      throw .wrongEncoding(file, encoding: "a zip archive, perhaps a spreadsheet (.xlsx)")
    }
    let (records, unterminated) = CSVParser.records(in: data)
    if let line = unterminated { throw .unterminatedQuote(file, line: line) }
    guard let header = records.first else { throw .empty(file) }
    guard header.isText else { throw .notText(file, line: header.line) }
    var columns = header.cells
    // A separator at the end of every line makes a last column of nothing.
    while columns.count > 1, columns.last == "" { columns.removeLast() }
    var seen = Set<String>()
    for (position, name) in columns.enumerated() {
      if name.isEmpty { throw .unnamedColumn(file, line: header.line, position: position + 1) }
      if !seen.insert(name).inserted {
        throw .duplicateColumn(file, line: header.line, name: name)
      }
    }
    self.columns = columns
    self.file = file
    digests = [Digest.sha256(data)]
    rows = records.dropFirst().map { record in
      Table.row(record, columns: columns.count, location: SourceLocation(file: file, line: record.line))
    }
  }

  private static func row(_ record: CSVParser.Record, columns: Int, location: SourceLocation) -> Row {
    var cells = record.cells
    var defect: Diagnostic?
    while cells.count > columns, cells.last == "" { cells.removeLast() }
    if !record.isText {
      defect = Diagnostic(
        at: location, problem: "bytes that are not UTF-8 text", remedy: "save the table as CSV in UTF-8")
    } else if cells.count != columns {
      let remedy =
        cells.count > columns
        ? "put cells that contain the separator in quotation marks" : "fill the missing cells"
      defect = Diagnostic(
        at: location, problem: "\(cells.count) cells under a header of \(columns)", remedy: remedy)
    }
    if cells.count > columns { cells.removeLast(cells.count - columns) }
    cells.append(contentsOf: repeatElement("", count: columns - cells.count))
    return Row(cells: cells, location: location, defect: defect)
  }

  /// The position of a column, or nil.
  public func index(of column: String) -> Int? { columns.firstIndex(of: column) }

  /// The position of a column.
  /// - Throws: `TableError.missingColumn`, with the nearest name there is.
  public func requireIndex(of column: String) throws(TableError) -> Int {
    guard let index = index(of: column) else {
      throw .missingColumn(file, name: column, available: columns)
    }
    return index
  }

  /// The cells of a column, in order. - Throws: `TableError.missingColumn`.
  public func column(_ name: String) throws(TableError) -> [String] {
    let index = try requireIndex(of: name)
    return rows.map { $0.cells[index] }
  }

  /// All rows of several tables under the union of their columns; absent cells are empty.
  ///
  /// Columns keep the order in which they first appear.
  public static func merging(_ tables: [Table]) -> Table {
    guard tables.count != 1 else { return tables[0] }
    var columns: [String] = []
    for table in tables {
      for name in table.columns where !columns.contains(name) { columns.append(name) }
    }
    var rows: [Row] = []
    for table in tables {
      let source = columns.map { table.index(of: $0) }
      for row in table.rows {
        var merged = row
        merged.cells = source.map { $0.map { row.cells[$0] } ?? "" }
        rows.append(merged)
      }
    }
    return Table(
      columns: columns, rows: rows, digests: tables.flatMap(\.digests), file: tables.map(\.file).joined(separator: ", "))
  }
}
