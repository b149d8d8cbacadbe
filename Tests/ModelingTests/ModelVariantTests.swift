import Foundation
import Modeling
import Regression
import Tables
import TestSupport
import Testing

@Suite struct ModelVariantTests {
  @Test(arguments: [
    "nonsense", "gp:descriptors", "gp:descriptor=magpie", "gp:likelihood=cauchy", "gp:learn=some", "",
  ])
  func whatNamesNoVariantIsRefused(text: String) {
    #expect(throws: ModelVariant.ParseError.self) { try ModelVariant(parsing: text) }
  }

  @Test func aVariantIsItsKindWithItsOptions() throws {
    var options = ArrheniusModelTests.options
    options.model = .ridge
    options.temperatureColumn = nil
    let data = try ArrheniusModelTests.measurements(temperatures: [25])
    let comparison = try ModelComparison(
      of: data, options: options,
      models: [ModelVariant(parsing: "gp"), ModelVariant(parsing: "gp:likelihood=student-t"), ModelVariant(.gp)], shuffles: 1, folds: 3)
    #expect(comparison.lines.map(\.model) == ["gp", "gp:likelihood=student-t", "gp"])
    #expect(comparison.lines[2].meanAbsoluteError == comparison.lines[0].meanAbsoluteError)
    #expect(comparison.lines[1].negativeLogPredictiveDensity != comparison.lines[0].negativeLogPredictiveDensity)
    options.model = .gp
    options.likelihood = .studentT
    let direct = try ModelValidation(of: data, options: options, folds: 3)
    #expect(comparison.lines[1].meanAbsoluteError == direct.pooled.meanAbsoluteError)
  }

  @Test func rowsThatAreNotLearnedFromAreStillPredicted() throws {
    var options = ArrheniusModelTests.options
    options.model = .extraTrees
    let data = try ArrheniusModelTests.measurements(temperatures: [25, 100])
    let comparison = try ModelComparison(
      of: data, options: options, models: [ModelVariant(.extraTrees), ModelVariant(parsing: "extra-trees:learn=room")],
      shuffles: 1, folds: 3)
    let room = try ModelComparison(
      of: data, options: options, models: [ModelVariant(.extraTrees), ModelVariant(parsing: "extra-trees:learn=room")],
      shuffles: 1, folds: 3, atRoomTemperature: true)
    // A model of room temperature knows nothing of 100 °C, where conductivities are higher.
    let all = comparison.lines.compactMap(\.meanAbsoluteError)
    let near = room.lines.compactMap(\.meanAbsoluteError)
    #expect(all[1] > 1.5 * all[0] && near[1] < all[1])
  }
}

@Suite struct NoiseAndLabelTests {
  private static func options(_ model: ModelKind) -> ModelingOptions {
    ModelingOptions(target: "y", groupColumn: "doi", descriptors: "fractions", model: model)
  }

  /// A made table of lithium oxides, y growing with the lithium; every fifth composition is measured by two papers.
  private static func table(scatter: Double, rows: Int = 60) throws -> Table {
    var lines = ["formula,y,doi"]
    for i in 0..<rows {
      let x = 1 + 3 * Double(i) / Double(rows)
      let noise = scatter * sin(37.0 * Double(i * i))
      lines.append("Li\(x)P2O7,\(x + noise),paper\(i / 2)")
      if i % 5 == 0 { lines.append("Li\(x)P2O7,\(x - noise),again\(i)") }
    }
    return try Table(parsing: Data(lines.joined(separator: "\n").utf8), file: "in.csv")
  }

  @Test func repeatsGiveTheNoiseOfEachRow() throws {
    var options = Self.options(.gp)
    options.noise = .repeats
    let data = try Measurements(Self.table(scatter: 0.3), options: options)
    let set = try data.trainingSet(options: options)
    let noise = try #require(set.noiseVariances)
    let pooled = try #require(DataCheck(data, options: options).noise?.deviation)
    // A row without repeats has the pooled variance, one with a repeat is between that and its own.
    #expect(isClose(noise[2], pooled * pooled))
    let difference = data.rows[0].target - data.rows[1].target
    #expect(data.rows[0].sample.formula == data.rows[1].sample.formula)
    #expect(isClose(noise[0], (4 * pooled * pooled + difference * difference / 2) / 5) && noise[0] == noise[1])
    options.noise = .learned
    #expect(try data.trainingSet(options: options).noiseVariances == nil)
  }

  @Test(arguments: [ModelKind.classifier, .probit])
  func classifiersLearnTheSideOfTheirThreshold(kind: ModelKind) throws {
    var options = Self.options(kind)
    options.threshold = 2.5
    let data = try Measurements(Self.table(scatter: 0.05, rows: kind == .probit ? 60 : 200), options: options)
    #expect(data.rows.allSatisfy { $0.target == 0 || $0.target == 1 })
    let validation = try ModelValidation(of: data, options: options, folds: 3)
    let scores = try #require(validation.classification(of: data, below: 2.5))
    #expect(scores.auc ?? 0 > 0.9 && scores.accuracy > 0.85)
    let model = try PropertyModel(training: data, options: options)
    let table = try Table(parsing: Data("formula\nLi1.1P2O7\nLi3.9P2O7\n".utf8), file: "new.csv")
    let result = try PredictionJob(model: model).run(on: table)
    let means = result.rows.compactMap { $0?.mean }
    #expect(means[0] > 0.8 && means[1] < 0.2)
    let text = String(decoding: PredictionJob(model: model).predictedTable(table, result).data, as: UTF8.self)
    #expect(text.hasPrefix("formula,probability,domain,note"))
    try withTemporaryFolder { folder in
      try model.write(to: folder + "/a.model")
      let again = try PredictionJob(model: PropertyModel(reading: folder + "/a.model")).run(on: table)
      #expect(again.rows.compactMap { $0?.mean } == means)
    }
  }

  @Test func aBoundThatDoesNotTellTheSideIsReported() throws {
    var options = Self.options(.classifier)
    options.threshold = 1
    let table = try Table(parsing: Data("formula,y,doi\nLi2O,<2,a\nLi3N,<0.5,b\nLiF,3,c\n".utf8), file: "in.csv")
    let data = try Measurements(table, options: options)
    #expect(data.rows.map(\.target) == [1, 0] && data.censoredCount == 0)
    #expect(data.diagnostics.count == 1 && data.diagnostics[0].location.line == 2)
  }

  @Test(arguments: [ModelKind.kernelRidge, .quantileForest, .quantileBoosting])
  func furtherKindsSurviveAFile(kind: ModelKind) throws {
    let options = Self.options(kind)
    let data = try Measurements(Self.table(scatter: 0.1), options: options)
    let model = try PropertyModel(training: data, options: options)
    let samples = data.rows.prefix(5).map(\.sample)
    try withTemporaryFolder { folder in
      try model.write(to: folder + "/a.model")
      #expect(try PropertyModel(reading: folder + "/a.model").predict(Array(samples)) == model.predict(Array(samples)))
    }
  }

  @Test func jackknifeIntervalsHoldAndSurviveAFile() throws {
    var options = Self.options(.gp)
    options.intervals = .jackknifePlus
    let data = try Measurements(Self.table(scatter: 0.2), options: options)
    let validation = try ModelValidation(of: data, options: options, folds: 4)
    let coverage = try #require(validation.pooled.coverage)
    #expect(coverage > 0.8)
    #expect(validation.coverage(of: data, level: 0.9) == coverage)
    let model = try PropertyModel(training: data, options: options)
    #expect(model.fitDetails.count == 1 && model.fitDetails[0].contains("jitter none"))
    let samples = data.rows.prefix(5).map(\.sample)
    try withTemporaryFolder { folder in
      try model.write(to: folder + "/a.model")
      #expect(try PropertyModel(reading: folder + "/a.model").predict(Array(samples)) == model.predict(Array(samples)))
    }
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    var options = Self.options(.gp)
    options.method = .inducing
    options.likelihood = .studentT
    let data = try Measurements(Self.table(scatter: 0.2), options: options)
    #expect(throws: ModelingError.self) { try PropertyModel(training: data, options: options) }
  }
}
