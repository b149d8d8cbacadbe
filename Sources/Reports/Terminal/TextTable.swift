/// A table for a terminal: columns aligned, numbers to the right, long cells cut to fit.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  private let titles: [String]
  private let alignments: [Alignment]
  /// Columns whose cells are never cut.
  private let whole: Set<String>
  private var rows: [[String]] = []

  /// - Parameter whole: titles of columns whose cells are never cut, however narrow the terminal.
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
  /// The widest left-aligned column gives way first; a cut cell ends in `…`. Where the columns cannot shrink so far,
  /// every row becomes a block of lines, one for each cell.
  public func lines(width: Int = Terminal.pageWidth) -> [String] {
    var widths = titles.map(\.count)
    for row in rows { for (i, cell) in row.enumerated() { widths[i] = max(widths[i], cell.count) } }
    let shortest = 8
    while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
      let candidates = widths.indices.filter {
        alignments[$0] == .left && widths[$0] > shortest && !whole.contains(titles[$0])
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return blocks(width: width) }
      widths[widest] -= 1
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return [line(titles, widths), rule.joined(separator: "  ")] + rows.map { line($0, widths) }
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

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (i, cell) in cells.enumerated() {
      let cut = cell.count > widths[i] ? cell.prefix(widths[i] - 1) + "…" : cell[...]
      let padding = String(repeating: " ", count: widths[i] - cut.count)
      text += (i > 0 ? "  " : "") + (alignments[i] == .left ? cut + padding : padding + cut)
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
