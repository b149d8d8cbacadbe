/// A comma-separated table with one header line, as the bundled files are written: LF, quotes
/// only around cells that hold a comma, no line breaks in cells.
///
/// For the project's own files, which tests check; files of users go through `Tables`.
public struct BundledTable: Sendable {
  public let columns: [String]
  public let rows: [[String]]

  public init(_ text: String) {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n")).map(BundledTable.cells)[...]
    columns = lines.popFirst() ?? []
    rows = Array(lines)
  }

  /// The position of a column; a precondition, since the files are our own.
  public func index(of column: String) -> Int {
    guard let index = columns.firstIndex(of: column) else {
      preconditionFailure("no column \(column) among \(columns)")
    }
    return index
  }

  /// A column as text.
  public func texts(_ column: String) -> [String] {
    let index = index(of: column)
    return rows.map { $0[index] }
  }

  /// A column as numbers; nil for an empty cell.
  public func numbers(_ column: String) -> [Double?] { texts(column).map { Double($0) } }

  private static func cells(_ line: Substring.UTF8View) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var quoted = false
    for byte in line {
      switch byte {
      case UInt8(ascii: "\""): quoted.toggle()
      case UInt8(ascii: ",") where !quoted:
        cells.append(String(decoding: cell, as: UTF8.self))
        cell.removeAll(keepingCapacity: true)
      default: cell.append(byte)
      }
    }
    cells.append(String(decoding: cell, as: UTF8.self))
    return cells
  }
}
