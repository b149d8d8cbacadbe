import Foundation
import Modeling
import Regression
import Tables
import TestSupport
import Testing

@Suite struct DataCheckTests {
  static let options = ModelingOptions(
    target: "sigma", log10: true, temperatureColumn: "T", groupColumn: "doi")

  static func check(_ text: String, merging: Bool = false) throws -> (DataCheck, Measurements) {
    let table = try Table(parsing: Data(text.utf8), file: "in.csv")
    let data = try Measurements(table, options: options, mergingDuplicates: merging)
    return (DataCheck(data, options: options), data)
  }

  @Test func valuesDecadesApartAreNamedWithTheirRows() throws {
    let (check, _) = try Self.check(
      """
      formula,T,sigma,doi
      Li3PS4,25,1e-4,a
      Li6P2S8,27,1e-6,b
      Li3PS4,100,1e-2,a
      Li3PS4,25,<1e-9,c
      Li2O,25,1e-9,a
      Li2O,25,2e-9,b
      """)
    #expect(check.conflicts.count == 1)
    let conflict = try #require(check.conflicts.first)
    #expect(isClose(conflict.spread, 2) && conflict.rows.map(\.line) == [3, 2])
    #expect(conflict.rows.map(\.group) == ["b", "a"])
  }

  @Test func aMistakenUnitStandsOutAgainstNeighbours() throws {
    var lines = ["formula,T,sigma,doi"]
    // A series of one garnet with small changes from seven papers, one of them in mS/cm.
    for i in 0..<8 {
      let x = 6.4 + 0.01 * Double(i)
      lines.append("Li\(x)La3Zr2O12,25,\(i == 5 ? "0.3" : "0.000\(3 + i % 3)"),paper\(i)")
    }
    let (check, _) = try Self.check(lines.joined(separator: "\n"))
    #expect(check.outliers.map(\.row.line) == [7])
    #expect(check.outliers.first?.unitHint.contains("1000 times too large") == true)
    #expect(check.outliers.first?.neighbours.isEmpty == false)
  }

  @Test func repeatsGiveTheNoise() throws {
    var lines = ["formula,T,sigma,doi"]
    // Pairs of two papers, each 0.4 decades apart.
    for i in 1...6 { lines += ["Li\(i)PS4,25,1e-4,a\(i)", "Li\(i)PS4,25,\(pow(10, -3.6)),b\(i)"] }
    let (check, _) = try Self.check(lines.joined(separator: "\n"))
    let noise = try #require(check.noise)
    #expect(noise.compositions == 6 && noise.pairs == 6)
    #expect(isClose(noise.medianDifference, 0.4, relative: 1e-9))
    // A median difference of 0.4 is that of normal scatter of 0.4/(0.6745·√2).
    #expect(isClose(noise.deviation, 0.4193, relative: 1e-3))
  }

  @Test func kelvinAndRepeatedRowsAreSeen() throws {
    let (check, _) = try Self.check(
      """
      formula,T,sigma,doi
      Li3N,298,1e-3,a
      Li2S,25,1e-8,b
      Li2S,25,1e-8,c
      Li2Se,300,1e-8,d
      Li2Se,25,1e-9,d
      """)
    #expect(check.kelvin.map(\.line) == [2])
    #expect(check.duplicates.map { $0.rows.map(\.line) } == [[3, 4]])
  }

  @Test func aMeasurementInTwoFilesIsOneRowUnderBothGroups() throws {
    let header = "formula,T,sigma,doi\n"
    let a = try Table(parsing: Data((header + "Li3PS4,25,1e-4,x\nLi2O,25,1e-9,y\n").utf8), file: "a.csv")
    let b = try Table(parsing: Data((header + "Li6P2S8,25,1e-4,z\nLi3PS4,25,2e-4,x\n").utf8), file: "b.csv")
    let data = try Measurements(Table.merging([a, b]), options: Self.options)
    #expect(data.count == 3 && data.rows[0].groupCell == "x|z")
    #expect(data.diagnostics.map(\.location) == [SourceLocation(file: "b.csv", line: 2)])
    #expect(data.diagnostics.allSatisfy { $0.severity == .warning })
    // x and z now stand for one another.
    #expect(data.groups[0] == data.groups[2] && data.groups[0] != data.groups[1])
  }
}
