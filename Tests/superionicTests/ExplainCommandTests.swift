import FileIO
import Foundation
import Tables
import TestSupport
import Testing

/// Reasons, checks, comparisons, data sets and bundled models on the command line.
@Suite(.serialized) struct ExplainCommandTests {
  @Test func theBundledModelPredictsWithReasonsInAnyFolder() throws {
    try withTemporaryFolder { folder in
      let csv = "formula\nLi6PS5Cl\nXx\nLi7La3Zr2O12\n"
      let outcome = try Program.run(
        ["predict", "conductivity", "-", "--explain", "--classify", "-4", "-o", "-"], input: csv, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
      let mean = try table.column("log10_mean")
      #expect(mean[1].isEmpty && mean.count == 3)
      let argyrodite = try #require(Double(mean[0]))
      #expect((-6 ... -1).contains(argyrodite))
      let probability = try #require(Double(table.column("probability_below")[0]))
      #expect(probability > 0 && probability < 0.5)
      #expect(try table.column("neighbour1_group")[0].contains("10."))
      let effects = table.columns.filter { $0.hasPrefix("effect_") }
      var sum = 0.0
      for name in effects { sum += try #require(Double(table.column(name)[0])) }
      #expect(isClose(sum, argyrodite, relative: 1e-8))
      let info = try Program.run(["info", "conductivity"], in: folder)
      #expect(info.output.contains("composition-gp"))
    }
  }

  /// The bundled model stands on the bundled table as it is.
  @Test func theBundledModelNamesItsData() throws {
    let info = try Program.run(["info", "conductivity"])
    let data = try FileContents.read(Program.repository.path + "/Datasets/landmark-electrolytes.csv")
    #expect(info.output.contains(Digest.sha256(data)))
    let card = String(decoding: try FileContents.read(Program.repository.path + "/Models/README.md"), as: UTF8.self)
    #expect(card.contains(Digest.sha256(data)))
  }

  /// Energies as if the compositions were not known: near the table's, and stable compounds below zero.
  @Test func theBundledModelOfEnergiesPredictsAndNamesItsData() throws {
    let info = try Program.run(["info", "formation-energy"])
    let data = try FileContents.read(Program.repository.path + "/Datasets/phases.csv")
    let card = String(decoding: try FileContents.read(Program.repository.path + "/Models/README.md"), as: UTF8.self)
    #expect(info.output.contains(Digest.sha256(data)) && card.contains(Digest.sha256(data)))
    let phases = try Table(parsing: data, file: "phases.csv")
    let known = Dictionary(
      zip(try phases.column("formula"), try phases.column("eV_per_atom")), uniquingKeysWith: { a, _ in a })
    let formulas = ["Li2O1", "Li1F1", "Li1Cl1", "Li2S1", "Al2O3", "La2O3", "Li3N1", "Zr1O2"].filter { known[$0] != nil }
    #expect(formulas.count >= 5)
    let outcome = try Program.run(
      ["predict", "formation-energy", "-", "-o", "-"], input: "formula\n" + formulas.joined(separator: "\n") + "\n")
    let means = try Table(parsing: Data(outcome.output.utf8), file: "out").column("mean").compactMap(Double.init)
    let errors = try zip(formulas, means).map { try abs(#require(Double(known[$0] ?? "")) - $1) }
    #expect(means.count == formulas.count && means.allSatisfy { $0 < 0 })
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.5, "\(zip(formulas, errors).map { "\($0): \($1)" })")
  }

  @Test func aModelIsScoredOnRowsOfItsTarget() throws {
    try withTemporaryFolder { folder in
      let csv = "formula,conductivity_S_cm,temperature_C\nLi6PS5Cl,1e-3,25\nLi7La3Zr2O12,3e-4,25\nXx,1,25\nLi2ZnGeO4,<1e-8,25\n"
      let outcome = try Program.run(
        ["score", "conductivity", "-", "--json", "--classify", "-4", "--predictions", "held.csv"], input: csv, in: folder)
      #expect(outcome.status == 0 && outcome.errors.contains("unknown element \"Xx\""))
      let document = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let all = try #require(document["all"] as? [String: Any])
      #expect(all["rows"] as? Int == 3 && all["censored"] as? Int == 1 && document["rejected"] as? Int == 1)
      #expect(try #require(all["MAE"] as? Double) < 2)
      let predicted = try Program.run(["predict", "conductivity", "-", "-o", "-"], input: csv, in: folder)
      let means = try Table(parsing: Data(predicted.output.utf8), file: "out").column("log10_mean").compactMap(Double.init)
      let error = (abs(means[0] + 3) + abs(means[1] - log10(3e-4))) / 2
      #expect(isClose(error, try #require(all["MAE"] as? Double), relative: 1e-6))
      #expect(FileManager.default.fileExists(atPath: folder + "/held.csv"))
      let text = try Program.run(["score", "conductivity", "-"], input: csv, in: folder)
      #expect(text.output.contains("3 rows (1 censored)") && text.output.contains("Error by distance"))
      let missing = try Program.run(["score", "conductivity", "-"], input: "formula,temperature_C\nLi2O,25\n", in: folder)
      #expect(missing.status != 0 && missing.errors.contains("conductivity_S_cm"))
    }
  }

  @Test func checkFindsContradictionsAndTrainSaysSo() throws {
    let csv = "formula,s,doi\nLi3PS4,1e-4,a\nLi6P2S8,1e-7,b\nLi2O,1e-9,c\n"
    let outcome = try Program.run(["check", "-", "--target", "s", "--log10", "--group-column", "doi"], input: csv)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("<standard input>:3 Li6P2S8") && outcome.output.contains("3.00 decades apart"))
    let json = try Program.run(
      ["check", "-", "--target", "s", "--log10", "--group-column", "doi", "--json"], input: csv)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((document?["conflicts"] as? [Any])?.count == 1)
    try withTemporaryFolder { folder in
      let train = try Program.run(
        ["train", "-", "--target", "s", "--log10", "--model", "ridge", "-o", folder + "/m"], input: csv)
      #expect(train.errors.contains("superionic check"))
    }
  }

  @Test func validateLeavesOutClassifiesAndWritesPredictions() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.run(
        ["validate"] + CommandTests.landmark + [
          "--model", "ridge", "--leave-out-column", "family", "--classify", "-5", "--predictions", folder + "/p.csv",
        ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("garnet") && outcome.output.contains("Brier"))
      let table = try Table(reading: folder + "/p.csv")
      #expect(table.rows.count == 306)
      #expect(try table.column("log10_mean").allSatisfy { Double($0) != nil })
    }
  }

  @Test func compareSetsModelsSideBySide() throws {
    let outcome = try Program.run(
      ["compare"] + CommandTests.landmark + ["--models", "ridge,bayesian-ridge:descriptors=magpie+lithium:learn=measured", "--folds", "2", "--shuffles", "1", "--clip", "-10", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("bayesian-ridge:descriptors=magpie+lithium:learn=measured") && outcome.output.contains("clipped, all"))
    #expect(try Program.run(["compare"] + CommandTests.landmark + ["--models", "rigde"]).status == 2)
  }

  @Test func datasetsAreListedAndFetched() throws {
    let list = try Program.run(["datasets", "list", "--json"])
    let all = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    #expect(all?.contains { $0["name"] as? String == "obelix_train" } == true)
    let wrong = try Program.run(["datasets", "fetch", "obelix_trian"])
    #expect(wrong.status == 3 && wrong.errors.contains("did you mean \"obelix_train\"?"))
    try withTemporaryFolder { folder in
      try FileContents.write(Data("x\n".utf8), to: folder + "/obelix_train.csv")
      let altered = try Program.run(["datasets", "fetch", "obelix_train", "--from", folder, "-o", folder + "/o.csv"])
      #expect(altered.status == 3 && altered.errors.contains("SHA-256"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/o.csv"))
    }
  }
}
