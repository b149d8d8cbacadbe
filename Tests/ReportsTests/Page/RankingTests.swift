import Chemistry
import FileIO
import Foundation
import Modeling
import Reports
import Screening
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

struct RankingContributionsTests {
  private static let csv = "formula,y,doi\nLi3PS4,1,a\nLi6PS5Cl,2,b\nLiF,3,c\nLi7La3Zr2O12,4,d\nLi3N,0,e\nLiCl,2,f\nLi2S,5,g\nLi2O,1,h\n"

  private func model() throws -> RankingJob.NamedModel {
    let options = ModelingOptions(target: "y", groupColumn: "doi", model: .ridge)
    let data = try Measurements(Table(parsing: Data(Self.csv.utf8), file: "m.csv"), options: options)
    return .init(name: "sigma", model: try PropertyModel(training: data, options: options))
  }

  /// Base and effects of a row sum to what the model predicts for it, to the four decimals of the page.
  @Test func contributionsSumToThePrediction() throws {
    let named = try model()
    let ranking = try withTemporaryFolder { folder in
      try FileContents.write(Data("formula\nLi6PS5Br\n<b>\nLiBr\nLi3PS4\n".utf8), to: "\(folder)/r.csv")
      let file = try RankingFile(reading: "\(folder)/r.csv")
      return file.ranking(measured: nil, options: nil, contributions: try file.contributions(to: named, limit: 3, temperature: nil))
    }
    let found = try #require(try document(ranking)["contributions"] as? [String: Any])
    let (families, bases) = (try #require(found["families"] as? [String]), try #require(found["bases"] as? [Any]))
    let effects = try #require(found["effects"] as? [[Double]])
    let members = try #require(found["members"] as? [[Int]])
    #expect(found["model"] as? String == "sigma" && bases.count == 3 && effects.count == 3)
    // The text in the middle is no formula.
    #expect(bases[1] is NSNull && effects[1].isEmpty)
    #expect(Set(families).count == families.count && members.joined().allSatisfy { families.indices.contains($0) })
    let predicted = try named.model.predict(["Li6PS5Br", "LiBr"].map { Sample(formula: $0, composition: try Composition(formula: $0)) })
    for (place, row) in [0, 2].enumerated() {
      let base = try #require(bases[row] as? Double)
      #expect(abs(effects[row].reduce(base, +) - predicted.mean[place]) < 1e-4 * Double(effects[row].count + 1))
      #expect(members[row].count == effects[row].count)
      #expect(zip(effects[row], effects[row].dropFirst()).allSatisfy { abs($0) >= abs($1) })
    }
  }

  @Test func theSentenceSaysHowManyRowsHaveThem() throws {
    let contributions = RankingTable.Contributions(model: "sigma", quantity: "y", explanations: [nil, nil])
    #expect(contributions.sentence(of: 5).contains("first 2 rows") && contributions.sentence(of: 5).contains("--contributions"))
    #expect(!contributions.sentence(of: 2).contains("first"))
    #expect(RankingTable.Contributions(model: "m", quantity: "y", explanations: []).sentence(of: 4).isEmpty)
  }

  @Test func noNeighboursAreAskedForWithALimitOfZero() throws {
    let known = CompositionNeighbours([try Composition(formula: "LiF")])
    #expect(known.nearest(to: try Composition(formula: "LiCl"), limit: 0).isEmpty)
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
