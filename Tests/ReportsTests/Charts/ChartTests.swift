import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Attributes of all elements of one kind.
private func attributes(_ svg: String, _ tag: String) throws -> [[String: String]] {
  final class Reader: NSObject, XMLParserDelegate {
    var found: [[String: String]] = []
    let tag: String
    init(_ tag: String) { self.tag = tag }
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      if name == tag { found.append(attributes) }
    }
  }
  let parser = XMLParser(data: Data(svg.utf8))
  let reader = Reader(tag)
  parser.delegate = reader
  try #require(parser.parse(), "not well-formed: \(svg.prefix(300))")
  return reader.found
}

private func centers(_ svg: String) throws -> [(x: Double, y: Double)] {
  try attributes(svg, "circle").map { circle in
    (try #require(circle["cx"].flatMap(Double.init)), try #require(circle["cy"].flatMap(Double.init)))
  }
}

struct ChartTests {
  @Test func pointsKeepTheirOrderAndDistances() throws {
    var chart = XYChart("a < b & \"c\"", x: ChartAxis("x"), y: ChartAxis("y", unit: "V"))
    chart.add(.points, name: "one & two", [.init(0, 0), .init(1, 2), .init(2, 4)])
    let places = try centers(chart.svg())
    #expect(places.count == 3)
    #expect(abs((places[1].x - places[0].x) - (places[2].x - places[1].x)) < 0.02)
    #expect(abs((places[0].y - places[1].y) - (places[1].y - places[2].y)) < 0.02)
    #expect(places[0].x < places[1].x && places[0].y > places[1].y)
  }

  @Test func decadesAreEquallySpacedOnALogarithmicAxis() throws {
    var chart = XYChart("log", x: ChartAxis("x", scale: .logarithmic), y: ChartAxis("y", scale: .logarithmic))
    chart.add(.points, [.init(1e-6, 1e-3), .init(1e-4, 1e-2), .init(1e-2, 1e-1), .init(0, 1), .init(1, .nan)])
    let svg = chart.svg()
    let places = try centers(svg)
    #expect(places.count == 3)
    #expect(abs((places[1].x - places[0].x) - (places[2].x - places[1].x)) < 0.02)
    #expect(svg.contains("2 values cannot be shown"))
    #expect(svg.contains("10⁻⁶"))
  }

  @Test func parityChartHasEqualAxes() throws {
    var chart = XYChart("parity", x: ChartAxis("measured"), y: ChartAxis("predicted"))
    chart.references = [.diagonal]
    chart.add(.points, [.init(0, 10), .init(10, 0)])
    (chart.width, chart.height) = (500, 500)
    let places = try centers(chart.svg())
    // (0, 10) and (10, 0) are the corners of both axes.
    #expect(places[0].x < places[1].x && places[0].y < places[1].y)
  }

  @Test func barsStretchBetweenTheirBounds() throws {
    var chart = BarChart("windows", axis: ChartAxis("Voltage", unit: "V"))
    chart.add("narrow", 1...2)
    chart.add("wide", 1...4)
    chart.add("open", 0...(.infinity))
    let svg = chart.svg()
    let bars = try attributes(svg, "rect").filter { $0["y"] != nil }
    let widths = bars.compactMap { $0["width"].flatMap(Double.init) }
    #expect(widths.count == 3)
    #expect(abs(widths[1] - 3 * widths[0]) < 0.05)
    #expect(try attributes(svg, "polygon").count == 1)
  }

  @Test func ternaryCornersAndMiddle() throws {
    var chart = TernaryChart("Li–P–S", corners: ("Li", "P", "S"))
    chart.points = [.init(1, 0, 0), .init(0, 2, 0), .init(0, 0, 5), .init(1, 1, 1), .init(0, 0, 0)]
    let places = try centers(chart.svg())
    // A point of nothing has no place.
    #expect(places.count == 4)
    let mean = (places[0].x + places[1].x + places[2].x) / 3
    #expect(abs(places[3].x - mean) < 0.02)
    #expect(abs(places[1].x - (places[0].x + places[2].x) / 2) < 0.02)
    #expect(places[1].y < places[0].y)
  }

  @Test(arguments: ChartTheme.allCases)
  func emptyChartsAreWellFormed(theme: ChartTheme) throws {
    let empty = XYChart("", x: ChartAxis("x"), y: ChartAxis("y", scale: .logarithmic))
    #expect(try attributes(empty.svg(theme: theme), "svg").count == 1)
    #expect(try attributes(BarChart("", axis: ChartAxis("x")).svg(theme: theme), "svg").count == 1)
    #expect(try attributes(TernaryChart("", corners: ("a", "b", "c")).svg(theme: theme), "svg").count == 1)
  }

  @Test func constantsAndHugeValuesHaveAxes() throws {
    for value in [0, 1e-12, 5, -3e8, 1e300] {
      var chart = XYChart("constant", x: ChartAxis("x"), y: ChartAxis("y"))
      chart.add(.linePoints, [.init(value, value), .init(value, value)])
      #expect(try centers(chart.svg()).count == 2)
    }
  }
}
