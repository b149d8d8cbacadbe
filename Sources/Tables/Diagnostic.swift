/// A place in a file.
public struct SourceLocation: Hashable, Sendable, Codable {
  public let file: String
  /// Line in the file, counted from 1; the header is line 1 of most files.
  public let line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

/// Something wrong with a row: where, what, and what to do about it.
///
///     in.csv:14: column formula: unknown element "Qq" at character 7 of "Li6PS5Qq"; correct …
public struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Severity: String, Sendable, Codable {
    /// The row was left out.
    case rejected
    /// The row was used; look at it.
    case warning
  }

  public let location: SourceLocation
  public let column: String?
  public let problem: String
  public let remedy: String
  public let severity: Severity

  public init(
    at location: SourceLocation, column: String? = nil, problem: String, remedy: String,
    severity: Severity = .rejected
  ) {
    self.location = location
    self.column = column
    self.problem = problem
    self.remedy = remedy
    self.severity = severity
  }

  public var description: String {
    let place = "\(location.file):\(location.line): "
    let mark = severity == .warning ? "warning: " : ""
    let cell = column.map { "column \($0): " } ?? ""
    return place + mark + cell + problem + "; " + remedy
  }
}

/// Why a whole table cannot be used.
public enum TableError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty(String)
  case notText(String, line: Int)
  case wrongEncoding(String, encoding: String)
  case duplicateColumn(String, line: Int, name: String)
  case unnamedColumn(String, line: Int, position: Int)
  case missingColumn(String, name: String, available: [String])
  case unterminatedQuote(String, line: Int)
  /// With what is wrong with the rows; without any, the table has none.
  case noUsableRows(String, reports: [Diagnostic])

  public var description: String {
    switch self {
    case .empty(let file): "\(file):1: the file is empty; give a header line and rows"
    case .notText(let file, let line):
      "\(file):\(line): bytes that are not UTF-8 text; save the table as CSV in UTF-8"
    case .wrongEncoding(let file, let encoding):
      "\(file):1: the file is \(encoding); save the table as CSV in UTF-8"
    case .duplicateColumn(let file, let line, let name):
      "\(file):\(line): column \"\(name)\" stands twice in the header; rename or remove one"
    case .unnamedColumn(let file, let line, let position):
      "\(file):\(line): column \(position) of the header has no name; name it or remove it"
    case .missingColumn(let file, let name, let available):
      "\(file):1: no column \"\(name)\"" + Self.hint(name, available)
    case .unterminatedQuote(let file, let line):
      "\(file):\(line): a quotation mark is opened and never closed; close it or remove it"
    case .noUsableRows(let file, let reports): Self.emptiness(file, "can be used", reports)
    }
  }

  /// Says that no row of a table serves, and what is wrong with the first ones.
  public static func emptiness(_ file: String, _ purpose: String, _ reports: [Diagnostic]) -> String {
    guard !reports.isEmpty else { return "\(file):1: there are no rows under the header; add rows" }
    let limit = 10
    let rest = reports.count > limit ? "\n… and \(reports.count - limit) more" : ""
    return "\(file): no row of it \(purpose); mend them:\n"
      + reports.prefix(limit).map(\.description).joined(separator: "\n") + rest
  }

  private static func hint(_ name: String, _ available: [String]) -> String {
    let listed = available.map { "\"\($0)\"" }.joined(separator: ", ")
    if let near = Suggestion.nearest(to: name, among: available) {
      return "; did you mean \"\(near)\"? The header has \(listed)"
    }
    return "; the header has \(listed)"
  }
}
