import Foundation
import Reports
import Testing

struct HistogramChartTests {
  @Test func everyValueIsInOneBin() {
    var chart = HistogramChart("", x: ChartAxis("x"))
    let values = (0..<500).map { sin(Double($0)) * 40 + 3 }
    chart.add("a", values)
    chart.add("b", [-37, 43, 3])
    let edges = chart.edges
    #expect(chart.counts.map { $0.reduce(0, +) } == [500, 3])
    for (bin, count) in chart.counts[0].enumerated() {
      #expect(count == values.count { $0 >= edges[bin] && $0 < edges[bin + 1] }, "bin \(bin) from \(edges[bin])")
    }
  }

  @Test func binsOfALogarithmicAxisArePartsOfADecade() {
    var chart = HistogramChart("", x: ChartAxis("σ", unit: "S/cm", scale: .logarithmic))
    chart.add("measured", [1e-8, 2e-8, 5e-8, 1e-3, 0, -1])
    let steps = zip(chart.edges, chart.edges.dropFirst()).map { log10($1 / $0) }
    #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-9 })
    // 10⁻⁸ is the lower edge of the first bin and belongs to it.
    #expect(abs(log10(chart.edges[0]) + 8) < 1e-9)
    #expect(chart.counts[0].first == 2)
    #expect(chart.counts[0].reduce(0, +) == 4)
    #expect(chart.svg().contains("2 values cannot be shown"))
  }

  @Test func boundsAreStackedOnMeasuredValues() throws {
    var chart = HistogramChart("", x: ChartAxis("x"))
    chart.add("measured", [0.5, 0.5, 1.5])
    chart.add("at or below", [0.5], hollow: true)
    let bars = try SVGReader(chart.svg())["rect"].filter { $0.attributes["y"] != nil && ($0.number("height") ?? 0) > 12 }
    let bound = try #require(bars.first { $0.attributes["fill"] == "var(--page)" })
    let below = try #require(bars.first { $0.attributes["fill"] != "var(--page)" && $0.number("x") == bound.number("x") })
    let top = try #require(below.number("y"))
    let end = try #require(bound.number("y")) + (bound.number("height") ?? 0)
    #expect(abs(top - end) < 0.05)
    // Two rows are twice as tall as one.
    #expect(abs((below.number("height") ?? 0) - 2 * (bound.number("height") ?? 0)) < 0.05)
  }

  @Test func noneAndEqualValuesAreCharts() throws {
    for values in [[], [5.0], [0, 0, 0], [1e300], [.nan]] {
      var chart = HistogramChart("t", x: ChartAxis("x"))
      chart.add("a", values)
      _ = try SVGReader(chart.svg())
      #expect(chart.counts[0].reduce(0, +) == values.count { $0.isFinite })
    }
  }
}
