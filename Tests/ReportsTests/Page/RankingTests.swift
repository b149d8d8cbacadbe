import Chemistry
import FileIO
import Foundation
import Modeling
import Reports
import Tables
import TestSupport
import Testing

private func html(_ table: RankingTable) throws -> String {
  var page = ReportPage("t")
  page.sections = [ReportSection("ranking", heading: "Ranking", blocks: [.ranking(table)])]
  return String(decoding: try page.html(), as: UTF8.self)
}

private func document(_ table: RankingTable) throws -> [String: Any] {
  let html = try html(table)
  let start = try #require(html.range(of: "id=\"ranking-data\">"))
  let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
  return try #require(JSONSerialization.jsonObject(with: Data(html[start.upperBound..<end.lowerBound].utf8)) as? [String: Any])
}

private func columns(_ table: RankingTable) throws -> [String: [String: Any]] {
  let columns = try #require(try document(table)["columns"] as? [[String: Any]])
  return Dictionary(columns.map { ($0["title"] as? String ?? "", $0) }, uniquingKeysWith: { a, _ in a })
}

struct RankingFileTests {
  private func file(_ text: String, _ name: String) throws -> RankingFile {
    try withTemporaryFolder { folder in
      let path = "\(folder)/\(name)"
      try FileContents.write(Data(text.utf8), to: path)
      return try RankingFile(reading: path)
    }
  }

  @Test func numbersAndTextsAreToldApart() throws {
    let ranking = try file(
      """
      rank,formula,sigma,sigma_std,sigma_lower,sigma_upper,sigma_domain,host,score
      1,Li6PS5Cl,-2.5,1,-4,-1,0.9,argyrodite,7
      2,LiCl,,1,-9,-5,,"1e-3 of it",8
      """, "ranking.csv"
    ).ranking(measured: nil, options: nil)
    let found = try columns(ranking)
    #expect(found["sigma"]?["shown"] as? Bool == true)
    #expect(found["sigma_domain"]?["shown"] as? Bool == true)
    #expect(found["score"]?["shown"] as? Bool == false)
    #expect((found["sigma"]?["numbers"] as? [Any])?.first as? Double == -2.5)
    #expect((found["sigma"]?["numbers"] as? [Any])?.last is NSNull)
    #expect(found["host"]?["texts"] as? [String] == ["argyrodite", "1e-3 of it"])
    #expect(ranking.count == 2 && ranking.columns[0].title == "rank")
  }

  @Test func theJSONOfRankReadsLikeItsCSV() throws {
    let found = try columns(
      file(
        """
        {"candidates": 2, "ranked": [
          {"rank": 1, "formula": "Li3PS4", "front": 1, "score": -2.5, "reductionPotential": 1.7, "competingPhases": "Li3PS4",
           "predictions": {"sigma": {"mean": -2.5, "std": 1, "lower": -4, "upper": -1, "domain": 0.9}}},
          {"rank": 2, "formula": "Li<b>", "predictions": {"sigma": {"mean": -3, "std": 1, "lower": -4, "upper": -2, "domain": 0.1}}}]}
        """, "ranking.json"
      ).ranking(measured: nil, options: nil))
    #expect(found["sigma"]?["numbers"] as? [Double] == [-2.5, -3])
    #expect(found["sigma_lower"]?["shown"] as? Bool == true)
    #expect((found["reduction_V"]?["numbers"] as? [Any])?.first as? Double == 1.7)
    #expect(found["competing_phases"]?["texts"] as? [String] == ["Li3PS4", ""])
    #expect(found["formula"]?["texts"] as? [String] == ["Li3PS4", "Li<b>"])
  }

  @Test func anotherJSONIsRefusedWithAWayOut() {
    #expect { try file("{\"rows\": []}", "other.json") } throws: { "\($0)".contains("rank --json") }
    #expect(throws: TableError.self) { try file("name,value\na,1\n", "other.csv") }
  }

  /// The nearest measured rows of each formula, by the distance of `CompositionNeighbours`; none for a text that is no formula.
  @Test func neighboursAreThoseOfTheMeasurements() throws {
    let options = ModelingOptions(target: "y", groupColumn: "doi")
    let csv = "formula,y,doi\nLi3PS4,1,10.1021/a\nLi6PS5Cl,<2,10.1021/b\nLiF,3,c\n"
    let measured = try Measurements(Table(parsing: Data(csv.utf8), file: "m.csv"), options: options)
    let ranking = try file("formula\nLi6PS5Br\n<b>\nLiF\n", "ranking.csv").ranking(measured: measured, options: options)
    let neighbours = try #require(try document(ranking)["neighbours"] as? [String: Any])
    let nearest = try #require(neighbours["nearest"] as? [[Int]])
    #expect(nearest.map(\.first) == [1, nil, 2])
    #expect(neighbours["values"] as? [String] == ["1.00", "≤ 2.00", "3.00"])
    #expect((neighbours["addresses"] as? [Any])?.last is NSNull)
    let distances = try #require(neighbours["distances"] as? [[Double]])
    // Br for Cl: 1/13 of the atoms leave and 1/13 come.
    #expect(abs(distances[0][0] - 2.0 / 13) < 1e-3)
    #expect(distances[2][0] == 0)
  }
}

struct RowFamiliesTests {
  @Test func familiesComeFromTheColumnOrFromAnions() throws {
    let csv = "formula,y,family,kind\nLi2S,1,b,\nLi3N,2,a,k\nLi6PS5Cl,3,b,k\nLi7La3Zr2O12,4,,k\nqq,5,z,k\n"
    let table = try Table(parsing: Data(csv.utf8), file: "m.csv")
    let data = try Measurements(table, options: ModelingOptions(target: "y"))
    #expect(try RowFamilies(data, table: table).names == ["b", "a", "b", "no family given"])
    #expect(try RowFamilies(data, table: table).members.map(\.name) == ["b", "a", "no family given"])
    #expect(try RowFamilies(data, table: table, column: "kind").names == ["no family given", "k", "k", "k"])
    #expect(throws: TableError.self) { try RowFamilies(data, table: table, column: "none") }
    let plain = try Table(parsing: Data("formula,y\nLi2S,1\nLi3N,2\nLi6PS5Cl,3\nLi7La3Zr2O12,4\nLi,5\n".utf8), file: "m.csv")
    let rows = try Measurements(plain, options: ModelingOptions(target: "y"))
    #expect(try RowFamilies(rows, table: plain).names == ["sulfide", "nitride", "sulfide + halide", "oxide", "other"])
  }
}
