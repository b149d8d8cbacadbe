import Foundation
import Reports
import Testing

/// The marks of the horizontal axis, by where they stand.
private func marks(_ chart: XYChart) throws -> [(label: String, place: Double)] {
  let reader = try SVGReader(chart.svg())
  // Numbers of the horizontal axis are the faint texts centred below the frame.
  return reader["text"].filter { $0.attributes["class"] == "faint" && $0.attributes["text-anchor"] == "middle" }
    .compactMap { text in text.number("x").map { (text.text, $0) } }
}

struct AxisTests {
  @Test(arguments: [
    ([0.0, 1.0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ([-3, 17], ["−5", "0", "5", "10", "15", "20"]),
    ([0, 0.04], ["0.00", "0.01", "0.02", "0.03", "0.04"]),
    ([120, 880], ["0", "200", "400", "600", "800", "1000"]),
  ])
  func linearMarksAreRoundNumbers(range: [Double], expected: [String]) throws {
    var chart = XYChart("", x: ChartAxis("x"), y: ChartAxis("y"))
    chart.add(.points, range.map { .init($0, $0) })
    #expect(try marks(chart).map(\.label) == expected)
  }

  @Test(arguments: [
    ([1e-8, 3e-2], ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]),
    ([0.2, 90], ["0.1", "1", "10", "100"]),
    ([1e-17, 0.5], ["10⁻¹⁷", "10⁻¹⁴", "10⁻¹¹", "10⁻⁸", "10⁻⁵", "10⁻²"]),
  ])
  func logarithmicMarksAreDecadesInOneNotation(range: [Double], expected: [String]) throws {
    var chart = XYChart("", x: ChartAxis("x", scale: .logarithmic), y: ChartAxis("y"))
    chart.add(.points, range.map { .init($0, 1) })
    let found = try marks(chart)
    #expect(found.map(\.label) == expected)
    let steps = zip(found, found.dropFirst()).map { $1.place - $0.place }
    #expect(steps.allSatisfy { abs($0 - steps[0]) < 0.02 })
  }

  @Test func unitsStandInTheTitle() throws {
    let chart = XYChart("", x: ChartAxis("Conductivity", unit: "S/cm"), y: ChartAxis("Plain"))
    let texts = try SVGReader(chart.svg()).texts
    #expect(texts.contains("Conductivity (S/cm)"))
    #expect(texts.contains("Plain"))
  }
}
