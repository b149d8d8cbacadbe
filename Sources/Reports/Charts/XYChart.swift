/// Points and lines over two axes: parity plots, learning curves, voltage profiles, hulls.
///
///     var chart = XYChart("Conductivity", x: ChartAxis("Measured", unit: "S/cm", scale: .logarithmic),
///                         y: ChartAxis("Predicted", unit: "S/cm", scale: .logarithmic))
///     chart.add(.points, name: "held out", points)
///     chart.svg()                            // one self-contained SVG document
///
/// Values that an axis cannot show (NaN, or 0 on a logarithmic axis) are left out and counted below the
/// chart. Drawing is deterministic: equal charts give equal bytes.
public struct XYChart: Sendable {
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double
    /// A vertical interval around `y`, drawn as a bar or, for lines, as a band.
    public var interval: ClosedRange<Double>?
    /// Written beside the point.
    public var label: String?
    /// Shown when the pointer rests on the point.
    public var note: String?

    public init(_ x: Double, _ y: Double, interval: ClosedRange<Double>? = nil, label: String? = nil, note: String? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
      self.label = label
      self.note = note
    }
  }

  public enum Mark: Sendable, Equatable {
    case points
    case rings
    case line
    case dashedLine
    case linePoints
  }

  public struct Series: Sendable, Equatable {
    public var mark: Mark
    public var name: String
    public var points: [Point]
  }

  /// A straight line across the chart.
  public enum Reference: Sendable, Equatable {
    case horizontal(Double, label: String)
    case vertical(Double, label: String)
    /// y = x.
    case diagonal
  }

  public var title: String
  public var x: ChartAxis
  public var y: ChartAxis
  public var series: [Series] = []
  public var references: [Reference] = []
  public var width = 640.0
  public var height = 440.0

  public init(_ title: String, x: ChartAxis, y: ChartAxis) {
    self.title = title
    self.x = x
    self.y = y
  }

  /// Adds a series; series take the colours of the palette in order. An empty name stays out of the legend.
  public mutating func add(_ mark: Mark, name: String = "", _ points: [Point]) {
    series.append(Series(mark: mark, name: name, points: points))
  }

  /// The chart as a self-contained SVG document.
  public func svg(theme: ChartTheme = .automatic) -> String {
    var frame = ChartFrame(title: title, width: width, height: height, legend: legend)
    var (xs, ys) = values
    if references.contains(.diagonal) {
      // Both axes show the same range, so that the diagonal is one.
      let both = xs + ys
      (xs, ys) = (both, both)
    }
    frame.setAxes(x.fitted(to: xs), y.fitted(to: ys))
    for reference in references { draw(reference, &frame) }
    var hidden = 0
    for (k, one) in series.enumerated() { hidden += draw(one, ChartPalette.color(k), &frame) }
    // Labels lie above the marks of all series.
    for point in series.flatMap(\.points) where frame.shows(point.x, point.y) {
      guard let label = point.label else { continue }
      let (px, py) = frame.place(point.x, point.y)
      frame.label(label, px, py)
    }
    if hidden > 0 { frame.footnote("\(hidden) value\(hidden == 1 ? "" : "s") cannot be shown on these axes") }
    return frame.canvas.document(title: title, description: description, theme: theme)
  }

  /// What the chart shows, in words.
  var description: String {
    var parts = ["\(y.title) against \(x.title)."]
    for one in series where !one.points.isEmpty {
      let name = one.name.isEmpty ? "" : "\(one.name): "
      parts.append("\(name)\(one.points.count) \(one.points.count == 1 ? "point" : "points").")
    }
    return parts.joined(separator: " ")
  }

  private var legend: [ChartFrame.LegendEntry] {
    series.enumerated().filter { !$1.name.isEmpty }
      .map { ChartFrame.LegendEntry(name: $1.name, color: ChartPalette.color($0), isHollow: $1.mark == .rings) }
  }

  private var values: ([Double], [Double]) {
    var xs: [Double] = []
    var ys: [Double] = []
    for point in series.flatMap(\.points) where x.accepts(point.x) && y.accepts(point.y) {
      xs.append(point.x)
      ys.append(point.y)
      if let interval = point.interval { ys += [interval.lowerBound, interval.upperBound] }
    }
    for reference in references {
      switch reference {
      case .horizontal(let value, _): ys.append(value)
      case .vertical(let value, _): xs.append(value)
      case .diagonal: break
      }
    }
    return (xs, ys)
  }

  /// Draws a series; returns how many points could not be.
  private func draw(_ series: Series, _ color: String, _ frame: inout ChartFrame) -> Int {
    let shown = series.points.filter { frame.shows($0.x, $0.y) }
    let isLine = [.line, .dashedLine, .linePoints].contains(series.mark)
    if isLine {
      let banded = shown.compactMap { point in point.interval.map { (point.x, $0) } }
      if banded.count > 1 {
        let upper = banded.map { frame.place($0.0, $0.1.upperBound) }
        let lower = banded.reversed().map { frame.place($0.0, $0.1.lowerBound) }
        frame.canvas.polygon(upper + lower, fill: color, opacity: 0.18)
      }
      frame.canvas.polyline(shown.map { frame.place($0.x, $0.y) }, color: color, dashed: series.mark == .dashedLine)
    }
    for point in shown {
      let (px, py) = frame.place(point.x, point.y)
      if !isLine, let interval = point.interval {
        frame.canvas.line(px, frame.place(point.x, interval.lowerBound).1, px, frame.place(point.x, interval.upperBound).1, color: color, opacity: shown.count > 60 ? 0.3 : 0.7)
      }
      if series.mark != .line, series.mark != .dashedLine {
        let radius = shown.count > 500 ? 1.6 : shown.count > 100 ? 2.4 : 3.5
        frame.canvas.circle(px, py, radius: radius, color: color, hollow: series.mark == .rings, title: point.note ?? point.label)
      }
    }
    return series.points.count - shown.count
  }

  private func draw(_ reference: Reference, _ frame: inout ChartFrame) {
    let (left, right, top, bottom) = (frame.left, frame.right, frame.top, frame.bottom)
    switch reference {
    case .horizontal(let value, let label):
      guard frame.y.contains(value) else { return }
      let at = frame.place(frame.x.low, value).1
      frame.canvas.line(left, at, right, at, color: "var(--faint)", dashed: true)
      frame.canvas.text(label, right - 4, at - 4, size: 11, anchor: .end, faint: true)
    case .vertical(let value, let label):
      guard frame.x.contains(value) else { return }
      let at = frame.place(value, frame.y.low).0
      frame.canvas.line(at, top, at, bottom, color: "var(--faint)", dashed: true)
      frame.canvas.text(label, at + 4, top + 12, size: 11, faint: true)
    case .diagonal:
      let low = max(frame.x.low, frame.y.low)
      let high = min(frame.x.high, frame.y.high)
      guard low < high else { return }
      let (a, b) = (frame.place(low, low), frame.place(high, high))
      frame.canvas.line(a.0, a.1, b.0, b.1, color: "var(--faint)", dashed: true)
    }
  }
}
