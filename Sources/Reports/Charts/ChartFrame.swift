/// The rectangle of a chart: title, axes, grid, legend, and the way from values to places.
struct ChartFrame {
  var canvas: SVGCanvas
  private(set) var left = 76.0
  private(set) var top = 40.0
  let right: Double
  let bottom: Double
  private(set) var x = ChartAxis("").fitted(to: [0, 1])
  private(set) var y = ChartAxis("").fitted(to: [0, 1])
  private var taken: [(Double, Double, Double)] = []

  /// A name in the legend, with the colour of its marks.
  struct LegendEntry {
    let name: String
    let color: String
    var isHollow = false
  }

  init(title: String, width: Double, height: Double, left: Double = 76, bottomMargin: Double = 58, legend: [LegendEntry] = []) {
    canvas = SVGCanvas(width: width, height: height)
    self.left = left
    right = width - 20
    bottom = height - bottomMargin
    canvas.text(title, 16, 22, size: 15, bold: true)
    guard !legend.isEmpty else { return }
    var place = 16.0
    var line = 40.0
    for entry in legend {
      let length = 24 + SVGCanvas.width(of: entry.name)
      if place > 16, place + length > width - 16 {
        place = 16
        line += 18
      }
      canvas.rectangle(place, line - 9, 10, 10, fill: entry.isHollow ? "var(--page)" : entry.color, stroke: entry.color)
      canvas.text(entry.name, place + 15, line)
      place += length + 8
    }
    top = line + 16
  }

  mutating func setAxes(_ x: FittedAxis, _ y: FittedAxis) {
    self.x = x
    self.y = y
    for tick in y.ticks {
      let at = place(x.low, tick).1
      canvas.line(left, at, right, at, color: "var(--grid)")
      canvas.text(y.label(tick), left - 8, at + 4, anchor: .end, faint: true)
    }
    for tick in x.ticks {
      let at = place(tick, y.low).0
      canvas.line(at, top, at, bottom, color: "var(--grid)")
      canvas.text(x.label(tick), at, bottom + 18, anchor: .middle, faint: true)
    }
    canvas.line(left, bottom, right, bottom, color: "var(--ink)")
    canvas.line(left, top, left, bottom, color: "var(--ink)")
    canvas.text(x.axis.title, (left + right) / 2, bottom + 38, size: 13, anchor: .middle)
    if !y.axis.title.isEmpty {
      canvas.text(y.axis.title, 18, (top + bottom) / 2, size: 13, anchor: .middle, turned: true)
    }
  }

  func place(_ vx: Double, _ vy: Double) -> (Double, Double) {
    // Values beyond given bounds are drawn at the edge.
    let px = min(max(x.position(vx), 0), 1)
    let py = min(max(y.axis.accepts(vy) ? y.position(vy) : 0, 0), 1)
    return (left + px * (right - left), bottom - py * (bottom - top))
  }

  func shows(_ vx: Double, _ vy: Double) -> Bool { x.contains(vx) && y.contains(vy) }

  /// Writes beside a point unless another label is in the way.
  mutating func label(_ text: String, _ px: Double, _ py: Double) {
    let length = SVGCanvas.width(of: text, size: 11)
    let fits = px + 7 + length < right
    let start = fits ? px + 7 : px - 7 - length
    for offset in [-5.0, 13, -19, 27] {
      let at = py + offset
      guard at > top + 8, at < bottom - 2 else { continue }
      if taken.contains(where: { abs($0.1 - at) < 12 && $0.0 < start + length && start < $0.2 }) { continue }
      canvas.text(text, start, at, size: 11, halo: true)
      taken.append((start, at, start + length))
      return
    }
  }

  mutating func footnote(_ text: String) {
    canvas.text(text, canvas.width - 16, canvas.height - 8, size: 11, anchor: .end, faint: true)
  }
}
