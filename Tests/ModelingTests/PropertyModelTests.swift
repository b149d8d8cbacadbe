import Chemistry
import FileIO
import Foundation
import Modeling
import Regression
import Tables
import TestSupport
import Testing

@Suite struct PropertyModelTests {
  /// Sixty oxides and sulfides whose target follows the lithium fraction and the temperature.
  static let csv: String = {
    var lines = ["formula,t,y,group,mass,kind"]
    for i in 0..<60 {
      let lithium = 1 + i % 10
      let anion = i % 2 == 0 ? "O" : "S"
      let temperature = 20 + 10 * (i % 5)
      let y = 0.5 * Double(lithium) - Double(temperature) / 50 + (i % 2 == 0 ? 0 : 1.5)
      lines.append("Li\(lithium)P\(anion)4,\(temperature),\(y),g\(i / 3),\(i % 4 == 0 ? "" : "\(i)"),\(anion)")
    }
    return lines.joined(separator: "\n")
  }()

  static func trained(_ kind: ModelKind) throws -> (PropertyModel, Measurements) {
    let options = ModelingOptions(
      target: "y", temperatureColumn: "t", groupColumn: "group", numericColumns: ["mass"],
      categoryColumns: ["kind"], model: kind, seed: 3)
    let table = try Table(parsing: Data(csv.utf8), file: "train.csv")
    let data = try Measurements(table, options: options)
    return (try PropertyModel(training: data, options: options), data)
  }

  // Hull boosting wants energies: HullFeaturesTests; classifiers want labels: NoiseAndLabelTests.
  @Test(arguments: ModelKind.allCases.filter { $0 != .hullBoosting && !$0.isClassifier })
  func modelsLearnAndSurviveTheirFile(kind: ModelKind) throws {
    let (model, data) = try Self.trained(kind)
    let samples = data.rows.map(\.sample)
    let prediction = try model.predict(samples)
    let spread = Standardizer.moments(of: data.rows.map(\.target)).deviation
    let error = zip(prediction.mean, data.rows).map { abs($0 - $1.target) }.reduce(0, +) / Double(data.count)
    #expect(error < 0.5 * spread, "mean error \(error) of a spread of \(spread)")

    try withTemporaryFolder { folder in
      let path = folder + "/y.model"
      try model.write(to: path)
      let read = try PropertyModel(reading: path)
      #expect(read.options == model.options && read.provenance == model.provenance && read.kind == model.kind)
      #expect(try read.predict(samples) == prediction)
      #expect(read.domainScores(samples) == model.domainScores(samples))
      let first = try FileContents.read(path)
      try Self.trained(kind).0.write(to: path)
      #expect(try FileContents.read(path) == first, "training again gives the same bytes")
    }
  }

  @Test func temperatureMovesThePrediction() throws {
    let (model, _) = try Self.trained(.ridge)
    let sample = Sample(formula: "Li3PS4", composition: try Composition(formula: "Li3PS4"))
    let cold = try model.predict([sample], temperature: 20).mean[0]
    let warm = try model.predict([sample], temperature: 60).mean[0]
    #expect(abs((cold - warm) - 0.8) < 0.3)
    var own = sample
    own.temperature = 60
    #expect(try model.predict([own], temperature: 20).mean[0] == warm)
  }

  @Test func rejectedRowsKeepTheirPlace() throws {
    let (model, _) = try Self.trained(.ridge)
    let table = try Table(
      parsing: Data("id,formula\n1,Li3PS4\n2,Li3PQq4\n3,Li5PO4\n".utf8), file: "candidates.csv")
    let job = PredictionJob(model: model)
    let result = try job.run(on: table)
    #expect(result.rows.map { $0 == nil } == [false, true, false])
    #expect(result.diagnostics.map(\.location.line) == [3])
    let written = try Table(parsing: job.predictedTable(table, result).data, file: "out.csv")
    #expect(written.columns == ["id", "formula", "mean", "std", "lower", "upper", "domain", "note"])
    #expect(written.rows[1].cells[2...6] == ["", "", "", "", ""])
    #expect(written.rows[1].cells[7].contains("unknown element \"Qq\""))
    #expect(try written.column("id") == ["1", "2", "3"])
    let row = try #require(result.rows[0])
    #expect(row.lower < row.mean && row.mean < row.upper)
  }

  @Test func modelFilesOfOtherKindsAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/not.model"
      try FileContents.write(Data("formula,x\n".utf8), to: path)
      let error = #expect(throws: ModelingError.self) { try PropertyModel(reading: path) }
      #expect(error?.description == "\(path): not a model file; give a file that `superionic train` wrote")
      let missing = #expect(throws: ModelingError.self) { try PropertyModel(reading: folder + "/none") }
      #expect(missing?.description.contains("no such file") == true)
    }
  }
}
