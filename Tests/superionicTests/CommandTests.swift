import FileIO
import Foundation
import Tables
import TestSupport
import Testing

/// The contract of the command line, on the bundled data and on bad input.
@Suite(.serialized) struct CommandTests {
  static let landmark = [
    "Datasets/landmark-electrolytes.csv", "--target", "conductivity_S_cm", "--log10", "--temperature-column",
    "temperature_C", "--group-column", "doi",
  ]

  static func train(to path: String, model: String = "ridge") throws {
    let outcome = try Program.run(["train"] + landmark + ["--model", model, "-o", path])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func trainPredictInfo() throws {
    try withTemporaryFolder { folder in
      let model = folder + "/sigma.model"
      try Self.train(to: model)
      let info = try Program.run(["info", model])
      #expect(info.status == 0)
      #expect(info.output.contains("log10_conductivity_S_cm") && info.output.contains("ridge"))

      let csv = "formula,who\nLi6PS5Cl,me\nLi6PS5Qq,\"you, too\"\nLi7La3Zr2O12,us\n"
      let predicted = try Program.run(["predict", model, "-", "--temperature", "60", "-o", "-"], input: csv)
      #expect(predicted.status == 0)
      #expect(predicted.errors.contains("<standard input>:3: column formula: unknown element \"Qq\""))
      let table = try Table(parsing: Data(predicted.output.utf8), file: "out")
      #expect(
        table.columns == [
          "formula", "who", "log10_mean", "log10_std", "log10_lower", "log10_upper", "domain",
          "activation_energy_eV", "activation_energy_eV_lower", "activation_energy_eV_upper", "note",
        ])
      #expect(try table.column("who") == ["me", "you, too", "us"])
      #expect(try table.column("log10_mean")[1] == "")
      let mean = try #require(Double(try table.column("log10_mean")[0]))
      #expect(mean < 0 && mean > -9)

      let strict = try Program.run(["predict", model, "-", "--strict", "-o", folder + "/p.csv"], input: csv)
      #expect(strict.status == 1)
      #expect(FileManager.default.fileExists(atPath: folder + "/p.csv"))
    }
  }

  @Test func validateReportsScoresAsJSON() throws {
    let outcome = try Program.run(["validate"] + Self.landmark + ["--model", "ridge", "--json", "--quiet"])
    #expect(outcome.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let all = try #require(json?["all"] as? [String: Any])
    for key in ["MAE", "RMSE", "R2", "Spearman", "NLPD", "coverage"] { #expect(all[key] is Double, "\(key)") }
    #expect((json?["folds"] as? [Any])?.count == 5)
    #expect(outcome.errors.isEmpty)
  }

  @Test func featurizeWritesEveryRow() throws {
    let outcome = try Program.run(
      ["featurize", "-", "-o", "-"], input: "id,formula\n1,Li3N\n2,Xx\n3,CuSO4·5H2O\n")
    #expect(outcome.status == 0)
    let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
    #expect(try table.column("id") == ["1", "2", "3"])
    // Cu, S, nine O and ten H in 21 atoms.
    let electrons: Double = 29 + 16 + 9 * 8 + 10
    let numbers = try table.column("MagpieData mean Number")
    #expect(numbers == ["4.0", "", String(electrons / 21)])
  }

  @Test func rankOrdersAndExplains() throws {
    try withTemporaryFolder { folder in
      let model = folder + "/sigma.model"
      try Self.train(to: model)
      let csv = "formula\nLi2O\nLi10GeP2S12\nLi6PS5Cl\nLi7La3Zr2O12\nLi6PS5Cl\nLiF\nbad(\n"
      let outcome = try Program.run(
        [
          "rank", "-", "--model", "sigma=\(model)", "--exclude", "Ge", "--constraint", "sigma>=-9", "--top", "3",
          "-o", folder + "/r.csv",
        ], input: csv)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try Table(reading: folder + "/r.csv")
      #expect(try table.column("rank") == ["1", "2", "3"])
      let means = try table.column("sigma").compactMap(Double.init)
      #expect(means.count == 3 && means == means.sorted(by: >))
      #expect(try !table.column("formula").contains("Li10GeP2S12"))
      #expect(try table.column("nearest_group").allSatisfy { !$0.isEmpty })
      #expect(outcome.output.contains("1 left out for their elements; 1 repeat an earlier one"))
    }
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: [String], status: Int32) {
      self.arguments = arguments
      self.status = status
    }
  }

  static let failures: [Failure] = [
    Failure(["train", "Datasets/landmark-electrolytes.csv", "-o", "x"], status: 2),
    Failure(["predict", "nowhere.model", "x.csv", "-o", "-"], status: 3),
    Failure(["validate"] + landmark + ["--folds", "1"], status: 2),
    Failure(["validate"] + landmark + ["--model", "rigde"], status: 2),
    Failure(["validate"] + landmark + ["--descriptors", "magpi"], status: 3),
    Failure(["validate", "Datasets/landmark-electrolytes.csv", "--target", "conductivity"], status: 3),
    Failure(["validate", "Datasets/nothing.csv", "--target", "x"], status: 3),
    Failure(["frobnicate"], status: 2),
    Failure(["info", "Package.swift"], status: 3),
  ]

  @Test(arguments: failures)
  func failuresHaveTheirStatus(failure: Failure) throws {
    let outcome = try Program.run(failure.arguments)
    #expect(outcome.status == failure.status, "\(outcome.errors)")
    #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
  }

  /// The commands of the README's tour run as they stand there, and say what it says about a wrong row.
  @Test func theTourOfTheReadmeRuns() throws {
    let readme = try String(contentsOfFile: "\(Program.repository.path)/README.md", encoding: .utf8)
    let block = try #require(readme.components(separatedBy: "```console\n").dropFirst().first?
      .components(separatedBy: "\n```").first)
    let commands = block.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
      .filter { $0.hasPrefix("$ superionic ") }
      .map { $0.dropFirst("$ superionic ".count).split(separator: " ").map(String.init) }
    #expect(commands.map { $0[0] } == ["validate", "train", "predict", "rank"])
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(
        atPath: "\(Program.repository.path)/Datasets", toPath: "\(folder)/Datasets")
      try Data("formula\nLi6PS5Cl\nLi6.4La3Zr1.4Ta0.6O12\nLi6PS5Qq\n".utf8)
        .write(to: URL(fileURLWithPath: "\(folder)/mine.csv"))
      // Cross-validation takes its time and has tests of its own.
      for command in commands where command[0] != "validate" {
        let outcome = try Program.run(command, in: folder)
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        if command[0] == "predict" {
          let report = try #require(outcome.errors.split(separator: "\n").first { $0.hasPrefix("mine.csv:") })
          #expect(block.contains(report), "\(report)")
          #expect(block.contains(outcome.output.trimmingCharacters(in: .newlines)), "\(outcome.output)")
        }
      }
      let ranking = try Table(reading: "\(folder)/ranking.csv")
      #expect(ranking.rows.count == 3)
    }
  }

  @Test func theBundledCandidatesAreWhatTheirCommandMakes() throws {
    let outcome = try Program.run([
      "substitute", "Datasets/landmark-electrolytes.csv", "--exclude", "U,Th,Pa", "--limit", "1000", "-o", "-",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Data(outcome.output.utf8) == FileContents.read("\(Program.repository.path)/Datasets/candidates.csv"))
  }

  @Test(arguments: ["featurize", "train", "predict", "validate", "rank", "info"])
  func everyCommandHelpsWithAnExample(command: String) throws {
    let outcome = try Program.run([command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("superionic \(command) "))
  }

  @Test func equalRunsGiveEqualBytes() throws {
    try withTemporaryFolder { folder in
      try Self.train(to: folder + "/a.model")
      let outcome = try Program.run(
        ["train"] + Self.landmark + ["--model", "ridge", "--threads", "1", "-o", folder + "/b.model"])
      #expect(outcome.status == 0)
      #expect(try FileContents.read(folder + "/a.model") == FileContents.read(folder + "/b.model"))
    }
  }

  @Test(.enabled(if: SharedData.has("obelix_train.csv"), "needs ../shared/datasets/obelix_train.csv"))
  func obelixValidates() throws {
    let path = try #require(SharedData.url("obelix_train.csv")?.path)
    let outcome = try Program.run([
      "validate", path, "--target", "conductivity_S_cm", "--log10", "--group-column", "doi", "--model", "gp",
      "--json", "--quiet",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let all = try #require(json?["all"] as? [String: Any])
    #expect(all["rows"] as? Int == 478)
    #expect(try #require(all["MAE"] as? Double) < 1.3)
    #expect(abs(try #require(all["coverage"] as? Double) - 0.9) < 0.06)
  }
}
