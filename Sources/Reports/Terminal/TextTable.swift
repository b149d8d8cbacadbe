/// A table for a terminal: columns aligned, numbers to the right, long cells cut or wrapped to fit.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  private let titles: [String]
  private let alignments: [Alignment]
  /// Columns whose cells are never cut.
  private let whole: Set<String>
  /// Columns whose cells go on in further lines instead of being cut.
  private let wrapped: Set<String>
  private var rows: [[String]] = []

  /// - Parameters:
  ///   - columns: from left to right.
  ///   - whole: titles of columns whose cells are never cut, however narrow the terminal.
  ///   - wrapped: titles of columns to the left whose cells go on in further lines where they do not fit.
  public init(_ columns: [(title: String, alignment: Alignment)], whole: Set<String> = [], wrapped: Set<String> = []) {
    self.whole = whole
    self.wrapped = wrapped
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  public mutating func append(_ cells: [String]) {
    precondition(cells.count == titles.count, "\(cells.count) cells for \(titles.count) columns")
    rows.append(cells)
  }

  /// The lines of the table, at most `width` characters each.
  ///
  /// The widest left-aligned column gives way first; a cut cell ends in `…`, a wrapped one goes on below. Where that is not
  /// enough, the last of these columns are left out and named below the table, all but the first. Where that is not enough
  /// either, a wrapped first column gets lines of its own above the other cells of its row, or else every row becomes a
  /// block of lines, one for each cell.
  public func lines(width: Int = Terminal.pageWidth) -> [String] {
    var shown = Array(titles.indices)
    var hidden: [String] = []
    while true {
      if let widths = widths(of: shown, fitting: width) {
        let rule = widths.map { String(repeating: "─", count: $0) }
        let note = hidden.isEmpty ? [] : ["a wider terminal also shows: " + hidden.joined(separator: ", ")]
        return [line(titles, shown, widths), rule.joined(separator: "  ")] + rows.flatMap { lines(of: $0, shown, widths) }
          + note.map { String($0.prefix(width)) }
      }
      guard let last = shown.dropFirst().last(where: { canGiveWay($0) }) else { return headed(width: width) ?? blocks(width: width) }
      shown.removeAll { $0 == last }
      hidden.insert(titles[last], at: 0)
    }
  }

  private func canGiveWay(_ column: Int) -> Bool { alignments[column] == .left && !whole.contains(titles[column]) }

  /// Widths of some columns that fit a line, or nil.
  private func widths(of columns: [Int], fitting width: Int) -> [Int]? {
    var widths = columns.map { column in rows.reduce(titles[column].count) { max($0, $1[column].count) } }
    // A name in slivers is no name.
    func shortest(_ column: Int) -> Int { wrapped.contains(titles[column]) ? 20 : 8 }
    while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
      let candidates = widths.indices.filter { canGiveWay(columns[$0]) && widths[$0] > shortest(columns[$0]) }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  /// The first column in lines of its own, the others below it; nil where these do not fit either.
  private func headed(width: Int) -> [String]? {
    guard let title = titles.first, wrapped.contains(title) else { return nil }
    let others = Array(titles.indices.dropFirst())
    guard let widths = widths(of: others, fitting: width) else { return nil }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return [title, line(titles, others, widths), rule]
      + rows.flatMap { Self.wrap($0[0], to: width) + [line($0, others, widths)] }
  }

  /// One line for each cell, under its title; rows are set apart by an empty line.
  private func blocks(width: Int) -> [String] {
    let margin = min((titles.map(\.count).max() ?? 0), max(4, width / 2))
    var lines: [String] = []
    for (number, row) in rows.enumerated() {
      if number > 0 { lines.append("") }
      for (title, cell) in zip(titles, row) where !cell.isEmpty {
        let room = max(1, width - margin - 2)
        let head = title.count > margin ? title.prefix(margin - 1) + "…" : title[...]
        var parts = [cell]
        if wrapped.contains(title) {
          parts = Self.wrap(cell, to: room)
        } else if cell.count > room, !whole.contains(title) {
          parts = [cell.prefix(room - 1) + "…"]
        }
        for (part, text) in parts.enumerated() {
          let start = part == 0 ? head : ""
          lines.append(start + String(repeating: " ", count: margin - start.count + 2) + text)
        }
      }
    }
    return lines
  }

  /// A row: one line, or several where a cell is wrapped.
  private func lines(of cells: [String], _ columns: [Int], _ widths: [Int]) -> [String] {
    var parts = cells.map { [$0] }
    for (column, width) in zip(columns, widths) where wrapped.contains(titles[column]) {
      parts[column] = Self.wrap(cells[column], to: width)
    }
    return (0..<(parts.map(\.count).max() ?? 1)).map { k in
      line(parts.map { k < $0.count ? $0[k] : "" }, columns, widths)
    }
  }

  /// Parts of a text of at most so many characters; those after the first are indented. They end after a space or a colon
  /// in the second half of the room, else after a sign that joins words, else where the room ends.
  static func wrap(_ text: String, to width: Int) -> [String] {
    var parts: [String] = []
    var rest = text[...]
    while true {
      let indent = parts.isEmpty || width < 8 ? "" : "  "
      let room = max(1, width - indent.count)
      guard rest.count > room else { return parts + [indent + rest] }
      let head = rest.prefix(room)
      let late = head.dropFirst((room - 1) / 2)
      let mark = late.lastIndex { " :;,".contains($0) } ?? late.lastIndex { "+/=".contains($0) }
      let end = mark.map { head.index(after: $0) } ?? head.endIndex
      parts.append(indent + rest[..<end])
      rest = rest[end...]
      if rest.isEmpty { return parts }
    }
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
