import Foundation

/// Text of a CSV file: UTF-8, commas, LF, cells quoted only where they must be.
public struct CSVWriter: Sendable {
  private var text = ""

  public init(columns: [String]) { append(columns) }

  public mutating func append(_ cells: some Sequence<String>) {
    var first = true
    for cell in cells {
      if !first { text.append(",") }
      first = false
      text.append(CSVWriter.quoted(cell))
    }
    text.append("\n")
  }

  public var data: Data { Data(text.utf8) }

  /// A number as text: the shortest that reads back as the same double.
  public static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }

  static func quoted(_ cell: String) -> String {
    let mustQuote = cell.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    let isPadded = cell.first == " " || cell.last == " "
    guard mustQuote || isPadded else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
