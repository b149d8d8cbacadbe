import Foundation
import Tables
import TestSupport
import Testing

/// featurize with further columns, descriptors, oxidation.
@Suite struct DescriptorCommandTests {
  @Test func furtherColumnsJoinTheVector() throws {
    let outcome = try Program.run(
      [
        "featurize", "-", "--descriptors", "stoichiometry", "--numeric-column", "a", "--category-column", "family",
        "-o", "-",
      ], input: "formula,a,family\nLi3N,4,x\nXx,5,x\nLi2O,,y\nLiF,8,x\nLiCl,8,y\nHe2O,8,\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
    #expect(table.columns == [
      "formula", "family", "0-norm", "2-norm", "3-norm", "5-norm", "7-norm", "10-norm", "a", "a unknown", "family = x",
      "family = y", "note",
    ])
    // The mean of 4, 8, 8 and 8 stands in; the unreadable row counts nowhere.
    #expect(try table.column("a") == ["4.0", "", "7.0", "8.0", "8.0", "8.0"])
    #expect(try table.column("a unknown") == ["0.0", "", "1.0", "0.0", "0.0", "0.0"])
    #expect(try table.column("family = x") == ["1.0", "", "0.0", "1.0", "0.0", "0.4"])
    #expect(try table.column("note")[1].contains("unknown element"))
  }

  @Test func imputedElementsAreNamedInTheNote() throws {
    let outcome = try Program.run(["featurize", "-", "-o", "-"], input: "formula\nLi2O\nHe2O\n")
    let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
    #expect(try table.column("note") == ["", "imputed values: magpie of He"])
  }

  @Test func everySetIsListedWithUnitsAndSources() throws {
    let overview = try Program.run(["descriptors"])
    #expect(overview.status == 0)
    let one = try Program.run(["descriptors", "lithium"])
    #expect(one.output.contains("free volume per lithium (Å³)") && one.output.contains("source: "))
    let json = try Program.run(["descriptors", "--json"])
    let sets = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    for set in sets { #expect(overview.output.contains(try #require(set["name"] as? String))) }
    #expect(sets.count >= 11)
    #expect(try Program.run(["descriptors", "lithum"]).errors.contains("did you mean \"lithium\"?"))
  }

  @Test func oxidationStatesAsTextAndJSON() throws {
    let text = try Program.run(["oxidation", "Fe3O4", "--alternatives", "1"])
    #expect(text.status == 0 && text.output.contains("Fe 2+ 33.3% 3+ 66.7%"), "\(text.output)")
    let json = try Program.run(["oxidation", "Li0.33La0.56TiO3", "LiHe", "--json"])
    let answers = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let first = try #require((answers[0]["assignments"] as? [[String: Any]])?.first)
    let charges = try #require(first["charges"] as? [String: Double])
    #expect(isClose(charges["Ti"] ?? .nan, 3.99) && first["method"] as? String == "mixed")
    #expect((answers[1]["assignments"] as? [Any])?.isEmpty == true)
    #expect(try Program.run(["oxidation", "LiQq"]).status != 0)
  }
}
