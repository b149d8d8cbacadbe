import Foundation

/// Distributions side by side, one line for each name: every value as a dot, the middle half as a box,
/// the median as a stroke.
///
/// Quartiles interpolate linearly between the sorted values. Names keep the order they were added in.
public struct BoxChart: Sendable {
  struct Row: Sendable, Equatable {
    let name: String
    let values: [(value: Double, note: String)]

    static func == (a: Row, b: Row) -> Bool {
      a.name == b.name && a.values.map(\.value) == b.values.map(\.value) && a.values.map(\.note) == b.values.map(\.note)
    }
  }

  public var title: String
  public var axis: ChartAxis
  /// A vertical line, such as one at zero error.
  public var reference: Double?
  public var width = 720.0
  private(set) var rows: [Row] = []

  public init(_ title: String, axis: ChartAxis) {
    self.title = title
    self.axis = axis
  }

  /// Adds a line of values, each with the note that is shown when the pointer rests on it.
  public mutating func add(_ name: String, _ values: [(value: Double, note: String)]) {
    rows.append(Row(name: name, values: values.filter { axis.accepts($0.value) }))
  }

  /// The chart as a self-contained SVG document, as tall as it needs.
  public func svg(theme: ChartTheme = .automatic) -> String {
    let rowHeight = 30.0
    let names = rows.map { "\($0.name) (\($0.values.count))" }
    let margin = min(260, max(70, (names.map { SVGCanvas.width(of: $0) }.max() ?? 0) + 20))
    var frame = ChartFrame(
      title: title, width: width, height: 40 + rowHeight * Double(max(1, rows.count)) + 76, left: margin)
    var lines = ChartAxis("")
    (lines.lower, lines.upper) = (0, Double(max(1, rows.count)))
    let fitted = axis.fitted(to: rows.flatMap { $0.values.map(\.value) } + (reference.map { [$0] } ?? []))
    frame.setAxes(fitted, FittedAxis(axis: lines, low: 0, high: Double(max(1, rows.count)), hidesTicks: true))
    if let reference, fitted.contains(reference) {
      let at = frame.place(reference, 0).0
      frame.canvas.line(at, frame.top, at, frame.bottom, color: "var(--faint)", dashed: true)
    }
    for (k, row) in rows.enumerated() {
      let middle = Double(rows.count - k) - 0.5
      let y = frame.place(fitted.low, middle).1
      let sorted = row.values.map(\.value).sorted()
      if !sorted.isEmpty {
        let (a, b) = (frame.place(Self.quantile(sorted, 0.25), middle).0, frame.place(Self.quantile(sorted, 0.75), middle).0)
        frame.canvas.rectangle(
          a, y - 9, max(b - a, 1), 18, fill: ChartPalette.color(0), opacity: 0.22, stroke: ChartPalette.color(0),
          title: "\(row.name): median \(fitted.number(Self.quantile(sorted, 0.5))), middle half \(fitted.number(Self.quantile(sorted, 0.25))) to \(fitted.number(Self.quantile(sorted, 0.75)))")
      }
      for (i, one) in row.values.enumerated() {
        // Five lanes keep equal values apart; the order of rows decides, so equal inputs look alike.
        let lane = Double(i % 5) - 2
        frame.canvas.circle(frame.place(one.value, middle).0, y + lane * 3, radius: 2.2, color: ChartPalette.color(0), title: one.note)
      }
      if !sorted.isEmpty {
        let at = frame.place(Self.quantile(sorted, 0.5), middle).0
        frame.canvas.line(at, y - 10, at, y + 10, color: "var(--ink)", width: 2)
      }
      let room = Int((frame.left - 14) / (12 * 0.58))
      let name = names[k].count > room ? names[k].prefix(max(1, room - 1)) + "…" : names[k][...]
      frame.canvas.text(String(name), frame.left - 8, y + 4, anchor: .end)
    }
    return frame.canvas.document(title: title, description: description, theme: theme)
  }

  private var description: String {
    let parts = rows.map { row -> String in
      let sorted = row.values.map(\.value).sorted()
      return sorted.isEmpty ? "\(row.name): none." : "\(row.name): \(sorted.count), median \(Self.quantile(sorted, 0.5).fixed(2))."
    }
    return "\(axis.title) by group. " + parts.joined(separator: " ")
  }

  /// - Parameter sorted: ascending, not empty.
  static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let place = p * Double(sorted.count - 1)
    let below = min(Int(place), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
