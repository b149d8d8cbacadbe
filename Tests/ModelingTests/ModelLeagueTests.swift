import Foundation
import LinearAlgebra
import Modeling
import Tables
import TestSupport
import Testing

@Suite struct ModelLeagueTests {
  static func measurements(rows: Int) throws -> Measurements {
    var generator = SeededGenerator(seed: 9)
    var text = "formula,y,paper\n"
    for i in 0..<rows {
      let share = generator.uniform()
      text += "Li2S\(share)O\(1 - share),\(3 * share + 0.1 * generator.normal()),\(i / 3)\n"
    }
    return try Measurements(
      Table(parsing: Data(text.utf8), file: "in.csv"), options: options)
  }

  static let options = ModelingOptions(
    target: "y", groupColumn: "paper", descriptors: "fractions", model: .auto)

  @Test func theLeagueNamesEveryCandidateAndItsWeight() throws {
    let model = try PropertyModel(training: Self.measurements(rows: 90), options: Self.options)
    let league = try #require(model.league)
    #expect(Set(league.lines.map(\.model)) == ["composition-gp", "boosting", "extra-trees", "ridge", "stack"])
    let models = league.lines.filter { $0.model != "stack" }
    #expect(isClose(models.reduce(0) { $0 + $1.weight }, 1))
    for line in league.lines {
      let error = try #require(line.meanAbsoluteError)
      #expect(try #require(line.lower) <= error && error <= #require(line.upper), "\(line.model)")
    }
    // The truth is linear in the fractions: a smooth model has to win over trees.
    let error = try Dictionary(uniqueKeysWithValues: models.map { ($0.model, try #require($0.meanAbsoluteError)) })
    #expect(try #require(error["ridge"]) < #require(error["extra-trees"]))
  }

  @Test func aSmallBudgetLeavesCandidatesOutAndSaysSo() throws {
    var options = Self.options
    options.budget = 1e-9
    let league = try #require(PropertyModel(training: Self.measurements(rows: 90), options: options).league)
    #expect(league.lines.filter { $0.note == "beyond the budget" }.count == 3)
    #expect(league.lines.filter { $0.weight == 1 }.map(\.model) == ["composition-gp"])
  }

  @Test func fewRowsAndTheFileBehaveAsOthers() throws {
    let few = try PropertyModel(training: Self.measurements(rows: 8), options: Self.options)
    #expect(few.league == nil && few.summary == "gp")
    try withTemporaryFolder { folder in
      let model = try PropertyModel(training: Self.measurements(rows: 60), options: Self.options)
      try model.write(to: folder + "/a.model")
      let restored = try PropertyModel(reading: folder + "/a.model")
      let samples = try Self.measurements(rows: 5).rows.map(\.sample)
      #expect(try restored.predict(samples) == model.predict(samples))
      #expect(restored.league == model.league && restored.summary == model.summary)
    }
  }
}
