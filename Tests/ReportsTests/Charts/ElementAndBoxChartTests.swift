import Chemistry
import Foundation
import Reports
import Testing

struct PeriodicTableChartTests {
  @Test func everyElementHasACellOfItsOwn() throws {
    let chart = PeriodicTableChart("Elements", counts: [.lithium: 12, .hydrogen: 3])
    let reader = try SVGReader(chart.svg())
    let cells = reader["rect"].filter { $0.number("width") == 38 && $0.number("height") == 38 }
    #expect(cells.count == Element.count)
    #expect(Set(cells.map { "\($0.attributes["x"] ?? "") \($0.attributes["y"] ?? "")" }).count == Element.count)
    for element in Element.all { #expect(reader.texts.contains(element.symbol)) }
  }

  @Test func shadesGrowWithCounts() throws {
    let counts = try [("Li", 300), ("O", 100), ("P", 10), ("S", 1)].map { symbol, count in
      (try #require(Element(symbol)), count)
    }
    let reader = try SVGReader(PeriodicTableChart("", counts: Dictionary(uniqueKeysWithValues: counts)).svg())
    let shades = reader["rect"].filter { $0.number("height") == 38 && $0.attributes["fill"] != "var(--page)" }
      .compactMap { $0.number("fill-opacity") }.sorted(by: >)
    #expect(shades.count == 4)
    #expect(shades[0] == 1 && zip(shades, shades.dropFirst()).allSatisfy(>))
    #expect(reader["desc"].first?.text.contains("Li 300, O 100") == true)
  }
}

struct BoxChartTests {
  @Test func boxIsTheMiddleHalf() throws {
    var chart = BoxChart("Residuals", axis: ChartAxis("error", lower: 0, upper: 8))
    // Quartiles of 0, 1, …, 8 are 2, 4 and 6.
    chart.add("family", (0...8).map { (Double($0), "row \($0)") })
    let reader = try SVGReader(chart.svg())
    let box = try #require(reader["rect"].first { $0.number("height") == 18 })
    let dots = reader["circle"].compactMap { $0.number("cx") }
    #expect(dots.count == 9)
    #expect(abs((box.number("x") ?? 0) - dots[2]) < 0.02)
    #expect(abs((box.number("x") ?? 0) + (box.number("width") ?? 0) - dots[6]) < 0.02)
    #expect(reader.texts.contains("family (9)"))
  }

  @Test func namesAndNotesAreEscaped() throws {
    var chart = BoxChart("<&\"", axis: ChartAxis("<x>"))
    chart.add("</text><script>", [(1, "\u{0}\u{0600}<b>")])
    let reader = try SVGReader(chart.svg())
    #expect(reader["script"].isEmpty && reader["b"].isEmpty)
    #expect(reader["title"].contains { $0.text == "\u{FFFD}\u{0600}<b>" })
  }
}

struct ChartDeterminismTests {
  @Test func equalChartsGiveEqualBytes() {
    func chart() -> String {
      var counts: [Element: Int] = [:]
      for (k, element) in Element.all.enumerated().reversed() { counts[element] = k % 7 }
      return PeriodicTableChart("", counts: counts).svg()
    }
    #expect(chart() == chart())
  }

  /// On a page the style comes from the page: its policy refuses every other.
  @Test func chartsOfAPageHaveNoStyleOfTheirOwn() throws {
    var box = BoxChart("b", axis: ChartAxis("x"))
    box.add("n", [(1, "")])
    var histogram = HistogramChart("h", x: ChartAxis("x"))
    histogram.add("n", [1, 2])
    for svg in [
      box.svg(theme: .page), histogram.svg(theme: .page), PeriodicTableChart("p", counts: [:]).svg(theme: .page),
      XYChart("x", x: ChartAxis("x"), y: ChartAxis("y")).svg(theme: .page), BarChart("b", axis: ChartAxis("x")).svg(theme: .page),
      TernaryChart("t", corners: ("a", "b", "c")).svg(theme: .page),
    ] {
      let reader = try SVGReader(svg)
      #expect(reader["style"].isEmpty)
      #expect(reader.elements.allSatisfy { $0.attributes["style"] == nil })
      #expect(reader["title"].count >= 1 && reader["desc"].count == 1)
    }
  }
}
