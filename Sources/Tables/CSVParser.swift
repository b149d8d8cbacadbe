/// Splits the bytes of a CSV file into records.
///
/// RFC 4180 with what spreadsheets really write: a UTF-8 byte order mark, CRLF, CR or LF line
/// ends, quoted cells with commas, doubled quotes and line breaks inside, and blank lines, which
/// are passed over. The separator is a comma, or the semicolon or tab that the header uses.
struct CSVParser {
  /// The cells of one record and the line it begins on, counted from 1.
  struct Record: Equatable {
    var cells: [String]
    var line: Int
    var isText = true
  }

  /// Everything up to the end of the file.
  ///
  /// - Returns: the records, and the line of a quotation mark that is never closed.
  /// - Complexity: O(bytes).
  static func records(in bytes: some RandomAccessCollection<UInt8>) -> ([Record], unterminated: Int?) {
    let buffer = Array(bytes)
    let start = buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let separator = separator(of: buffer[start...])
    var records: [Record] = []
    var record = Record(cells: [], line: 1)
    var cell: [UInt8] = []
    var line = 1
    var openedAt: Int?
    var wasQuoted = false
    var isBlank = true
    var i = start

    func finishCell() {
      // Spaces around a bare cell are the writer's layout; inside quotes they are content.
      let content = wasQuoted ? cell[...] : cell[...].trimmed
      if let text = String(validating: content, as: UTF8.self) {
        record.cells.append(text)
      } else {
        record.cells.append(String(decoding: content, as: UTF8.self))
        record.isText = false
      }
      cell.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    func finishRecord() {
      finishCell()
      if !isBlank { records.append(record) }
      record = Record(cells: [], line: line)
      isBlank = true
    }

    while i < buffer.count {
      let byte = buffer[i]
      i += 1
      if openedAt != nil {
        if byte == UInt8(ascii: "\"") {
          if i < buffer.count, buffer[i] == byte {
            cell.append(byte)
            i += 1
          } else {
            openedAt = nil
          }
        } else {
          if byte == UInt8(ascii: "\n") { line += 1 }
          cell.append(byte)
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where cell[...].trimmed.isEmpty:
        cell.removeAll(keepingCapacity: true)
        openedAt = line
        wasQuoted = true
        isBlank = false
      case separator:
        isBlank = false
        finishCell()
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        if byte == UInt8(ascii: "\r"), i < buffer.count, buffer[i] == UInt8(ascii: "\n") { i += 1 }
        line += 1
        finishRecord()
      default:
        if byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") { isBlank = false }
        // Letters after a closed quote belong to the cell; spaces there do not.
        if !(wasQuoted && byte == UInt8(ascii: " ")) { cell.append(byte) }
      }
    }
    if !isBlank || !cell.isEmpty || !record.cells.isEmpty { finishRecord() }
    return (records, openedAt)
  }

  /// The most frequent of comma, semicolon and tab in the first line; comma when there is none.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    let header = bytes.drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var best = candidates[0]
    var bestCount = 0
    for candidate in candidates {
      let count = header.count { $0 == candidate }
      if count > bestCount { (best, bestCount) = (candidate, count) }
    }
    return best
  }
}

extension ArraySlice<UInt8> {
  /// Without spaces and tabs at the ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var slice = drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return slice
  }
}
