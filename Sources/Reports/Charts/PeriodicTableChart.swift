import Chemistry
import Foundation

/// A number for each element, as shades on a periodic table.
///
/// Shades follow the logarithm of the number, since a few elements are in nearly every row and most
/// in a few. Every cell also says its number, so nothing depends on telling shades apart.
public struct PeriodicTableChart: Sendable {
  public var title: String
  /// Counts; elements at 0 or absent stay blank.
  public var counts: [Element: Int]
  /// What is counted, such as `rows`.
  public var unit: String

  public init(_ title: String, counts: [Element: Int], unit: String = "rows") {
    self.title = title
    self.counts = counts
    self.unit = unit
  }

  static let cell = 40.0

  /// Column and line of an element; lanthanoids and actinoids stand below the table.
  static func place(_ element: Element) -> (column: Double, line: Double) {
    if element.isLanthanoid { return (Double(element.atomicNumber - 57) + 2, 7.4) }
    if element.isActinoid { return (Double(element.atomicNumber - 89) + 2, 8.4) }
    return (Double(element.group - 1), Double(element.period - 1))
  }

  /// The chart as a self-contained SVG document.
  public func svg(theme: ChartTheme = .automatic) -> String {
    let cell = Self.cell
    let (left, top) = (16.0, 40.0)
    var canvas = SVGCanvas(width: left * 2 + 18 * cell, height: top + 9.6 * cell + 12)
    canvas.text(title, 16, 22, size: 15, bold: true)
    let most = max(1, counts.values.max() ?? 1)
    func shade(_ count: Int) -> Double { count < 1 ? 0 : 0.12 + 0.88 * (most > 1 ? log(Double(count)) / log(Double(most)) : 1) }
    func draw(_ x: Double, _ y: Double, _ count: Int, symbol: String, note: String) {
      canvas.rectangle(
        x + 1, y + 1, cell - 2, cell - 2, fill: count > 0 ? ChartPalette.color(0) : "var(--page)", opacity: count > 0 ? shade(count) : 1,
        stroke: "var(--grid)", title: note)
      let onMark = shade(count) > 0.8
      canvas.text(symbol, x + cell / 2, y + 18, size: 13, anchor: .middle, bold: count > 0, faint: count == 0, onMark: onMark)
      if count > 0 { canvas.text("\(count)", x + cell / 2, y + 33, size: 11, anchor: .middle, onMark: onMark) }
    }
    for element in Element.all {
      let (column, line) = Self.place(element)
      let count = counts[element] ?? 0
      draw(left + column * cell, top + line * cell, count, symbol: element.symbol, note: "\(element.name): \(count) \(unit)")
    }
    // The scale stands in the gap above the transition metals.
    let steps = Self.scale(most)
    let start = left + (2.6 + (9 - Double(steps.count)) / 2) * cell
    for (k, count) in steps.enumerated() {
      let x = start + Double(k) * cell
      canvas.rectangle(x, top + 1.1 * cell, cell - 2, 12, fill: ChartPalette.color(0), opacity: shade(count), stroke: "var(--grid)")
      canvas.text("\(count)", x + cell / 2 - 1, top + 1.1 * cell + 26, size: 11, anchor: .middle, faint: true)
    }
    canvas.text(unit, start, top + 1.1 * cell - 6, size: 11, faint: true)
    return canvas.document(title: title, description: description, theme: theme)
  }

  /// 1, 3, 10, 30, … up to the largest count.
  static func scale(_ most: Int) -> [Int] {
    var steps: [Int] = []
    var decade = 1
    while decade < most {
      steps.append(decade)
      if 3 * decade < most { steps.append(3 * decade) }
      decade *= 10
    }
    // The last step gives way to the largest count where the two all but coincide.
    if let last = steps.last, 2 * last > most { steps.removeLast() }
    return Array((steps + [most]).suffix(9))
  }

  private var description: String {
    let present = counts.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !present.isEmpty else { return "No element is present." }
    let first = present.prefix(8).map { "\($0.key.symbol) \($0.value)" }.joined(separator: ", ")
    return "\(present.count) elements are present; most often: \(first) \(unit)."
  }
}
