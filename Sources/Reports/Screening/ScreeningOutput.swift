import FileIO
import Foundation
import Screening
import Tables

/// Writes a screening result as CSV, JSON Lines or SQLite, with its provenance beside it.
///
/// The same result gives the same bytes: nothing in the files depends on the time, the machine, or
/// how the work was cut.
public enum ScreeningOutput: String, CaseIterable, Sendable {
  case csv, jsonl, sqlite

  /// The format that the ending of a path asks for; CSV where there is none.
  ///
  /// - Throws: `ScreeningOutputError.unknownEnding`.
  public init(path: String) throws(ScreeningOutputError) {
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    switch ending {
    case "", "csv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    case "sqlite", "sqlite3", "db": self = .sqlite
    default: throw .unknownEnding(path)
    }
  }

  /// Writes the result, and `PATH.provenance.json` beside a file.
  ///
  /// - Throws: `FileError`; for SQLite, the error of the database.
  public func write(_ result: ScreeningResult, to path: String) throws {
    let table = ScreeningTable(result)
    switch self {
    case .csv: try FileContents.write(Self.csv(table), to: path)
    case .jsonl: try FileContents.write(try Self.jsonLines(table), to: path)
    case .sqlite: try ScreeningDatabase.write(table, result, to: path)
    }
    if path != FileContents.standardStream {
      try FileContents.write(try ScreeningDocument(result, columns: table.columns).data, to: path + ".provenance.json")
    }
  }

  static func csv(_ table: ScreeningTable) -> Data {
    var writer = CSVWriter(columns: table.columns.map(\.name))
    for row in table.rows {
      writer.append(
        row.map { cell in
          switch cell {
          case .integer(let value): "\(value)"
          case .number(let value): CSVWriter.number(value)
          case .text(let value): value
          }
        })
    }
    return writer.data
  }

  /// One object on each line, keys in the order of the columns.
  static func jsonLines(_ table: ScreeningTable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    var data = Data()
    let names = try table.columns.map { String(decoding: try encoder.encode($0.name), as: UTF8.self) }
    for row in table.rows {
      let fields = try zip(names, row).map { name, cell in
        let value =
          switch cell {
          case .integer(let value): "\(value)"
          case .number(let value): value.isFinite ? "\(value)" : "null"
          case .text(let value): String(decoding: try encoder.encode(value), as: UTF8.self)
          }
        return "\(name):\(value)"
      }
      data.append(Data("{\(fields.joined(separator: ","))}\n".utf8))
    }
    return data
  }
}

public enum ScreeningOutputError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownEnding(String)
  case databaseOnStream

  public var description: String {
    switch self {
    case .unknownEnding(let path): "\(path): no format has this ending; write to .csv, .jsonl, .sqlite or, for a part of a job, .shard"
    case .databaseOnStream: "a database cannot be written to standard output; name a file"
    }
  }
}

/// What a result stands on, as JSON.
public struct ScreeningDocument: Encodable, Sendable {
  let job: String
  let description: ScreeningDescription
  let tally: ScreeningTally
  let distinctFormulasEstimate: Int
  let firstStageThreshold: Double?
  let histogram: Histogram
  let columns: [ScreeningTable.Column]
  let rows: Int

  public init(_ result: ScreeningResult, columns: [ScreeningTable.Column]) {
    job = result.identity
    description = result.description
    tally = result.tally
    distinctFormulasEstimate = Int(result.distinctEstimate.rounded())
    firstStageThreshold = result.threshold
    histogram = result.histogram
    self.columns = columns
    rows = result.rows.count
  }

  var data: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }
}
