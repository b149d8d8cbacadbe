import Foundation
import Modeling
import Tables
import Testing

@Suite struct MeasurementsTests {
  static func table(_ text: String) throws -> Table { try Table(parsing: Data(text.utf8), file: "in.csv") }

  static let options = ModelingOptions(
    target: "conductivity_S_cm", log10: true, temperatureColumn: "temperature_C", groupColumn: "doi",
    numericColumns: ["density"], categoryColumns: ["family"], model: .ridge)

  @Test func goodRowsBecomeNumbers() throws {
    let data = try Measurements(
      Self.table(
        """
        formula,temperature_C,conductivity_S_cm,doi,density,family
        Li3N,25,1e-3,a,1.3,nitride
        NaN,30,<1E-10,a|b,,
        Li2S,-20,>1e-8,b,2,sulfide
        Li2O,25,1e-12,c,2,oxide
        """), options: Self.options)
    #expect(data.diagnostics.isEmpty)
    #expect(data.rows.map { ($0.target * 1e6).rounded() / 1e6 } == [-3, -10, -8, -12])
    #expect(data.rows.map(\.censoring) == [.none, .left, .right, .none])
    #expect(data.rows[1].sample.composition.elements.map(\.symbol) == ["N", "Na"])
    #expect(data.rows[1].sample.numeric == [nil] && data.rows[1].sample.categories == [nil])
    #expect(data.groups[0] == data.groups[1] && data.groups[1] == data.groups[2])
    #expect(data.groups[3] != data.groups[0] && data.groupCount == 2 && data.censoredCount == 2)
  }

  @Test func rowsOfTheSameElementsMayBelongTogether() throws {
    var options = Self.options
    (options.temperatureColumn, options.numericColumns, options.categoryColumns) = (nil, [], [])
    options.groupColumn = Measurements.chemicalSystem
    let rows = ["Li2S,1e-8", "LiS,1e-7", "S4Li8,1e-9", "Li2O,1e-9", "Li2SO4,1e-9"]
    let data = try Measurements(
      Self.table(("formula,conductivity_S_cm\n" + rows.joined(separator: "\n"))), options: options)
    #expect(Set(data.groups[..<3]).count == 1 && data.groupCount == 3)
    // A column of that name goes first.
    let named = try Measurements(
      Self.table("formula,conductivity_S_cm,chemical-system\nLi2S,1e-8,a\nLiS,1e-7,b"), options: options)
    #expect(named.groupCount == 2)
  }

  @Test(arguments: [
    ("Li6PS5Qq,25,1e-3,a,,", "in.csv:3: column formula: unknown element \"Qq\""),
    ("Li3(N,25,1e-3,a,,", "in.csv:3: column formula: "),
    ("Li-3N,25,1e-3,a,,", "in.csv:3: column formula: "),
    (",25,1e-3,a,,", "in.csv:3: column formula: "),
    ("Li3N,25,0,a,,", "in.csv:3: column conductivity_S_cm: 0.0 has no logarithm"),
    ("Li3N,25,-1,a,,", "in.csv:3: column conductivity_S_cm: -1.0 has no logarithm"),
    ("Li3N,25,NaN,a,,", "in.csv:3: column conductivity_S_cm: \"NaN\" is not a finite number"),
    ("Li3N,25,3 mS/cm,a,,", "in.csv:3: column conductivity_S_cm: \"3 mS/cm\" carries a unit (mS/cm)"),
    ("Li3N,,1e-3,a,,", "in.csv:3: column temperature_C: the temperature is missing"),
    ("Li3N,-300,1e-3,a,,", "in.csv:3: column temperature_C: -300.0 °C is below absolute zero"),
    ("Li3N,25,1e-3,a,dense,", "in.csv:3: column density: \"dense\" is not a number"),
    ("Li3N,25,1e-3", "in.csv:3: 3 cells under a header of 6"),
  ])
  func badRowsAreReportedAndLeftOut(row: String, report: String) throws {
    let data = try Measurements(
      Self.table(
        "formula,temperature_C,conductivity_S_cm,doi,density,family\nLi3N,25,1e-3,a,1.3,nitride\n\(row)\n"),
      options: Self.options)
    #expect(data.count == 1)
    #expect(data.diagnostics.count == 1)
    let text = data.diagnostics.first?.description ?? ""
    #expect(text.hasPrefix(report), "\(text)")
    #expect(text.contains("; "), "a way out is named")
  }

  @Test func valuesInTheWrongUnitAreWarnedAbout() throws {
    let data = try Measurements(
      Self.table("formula,temperature_C,conductivity_S_cm,doi,density,family\nLi3N,25,25,a,1.3,x\n"),
      options: Self.options)
    #expect(data.count == 1)
    #expect(data.diagnostics.map(\.severity) == [.warning])
  }

  @Test func unusableTables() throws {
    #expect(throws: TableError.self) { try Measurements(Self.table("formula,x\nLi,1\n"), options: Self.options) }
    let header = "formula,temperature_C,conductivity_S_cm,doi,density,family\n"
    #expect(throws: TableError.noUsableRows("in.csv", reports: [])) {
      try Measurements(Self.table(header), options: Self.options)
    }
    let error = #expect(throws: TableError.self) {
      try Measurements(Self.table(header + "Qq,25,1,a,1,x\n"), options: Self.options)
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("in.csv: no row of it can be used") && text.contains("in.csv:2: column formula: unknown element"))
  }

  @Test func aFileWithoutTemperaturesIsOfRoomTemperature() throws {
    let hot = try Table(
      parsing: Data("formula,temperature_C,conductivity_S_cm,doi,density,family\nLi3N,60,1e-3,a,,\n".utf8), file: "hot.csv")
    let plain = try Table(
      parsing: Data("formula,conductivity_S_cm,doi,density,family\nLi2S,1e-5,b,,\nLi2O,1e-9,b,,\n".utf8), file: "plain.csv")
    let data = try Measurements(Table.merging([hot, plain]), options: Self.options)
    #expect(data.rows.map(\.sample.temperature) == [60, 25, 25])
    #expect(data.diagnostics.map(\.severity) == [.warning])
    #expect("\(data.diagnostics[0])".hasPrefix("plain.csv:2: warning: column temperature_C: no row of this file"))
  }
}
