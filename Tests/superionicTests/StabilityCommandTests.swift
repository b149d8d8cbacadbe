import FileIO
import Foundation
import Tables
import TestSupport
import Testing

/// Stability commands, on the bundled phases and on bad input.
struct StabilityCommandTests {
  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try Program.run(arguments + ["--json", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test func hullPlacesRowsAndKeepsBadOnes() throws {
    try withTemporaryFolder { folder in
      let phases = folder + "/phases.csv"
      try FileContents.write(Data("formula,eV_per_atom\nLi2S,-1.5\nP2S5,-0.4\nLi3PS4,-1.1\n".utf8), to: phases)
      let csv = "formula,eV_per_atom,who\nLi3PS4,-1.0,a\nLi7PS6,,b\nbad(,1,c\nNaCl,-2,d\nS,0,e\nLi2S,,f\n"
      let outcome = try Program.run(["hull", phases, "-", "--plot", folder + "/h.svg", "--system", "Li-P-S", "-o", "-"], input: csv)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
      #expect(try table.column("who") == ["a", "b", "c", "d", "e", "f"])
      let above = try table.column("energy_above_hull").map { Double($0) }
      #expect(above[0].map { abs($0 - 0.1) < 1e-9 } == true)
      #expect(above[1] == nil && above[2] == nil && above[3] == nil && above[4] == 0 && above[5] == 0)
      #expect(try table.column("decomposition")[1] == "0.5714 Li3PS4 + 0.4286 Li2S")
      #expect(try table.column("note")[3].contains("Na"))
      #expect(outcome.errors.contains("<standard input>:4"))
      let strict = try Program.run(["hull", phases, "-", "--strict", "-o", "-"], input: csv)
      #expect(strict.status == 1)
      let svg = String(decoding: try FileContents.read(folder + "/h.svg"), as: UTF8.self)
      #expect(svg.contains("Li3PS4") && svg.hasPrefix("<svg"))
    }
  }

  @Test func predictedEnergiesHaveProbabilities() throws {
    try withTemporaryFolder { folder in
      // Binaries and ternaries of a few elements: enough for a rough model.
      let bundled = try Table(reading: Program.repository.appendingPathComponent("Datasets/phases.csv").path)
      var known = "formula,eV_per_atom\n"
      for row in bundled.rows.prefix(600) { known += "\(row.cells[0]),\(row.cells[1])\n" }
      try FileContents.write(Data(known.utf8), to: folder + "/phases.csv")
      let trained = try Program.run([
        "train", folder + "/phases.csv", "--target", "eV_per_atom", "--model", "ridge", "-o", folder + "/e.model",
      ])
      #expect(trained.status == 0, "\(trained.errors)")
      let candidates = "formula\nLi3YCl6\nLi2YCl5\nLiF\nNa2Li3Cl5\n"
      let arguments = ["hull", folder + "/phases.csv", "-", "--model", folder + "/e.model", "--draws", "200", "-o", "-"]
      let outcome = try Program.run(arguments, input: candidates)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let table = try Table(parsing: Data(outcome.output.utf8), file: "out")
      let sources = try table.column("energy_source")
      #expect(sources[0] == "predicted" && sources[3] == "predicted")
      for (row, source) in sources.enumerated() where source == "predicted" {
        let p = try [0, 25, 50, 100].map { try #require(Double(try table.column("probability_within_\($0)_meV")[row])) }
        #expect(p == p.sorted() && p[0] >= 0 && p[3] <= 1)
      }
      #expect(try Program.run(arguments + ["--threads", "1"], input: candidates).output == outcome.output)
    }
  }

  @Test func windowAnswersFromBundledPhases() throws {
    try withTemporaryFolder { folder in
      let document = try json(["window", "Li3PS4", "LiF", "--plot", folder + "/w.svg", "--profile-plot", folder + "/p.svg"])
      let windows = try #require(document["windows"] as? [[String: Any]])
      #expect(windows.count == 2)
      let reduction = try #require(windows[0]["reduction"] as? [String: Any])
      #expect(reduction["reaction"] as? String == "Li3PS4 + 5 Li → 4 Li2S + P")
      #expect(abs(try #require(reduction["voltage"] as? Double) - 1.72) < 0.02)
      #expect(windows[1]["reduction"] == nil)
      for name in ["w.svg", "p.svg"] {
        #expect(String(decoding: try FileContents.read(folder + "/" + name), as: UTF8.self).contains("</svg>"))
      }
    }
  }

  @Test func windowOfAnotherIon() throws {
    let document = try json(["window", "Na3PS4", "--ion", "Na"])
    #expect(document["ion"] as? String == "Na")
    let magnesium = try json(["window", "MgS", "--ion", "Mg"])
    #expect(magnesium["charge"] as? Int == 2)
  }

  @Test func interfaceAgainstAllElectrodes() throws {
    let document = try json(["interface", "Li6PS5Cl", "--electrodes"])
    let contacts = try #require(document["contacts"] as? [[String: Any]])
    #expect(contacts.map { $0["second"] as? String } == ["lithium", "LCO", "NMC111", "NMC811", "LFP", "sulfur"])
    for contact in contacts {
      let worst = try #require(contact["worst"] as? [String: Any])
      #expect(try #require(worst["energy"] as? Double) < 0)
    }
    let open = try json(["interface", "Li3PO4", "NiO2", "--voltage", "4.2"])
    #expect((open["contacts"] as? [[String: Any]])?.first?["voltage"] as? Double == 4.2)
  }

  @Test func coatingMoistureAndCapacity() throws {
    let coating = try json(["coating", "--electrolyte", "Li6PS5Cl", "--electrode", "LiNiO2", "LiTaO3", "Li3PO4", "LiF", "Li2O"])
    let ranked = try #require(coating["candidates"] as? [[String: Any]]).compactMap { $0["worst"] as? Double }
    #expect(ranked.count == 4 && ranked == ranked.sorted(by: >))
    let moisture = try json(["moisture", "Li3PS4"])
    let material = try #require((moisture["materials"] as? [[String: Any]])?.first)
    #expect(material["isEstimate"] as? Bool == true)
    #expect((material["assumptions"] as? [String])?.isEmpty == false)
    let capacity = try json(["capacity", "LiNiO2", "--pair", "NiO2:LiNiO2"])
    let voltage = try #require((capacity["pairs"] as? [[String: Any]])?.first?["voltage"] as? Double)
    #expect(voltage > 3 && voltage < 4.5)
  }

  @Test(arguments: [
    CommandTests.Failure(["window"], status: 2), CommandTests.Failure(["window", "Li6PS5Qq"], status: 2),
    CommandTests.Failure(["window", "Li"], status: 3), CommandTests.Failure(["window", "nowhere.csv", "Li2S"], status: 3),
    CommandTests.Failure(["interface", "Li2S"], status: 2), CommandTests.Failure(["interface", "Li2S", "Li4S2"], status: 3),
    CommandTests.Failure(["interface", "Li2S", "LiF", "--voltage", "-1"], status: 2),
    CommandTests.Failure(["window", "Li2S", "--ion", "Xx"], status: 2),
    CommandTests.Failure(["hull", "nowhere.csv", "-o", "-"], status: 3),
    CommandTests.Failure(["capacity"], status: 2), CommandTests.Failure(["moisture", "Li2S", "--water-pressure", "0"], status: 2),
    CommandTests.Failure(["coating", "LiF", "--electrolyte", "Li2S"], status: 2),
  ])
  func failuresHaveTheirStatus(failure: CommandTests.Failure) throws {
    let outcome = try Program.run(failure.arguments)
    #expect(outcome.status == failure.status, "\(outcome.errors)")
    #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
  }

  @Test(arguments: ["hull", "window", "interface", "coating", "moisture", "capacity"])
  func everyCommandHelpsWithAnExample(command: String) throws {
    let outcome = try Program.run([command, "--help"])
    #expect(outcome.status == 0 && outcome.output.contains("superionic \(command) "))
  }
}
