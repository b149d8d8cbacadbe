import Foundation

/// How often values occur, with bounds such as `<1e-10` stacked apart from measured values.
///
///     var chart = HistogramChart("Conductivity", x: ChartAxis("Conductivity", unit: "S/cm", scale: .logarithmic))
///     chart.add("measured", values)
///     chart.add("at or below", bounds, hollow: true)
///
/// Bins are equal: one, two or five of a power of ten wide, or a part of a decade on a logarithmic axis.
/// Values that the axis cannot show are left out and counted below the chart.
public struct HistogramChart: Sendable {
  struct Series: Sendable, Equatable {
    let name: String
    let values: [Double]
    let isHollow: Bool
  }

  public var title: String
  public var x: ChartAxis
  public var countName = "Rows"
  public var width = 640.0
  public var height = 380.0
  private(set) var series: [Series] = []

  public init(_ title: String, x: ChartAxis) {
    self.title = title
    self.x = x
  }

  /// Adds a series; a hollow one is drawn as outlines, as for bounds, whose true values lie beyond.
  public mutating func add(_ name: String, _ values: [Double], hollow: Bool = false) {
    series.append(Series(name: name, values: values, isHollow: hollow))
  }

  /// Edges of the bins, ascending, in units of the axis; bin i is from edge i up to edge i + 1.
  public var edges: [Double] {
    let values = series.flatMap(\.values).filter(x.accepts)
    let places = values.map(position)
    guard let low = places.min(), let high = places.max() else { return x.scale == .linear ? [0, 1] : [1, 10] }
    var step = FittedAxis.step(over: max(high - low, 1e-9) / 4)
    if x.scale == .logarithmic {
      // Halves of a decade, whole ones, or several.
      step = high - low <= 12 ? 0.5 : max(1, step.rounded())
    } else if high - low <= 1e-12 * max(abs(low), abs(high), 1) {
      step = max(abs(low) * 0.1, 0.5)
    }
    let first = Int((low / step + 1e-9).rounded(.down))
    let last = max(first + 1, Int((high / step + 1e-9).rounded(.down)) + 1)
    return (first...last).map { x.scale == .linear ? Double($0) * step : pow(10, Double($0) * step) }
  }

  /// Counts of each series in each bin.
  public var counts: [[Int]] {
    let places = edges.map(position)
    let (low, step) = (places[0], places[1] - places[0])
    return series.map { one in
      var counts = [Int](repeating: 0, count: places.count - 1)
      for value in one.values where x.accepts(value) {
        let bin = Int(((position(value) - low) / step + 1e-9).rounded(.down))
        counts[min(max(bin, 0), counts.count - 1)] += 1
      }
      return counts
    }
  }

  private func position(_ value: Double) -> Double { x.scale == .linear ? value : log10(value) }

  /// The chart as a self-contained SVG document.
  public func svg(theme: ChartTheme = .automatic) -> String {
    let legend = series.enumerated().filter { !$1.values.isEmpty }
      .map { ChartFrame.LegendEntry(name: $1.name, color: ChartPalette.color($0), isHollow: $1.isHollow) }
    var frame = ChartFrame(title: title, width: width, height: height, legend: legend)
    let (edges, counts) = (edges, counts)
    let tallest = edges.indices.dropLast().map { bin in counts.reduce(0) { $0 + $1[bin] } }.max() ?? 0
    var axis = x
    (axis.lower, axis.upper) = (edges[0], edges[edges.count - 1])
    frame.setAxes(axis.fitted(to: edges), ChartAxis(countName, lower: 0).fitted(to: [0, Double(max(1, tallest))]))
    for bin in edges.indices.dropLast() {
      var below = 0
      for (k, one) in series.enumerated() where counts[k][bin] > 0 {
        let count = counts[k][bin]
        let (left, top) = frame.place(edges[bin], Double(below + count))
        let (right, base) = frame.place(edges[bin + 1], Double(below))
        let color = ChartPalette.color(k)
        frame.canvas.rectangle(
          left + 1, top, right - left - 2, base - top, fill: one.isHollow ? "var(--page)" : color, opacity: 0.9,
          stroke: color, title: "\(one.name), \(frame.x.number(edges[bin])) to \(frame.x.number(edges[bin + 1])): \(count)")
        below += count
      }
    }
    let hidden = series.reduce(0) { $0 + $1.values.count { !x.accepts($0) } }
    if hidden > 0 { frame.footnote("\(hidden) value\(hidden == 1 ? "" : "s") cannot be shown on this axis") }
    return frame.canvas.document(title: title, description: description, theme: theme)
  }

  private var description: String {
    let parts = series.filter { !$0.values.isEmpty }.map { one in
      let values = one.values.filter(x.accepts).sorted()
      guard let low = values.first, let high = values.last else { return "\(one.name): none on this axis." }
      let axis = x.fitted(to: values)
      return "\(one.name): \(values.count), from \(axis.number(low)) to \(axis.number(high)), median \(axis.number(values[values.count / 2]))."
    }
    return "Histogram of \(x.title). " + parts.joined(separator: " ")
  }
}
