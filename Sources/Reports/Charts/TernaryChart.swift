/// Compositions of three components in a triangle, with tie lines.
///
///     var chart = TernaryChart("Li–P–S", corners: ("Li", "P", "S"))
///     chart.points.append(.init(3, 1, 4, label: "Li3PS4"))
///     chart.lines.append((0, 1))               // a tie line between two points
public struct TernaryChart: Sendable {
  public struct Point: Sendable, Equatable {
    /// Amounts of the three corners; only their ratios matter.
    public var amounts: [Double]
    public var label: String?
    public var note: String?
    public var isHollow: Bool
    /// Colour of the palette.
    public var series: Int

    public init(_ a: Double, _ b: Double, _ c: Double, label: String? = nil, note: String? = nil, isHollow: Bool = false, series: Int = 0) {
      amounts = [a, b, c]
      self.label = label
      self.note = note
      self.isHollow = isHollow
      self.series = series
    }
  }

  public var title: String
  public var corners: (String, String, String)
  public var points: [Point] = []
  /// Pairs of positions in `points`.
  public var lines: [(Int, Int)] = []
  /// Names of the series, for the legend.
  public var seriesNames: [String] = []
  public var width = 640.0

  public init(_ title: String, corners: (String, String, String)) {
    self.title = title
    self.corners = corners
  }

  /// The chart as a self-contained SVG document.
  public func svg(theme: ChartTheme = .automatic) -> String {
    let legend = seriesNames.enumerated().map { k, name in
      ChartFrame.LegendEntry(
        name: name, color: ChartPalette.color(k), isHollow: points.contains { $0.series == k } && points.allSatisfy { $0.series != k || $0.isHollow })
    }
    let side = width - 120
    let tall = side * 0.8660254037844386
    let top = legend.isEmpty ? 66.0 : 92
    var frame = ChartFrame(title: title, width: width, height: top + tall + 50, left: 10, bottomMargin: 10, legend: legend)
    // The first corner is at the lower left, the second at the top, the third at the lower right.
    func place(_ amounts: [Double]) -> (Double, Double)? {
      let sum = amounts.reduce(0, +)
      guard sum > 0, sum.isFinite, amounts.allSatisfy({ $0 >= 0 }) else { return nil }
      let (b, c) = (amounts[1] / sum, amounts[2] / sum)
      return (60 + side * (c + b / 2), top + tall * (1 - b))
    }
    for k in 1..<5 {
      let f = Double(k) / 5
      for ends in [([f, 1 - f, 0], [f, 0, 1 - f]), ([1 - f, f, 0], [0, f, 1 - f]), ([1 - f, 0, f], [0, 1 - f, f])] {
        if let a = place(ends.0), let b = place(ends.1) {
          frame.canvas.line(a.0, a.1, b.0, b.1, color: "var(--grid)")
        }
      }
    }
    let edge: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    frame.canvas.polyline(edge.compactMap(place), color: "var(--ink)", width: 1.2)
    frame.canvas.text(corners.0, 52, top + tall + 20, size: 14, anchor: .end, bold: true)
    frame.canvas.text(corners.1, 60 + side / 2, top - 12, size: 14, anchor: .middle, bold: true)
    frame.canvas.text(corners.2, 68 + side, top + tall + 20, size: 14, bold: true)
    for (i, j) in lines where points.indices.contains(i) && points.indices.contains(j) {
      if let a = place(points[i].amounts), let b = place(points[j].amounts) {
        frame.canvas.line(a.0, a.1, b.0, b.1, color: "var(--faint)", width: 1.3)
      }
    }
    for point in points {
      guard let (px, py) = place(point.amounts) else { continue }
      frame.canvas.circle(
        px, py, radius: point.isHollow ? 3 : 4.5, color: ChartPalette.color(point.series), hollow: point.isHollow,
        title: point.note ?? point.label)
    }
    for point in points {
      guard let label = point.label, let (px, py) = place(point.amounts) else { continue }
      frame.label(label, px, py)
    }
    return frame.canvas.document(
      title: title, description: "\(points.count) compositions of \(corners.0), \(corners.1) and \(corners.2), \(lines.count) tie lines.",
      theme: theme)
  }
}
