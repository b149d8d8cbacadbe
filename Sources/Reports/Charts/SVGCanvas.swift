/// Collects SVG elements; escapes texts, writes numbers shortly and always alike.
struct SVGCanvas {
  private(set) var body = ""
  let width: Double
  let height: Double

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String, width: Double = 1, dashed: Bool = false, opacity: Double = 1) {
    let dash = (dashed ? " stroke-dasharray=\"5 4\"" : "") + (opacity < 1 ? " stroke-opacity=\"\(Self.number(opacity))\"" : "")
    body += "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\"\(dash)/>\n"
  }

  mutating func polyline(_ points: [(Double, Double)], color: String, width: Double = 2, dashed: Bool = false) {
    guard points.count > 1 else { return }
    let text = points.map { "\(Self.number($0.0)),\(Self.number($0.1))" }.joined(separator: " ")
    let dash = dashed ? " stroke-dasharray=\"6 4\"" : ""
    body += "<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\"\(dash)/>\n"
  }

  mutating func polygon(_ points: [(Double, Double)], fill: String, opacity: Double = 1) {
    guard points.count > 2 else { return }
    let text = points.map { "\(Self.number($0.0)),\(Self.number($0.1))" }.joined(separator: " ")
    body += "<polygon points=\"\(text)\" fill=\"\(fill)\" fill-opacity=\"\(Self.number(opacity))\"/>\n"
  }

  /// A disc, or a ring when hollow; `title` shows when the pointer rests on it.
  mutating func circle(_ x: Double, _ y: Double, radius: Double, color: String, hollow: Bool = false, title: String? = nil) {
    let paint = hollow ? "fill=\"var(--page)\" stroke=\"\(color)\" stroke-width=\"1.5\"" : "fill=\"\(color)\""
    body += "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" \(paint)\(Self.closing(title, "circle"))\n"
  }

  /// - Parameter stroke: colour of the outline; none without one.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, opacity: Double = 1, stroke: String? = nil,
    title: String? = nil
  ) {
    let outline = stroke.map { " stroke=\"\($0)\" stroke-width=\"1.2\"" } ?? ""
    body += "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" height=\"\(Self.number(max(0, height)))\" fill=\"\(fill)\" fill-opacity=\"\(Self.number(opacity))\"\(outline)\(Self.closing(title, "rect"))\n"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: Anchor = .start, bold: Bool = false,
    faint: Bool = false, turned: Bool = false, onMark: Bool = false, halo: Bool = false
  ) {
    let weight = bold ? " font-weight=\"600\"" : ""
    let shade = faint ? " class=\"faint\"" : onMark ? " class=\"on-mark\"" : ""
    // A rim in the colour of the page keeps a text readable over marks.
    let rim = halo ? " paint-order=\"stroke\" stroke=\"var(--page)\" stroke-width=\"3\" stroke-linejoin=\"round\"" : ""
    let turn = turned ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    body += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" text-anchor=\"\(anchor.rawValue)\"\(weight)\(shade)\(rim)\(turn)>\(Markup.escaped(text))</text>\n"
  }

  /// The whole document, with a title and description for screen readers.
  ///
  /// - Parameter description: what a person would see, in a sentence or two.
  func document(title: String, description: String, theme: ChartTheme) -> String {
    let (w, h) = (Self.number(width), Self.number(height))
    let style = theme == .page ? "" : "<style>\(ChartPalette.style(theme))</style>\n"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" viewBox="0 0 \(w) \(h)" role="img" aria-label="\(Markup.escaped(title))">
      <title>\(Markup.escaped(title))</title>
      <desc>\(Markup.escaped(description))</desc>
      \(style)<rect width="\(w)" height="\(h)" fill="var(--page)"/>
      \(body)</svg>

      """
  }

  private static func closing(_ title: String?, _ tag: String) -> String {
    guard let title else { return "/>" }
    return "><title>\(Markup.escaped(title))</title></\(tag)>"
  }

  /// Hundredths of a pixel; no exponent, no trailing zeros; 0 for what is not finite.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    var text = value.fixed(2)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// A width that texts of a sans-serif face rarely exceed.
  static func width(of text: String, size: Double = 12) -> Double { Double(text.count) * size * 0.58 }
}
