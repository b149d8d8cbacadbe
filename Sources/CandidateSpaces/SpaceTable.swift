import Tables
import TOMLKit

/// A table of a space file, read key by key with errors that name file, line and key.
///
/// Keys that nobody asked for are an error: a misspelt option must not be ignored.
final class SpaceTable {
  private let table: TOMLTable
  private let path: String
  private let source: SourceLines
  private var known = Set<String>()

  init(_ table: TOMLTable, path: String, source: SourceLines) {
    self.table = table
    self.path = path
    self.source = source
  }

  /// Parses a document. - Throws: `SpaceError.syntax`.
  static func parse(_ text: String, file: String) throws(SpaceError) -> SpaceTable {
    // The parser takes a C string, which would end at the first NUL.
    if let zero = text.utf8.firstIndex(of: 0) {
      let line = text.utf8[..<zero].count { $0 == UInt8(ascii: "\n") } + 1
      throw .syntax(file: file, line: line, column: 1, problem: "a NUL byte")
    }
    if let mistake = TOMLCheck.mistake(in: text) {
      throw .syntax(file: file, line: mistake.line, column: mistake.column, problem: mistake.problem)
    }
    do {
      let table = try TOMLTable(string: text)
      return SpaceTable(table, path: "", source: SourceLines(text, file: file))
    } catch let error as TOMLParseError {
      throw .syntax(
        file: file, line: error.source.begin.line, column: error.source.begin.column, problem: error.description)
    } catch {
      throw .syntax(file: file, line: 1, column: 1, problem: "\(error)")
    }
  }

  func failure(_ key: String, _ problem: String, _ remedy: String) -> SpaceError {
    .invalid(file: source.file, line: source.line(of: key, in: path), key: key, problem: problem, remedy: remedy)
  }

  func has(_ key: String) -> Bool {
    known.insert(key)
    return table[key] != nil
  }

  /// Throws for keys that were never asked for; call it last.
  func finish() throws(SpaceError) {
    for key in table.keys.sorted() where !known.contains(key) {
      let hint = Suggestion.nearest(to: key, among: known.sorted()).map { "did you mean \"\($0)\"?" }
      throw failure(
        key, "is no option here",
        hint ?? (known.isEmpty ? "remove it" : "there are \(known.sorted().joined(separator: ", "))"))
    }
  }

  // MARK: Values

  func string(_ key: String) throws(SpaceError) -> String? {
    guard let value = value(key) else { return nil }
    guard value.type == .string, let text = value.string else { throw failure(key, "is \(kind(value)), not a text", "write it in quotation marks") }
    return text
  }

  func requiredString(_ key: String) throws(SpaceError) -> String {
    guard let text = try string(key) else { throw failure("", "\(key) is missing", "add \(key) = \"…\"") }
    return text
  }

  func flag(_ key: String, default standard: Bool) throws(SpaceError) -> Bool {
    guard let value = value(key) else { return standard }
    guard value.type == .bool, let flag = value.bool else { throw failure(key, "is \(kind(value))", "write true or false") }
    return flag
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(SpaceError) -> Int? {
    guard let value = value(key) else { return nil }
    guard value.type == .int, let number = value.int else { throw failure(key, "is \(kind(value)), not a whole number", "write one from \(range.lowerBound) to \(range.upperBound)") }
    guard range.contains(number) else {
      throw failure(key, "\(number) is out of range", "write a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(SpaceError) -> Double? {
    guard let value = value(key) else { return nil }
    return try number(value, key, in: range)
  }

  private func number(
    _ value: any TOMLValueConvertible, _ key: String, in range: ClosedRange<Double>
  ) throws(SpaceError) -> Double {
    let number: Double? = value.type == .int ? value.int.map(Double.init) : value.type == .double ? value.double : nil
    guard let number else { throw failure(key, "is \(kind(value)), not a number", "write a number") }
    guard range.contains(number) else {
      throw failure(key, "\(number) is out of range", "write a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A list of texts, or one text.
  func strings(_ key: String) throws(SpaceError) -> [String]? {
    guard let value = value(key) else { return nil }
    if value.type == .string, let text = value.string { return [text] }
    guard value.type == .array, let array = value.array else { throw failure(key, "is \(kind(value)), not a list of texts", "write [\"…\", \"…\"]") }
    var result: [String] = []
    for index in 0..<array.count {
      guard array[index].type == .string, let text = array[index].string else {
        throw failure(key, "entry \(index + 1) is no text", "write each entry in quotation marks")
      }
      result.append(text)
    }
    return result
  }

  /// Numbers of a list, one number, or `{ from = 0, to = 1, step = 0.1 }`; ascending, each once.
  func numbers(_ key: String, in range: ClosedRange<Double>) throws(SpaceError) -> [Double]? {
    guard let value = value(key) else { return nil }
    var result: [Double] = []
    if value.type == .array, let array = value.array {
      for index in 0..<array.count { result.append(try number(array[index], key, in: range)) }
    } else if value.type == .table, let steps = value.table {
      let inner = SpaceTable(steps, path: SourceLines.join(path, key), source: source)
      let from = try inner.number("from", in: range)
      let to = try inner.number("to", in: range)
      let step = try inner.number("step", in: 1e-6...1e9)
      try inner.finish()
      guard let from, let to, let step, to >= from else {
        throw failure(key, "is no series", "write { from = 0, to = 1, step = 0.1 } with from ≤ to")
      }
      let steps = ((to - from) / step + 1e-9).rounded(.down)
      guard steps < 1e6 else { throw failure(key, "has \(steps) steps", "take a longer step") }
      for i in 0...Int(steps) { result.append(SpaceTable.rounded(from + Double(i) * step)) }
    } else {
      result.append(try number(value, key, in: range))
    }
    guard !result.isEmpty else { throw failure(key, "is empty", "write at least one number") }
    let sorted = result.sorted()
    if let twice = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
      throw failure(key, "\(twice.0) stands twice", "write each number once")
    }
    return sorted
  }

  /// Steps of a series as they are meant: 0.30000000000000004 is 0.3.
  static func rounded(_ value: Double) -> Double { (value * 1e9).rounded() / 1e9 }

  /// The tables of an array such as `[[space]]`.
  func tables(_ key: String) throws(SpaceError) -> [SpaceTable] {
    guard let value = value(key) else { return [] }
    guard value.type == .array, let array = value.array else {
      throw failure(key, "is \(kind(value)), not a list of tables", "write [[\(SourceLines.join(path, key))]]")
    }
    var result: [SpaceTable] = []
    for index in 0..<array.count {
      guard array[index].type == .table, let table = array[index].table else {
        throw failure(key, "entry \(index + 1) is no table", "write [[\(SourceLines.join(path, key))]]")
      }
      result.append(SpaceTable(table, path: SourceLines.join(path, key) + "[\(index)]", source: source))
    }
    return result
  }

  /// A table such as `[filter]`.
  func subtable(_ key: String) throws(SpaceError) -> SpaceTable? {
    guard let value = value(key) else { return nil }
    guard value.type == .table, let table = value.table else {
      throw failure(key, "is \(kind(value)), not a table", "write [\(SourceLines.join(path, key))] and keys below it")
    }
    return SpaceTable(table, path: SourceLines.join(path, key), source: source)
  }

  /// The keys of a table whose names are free.
  var keys: [String] {
    known.formUnion(table.keys)
    return table.keys.sorted()
  }

  private func value(_ key: String) -> (any TOMLValueConvertible)? {
    known.insert(key)
    return table[key]
  }

  private func kind(_ value: any TOMLValueConvertible) -> String {
    switch value.type {
    case .array: "a list"
    case .bool: "true or false"
    case .date, .time, .dateTime: "a date or time"
    case .double: "a number"
    case .int: "a whole number"
    case .string: "a text"
    case .table: "a table"
    }
  }
}
