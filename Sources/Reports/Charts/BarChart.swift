/// Horizontal bars, one for each name: from zero to a value, or between two bounds.
///
///     var chart = BarChart("Windows", axis: ChartAxis("Voltage", unit: "V vs Li/Li⁺"))
///     chart.add("Li6PS5Cl", 1.71...2.01)
///     chart.add("LiF", 0...(.infinity))       // an open end is drawn to the edge with an arrow
public struct BarChart: Sendable {
  public struct Bar: Sendable, Equatable {
    public var name: String
    public var bounds: ClosedRange<Double>
    /// Colour of the palette; bars of one kind share it.
    public var series: Int
    /// An uncertainty around the end of the bar.
    public var interval: ClosedRange<Double>?
    public var note: String?
  }

  public var title: String
  public var axis: ChartAxis
  public var bars: [Bar] = []
  /// Names of the series, for the legend; empty for none.
  public var seriesNames: [String] = []
  /// Vertical lines with their labels.
  public var marks: [(value: Double, label: String)] = []
  public var width = 720.0

  public init(_ title: String, axis: ChartAxis) {
    self.title = title
    self.axis = axis
  }

  public mutating func add(_ name: String, _ bounds: ClosedRange<Double>, series: Int = 0, note: String? = nil) {
    bars.append(Bar(name: name, bounds: bounds, series: series, interval: nil, note: note))
  }

  /// A bar from zero (the lower bound on a logarithmic axis).
  public mutating func add(
    _ name: String, value: Double, interval: ClosedRange<Double>? = nil, series: Int = 0, note: String? = nil
  ) {
    let base = axis.scale == .linear ? 0 : -Double.infinity
    let bounds = value.isNaN ? 0...0 : min(base, value)...max(base, value)
    bars.append(Bar(name: name, bounds: bounds, series: series, interval: interval, note: note))
  }

  /// The chart as a self-contained SVG document, as tall as it needs.
  public func svg(theme: ChartTheme = .automatic) -> String {
    let rowHeight = bars.count > 60 ? 15.0 : 22
    let legend = seriesNames.enumerated().map { ChartFrame.LegendEntry(name: $1, color: ChartPalette.color($0)) }
    let margin = min(300, max(70, (bars.map { SVGCanvas.width(of: $0.name) }.max() ?? 0) + 20))
    let height = 40 + (legend.isEmpty ? 0 : 30) + rowHeight * Double(max(1, bars.count)) + 76
    var frame = ChartFrame(title: title, width: width, height: height, left: margin, legend: legend)
    let ends = bars.flatMap { bar in
      [bar.bounds.lowerBound, bar.bounds.upperBound] + (bar.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    var none = ChartAxis("")
    (none.lower, none.upper) = (0, Double(max(1, bars.count)))
    let fitted = axis.fitted(to: ends + marks.map(\.value))
    frame.setAxes(fitted, FittedAxis(axis: none, low: 0, high: Double(max(1, bars.count)), hidesTicks: true))
    for (value, label) in marks where fitted.contains(value) {
      let at = frame.place(value, 0).0
      frame.canvas.line(at, frame.top, at, frame.bottom, color: "var(--faint)", dashed: true)
      frame.canvas.text(label, at + 4, frame.top - 4, size: 11, faint: true)
    }
    for (k, bar) in bars.enumerated() { draw(bar, Double(bars.count - k) - 0.5, rowHeight, &frame) }
    return frame.canvas.document(title: title, description: "\(axis.title) of \(bars.count) \(bars.count == 1 ? "bar" : "bars").", theme: theme)
  }

  private func draw(_ bar: Bar, _ row: Double, _ rowHeight: Double, _ frame: inout ChartFrame) {
    let color = ChartPalette.color(bar.series)
    let low = axis.accepts(bar.bounds.lowerBound) ? bar.bounds.lowerBound : frame.x.low
    let high = axis.accepts(bar.bounds.upperBound) ? bar.bounds.upperBound : frame.x.high
    let (from, y) = frame.place(low, row)
    let to = frame.place(high, row).0
    let thick = rowHeight * 0.64
    let note = bar.note ?? "\(bar.name): \(bar.bounds.lowerBound) to \(bar.bounds.upperBound)"
    // A bar without width still shows where it is.
    frame.canvas.rectangle(from, y - thick / 2, max(to - from, 2), thick, fill: color, opacity: 0.9, title: note)
    if bar.bounds.upperBound == .infinity {
      frame.canvas.polygon([(to, y - thick / 2), (to + 9, y), (to, y + thick / 2)], fill: color, opacity: 0.9)
    }
    if let interval = bar.interval {
      let (a, b) = (frame.place(interval.lowerBound, row).0, frame.place(interval.upperBound, row).0)
      frame.canvas.line(a, y, b, y, color: "var(--ink)", width: 1.5)
    }
    let size = rowHeight < 20 ? 10.0 : 12
    let room = Int((frame.left - 14) / (size * 0.58))
    let name = bar.name.count > room ? bar.name.prefix(max(1, room - 1)) + "…" : bar.name[...]
    frame.canvas.text(String(name), frame.left - 8, y + 4, size: size, anchor: .end)
  }
}
