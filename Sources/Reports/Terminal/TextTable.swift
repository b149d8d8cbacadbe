/// A table for a terminal: columns aligned, numbers to the right, long cells cut to fit.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  private let titles: [String]
  private let alignments: [Alignment]
  /// Columns whose cells are never cut.
  private let whole: Set<String>
  private var rows: [[String]] = []

  /// - Parameters:
  ///   - columns: from left to right.
  ///   - whole: titles of columns whose cells are never cut, however narrow the terminal.
  public init(_ columns: [(title: String, alignment: Alignment)], whole: Set<String> = []) {
    self.whole = whole
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  public mutating func append(_ cells: [String]) {
    precondition(cells.count == titles.count, "\(cells.count) cells for \(titles.count) columns")
    rows.append(cells)
  }

  /// The lines of the table, at most `width` characters each.
  ///
  /// The widest left-aligned column gives way first; a cut cell ends in `…`. Where that is not enough, the last of these
  /// columns are left out and named below the table, and where that is not enough either, every row becomes a block of
  /// lines, one for each cell.
  public func lines(width: Int = Terminal.pageWidth) -> [String] {
    var shown = Array(titles.indices)
    var hidden: [String] = []
    while true {
      if let widths = widths(of: shown, fitting: width) {
        let rule = widths.map { String(repeating: "─", count: $0) }
        let note = hidden.isEmpty ? [] : ["a wider terminal also shows: " + hidden.joined(separator: ", ")]
        return [line(titles, shown, widths), rule.joined(separator: "  ")] + rows.map { line($0, shown, widths) }
          + note.map { String($0.prefix(width)) }
      }
      guard let last = shown.dropFirst().last(where: { canGiveWay($0) }) else { return blocks(width: width) }
      shown.removeAll { $0 == last }
      hidden.insert(titles[last], at: 0)
    }
  }

  private func canGiveWay(_ column: Int) -> Bool { alignments[column] == .left && !whole.contains(titles[column]) }

  /// Widths of some columns that fit a line, or nil.
  private func widths(of columns: [Int], fitting width: Int) -> [Int]? {
    var widths = columns.map { column in rows.reduce(titles[column].count) { max($0, $1[column].count) } }
    let shortest = 8
    while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
      let candidates = widths.indices.filter { canGiveWay(columns[$0]) && widths[$0] > shortest }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  /// One line for each cell, under its title; rows are set apart by an empty line.
  private func blocks(width: Int) -> [String] {
    let margin = min((titles.map(\.count).max() ?? 0), max(4, width / 2))
    var lines: [String] = []
    for (number, row) in rows.enumerated() {
      if number > 0 { lines.append("") }
      for (title, cell) in zip(titles, row) where !cell.isEmpty {
        let room = max(1, width - margin - 2)
        let isCut = cell.count > room && !whole.contains(title)
        let head = title.count > margin ? title.prefix(margin - 1) + "…" : title[...]
        lines.append(
          head + String(repeating: " ", count: margin - head.count + 2) + (isCut ? cell.prefix(room - 1) + "…" : cell[...]))
      }
    }
    return lines
  }

  private func line(_ cells: [String], _ columns: [Int], _ widths: [Int]) -> String {
    var text = ""
    for (i, column) in columns.enumerated() {
      let cell = cells[column]
      let cut = cell.count > widths[i] ? cell.prefix(widths[i] - 1) + "…" : cell[...]
      let padding = String(repeating: " ", count: widths[i] - cut.count)
      text += (i > 0 ? "  " : "") + (alignments[column] == .left ? cut + padding : padding + cut)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Double {
  /// The number with a fixed count of decimals, or a dash when it is not finite.
  public func fixed(_ decimals: Int) -> String {
    guard isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (magnitude * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled < 1e15 else { return "\(self)" }
    let digits = String(Int64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
