import FileIO
import Foundation
import GRDB
import Screening

/// A screening result as a SQLite database: tables `candidates`, `columns` (units) and `provenance`.
enum ScreeningDatabase {
  /// Written to a temporary name, then renamed.
  static func write(_ table: ScreeningTable, _ result: ScreeningResult, to path: String) throws {
    guard path != FileContents.standardStream else { throw ScreeningOutputError.databaseOnStream }
    let url = URL(fileURLWithPath: path)
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial")
    try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    var configuration = Configuration()
    // One file, without a journal beside it that would have to be renamed too.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = MEMORY") }
    let queue = try DatabaseQueue(path: temporary.path, configuration: configuration)
    try queue.write { database in
      let definitions = zip(table.columns, table.rows.first ?? []).map { column, cell in
        let type =
          switch cell {
          case .integer: "INTEGER"
          case .number: "REAL"
          case .text: "TEXT"
          }
        return "\(quoted(column.name)) \(type)"
      }
      let names = table.rows.isEmpty ? table.columns.map { quoted($0.name) } : definitions
      try database.execute(sql: "CREATE TABLE candidates (\(names.joined(separator: ", ")))")
      let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
      let insert = try database.makeStatement(sql: "INSERT INTO candidates VALUES (\(marks))")
      for row in table.rows {
        try insert.execute(
          arguments: StatementArguments(
            row.map { cell -> (any DatabaseValueConvertible)? in
              switch cell {
              case .integer(let value): value
              case .number(let value): value.isFinite ? value : nil
              case .text(let value): value
              }
            }))
      }
      try database.execute(sql: "CREATE TABLE columns (name TEXT, unit TEXT, meaning TEXT)")
      for column in table.columns {
        try database.execute(
          sql: "INSERT INTO columns VALUES (?, ?, ?)", arguments: [column.name, column.unit, column.meaning])
      }
      try database.execute(sql: "CREATE TABLE provenance (document TEXT)")
      let document = try ScreeningDocument(result, columns: table.columns).data
      try database.execute(
        sql: "INSERT INTO provenance VALUES (?)", arguments: [String(decoding: document, as: UTF8.self)])
    }
    try queue.close()
    guard rename(temporary.path, url.path) == 0 else {
      throw FileError.notWritable(path, reason: String(cString: strerror(errno)))
    }
  }

  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
