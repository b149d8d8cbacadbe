import CampaignStore
import FileIO
import Foundation
import LinearAlgebra
import Tables
import TestSupport
import Testing

/// The campaign commands as a laboratory uses them, and as a failing machine treats them.
@Suite(.serialized) struct CampaignCommandTests {
  static let candidates = """
    formula,family
    Li6PS5Cl,argyrodite
    Li6PS5Br,argyrodite
    Li6PS5I,argyrodite
    Li7La3Zr2O12,garnet
    Li6.5La3Zr1.5Ta0.5O12,garnet
    LiTi2(PO4)3,NASICON
    Li1.3Al0.3Ti1.7(PO4)3,NASICON
    Li3YCl6,halide
    Li3PS4,thio-LISICON
    Li10GeP2S12,LGPS
    Li3N,nitride
    Li3PO4,oxide
    bad(,oxide
    """

  static func begin(_ folder: String) throws -> String {
    let store = folder + "/a.campaign"
    let outcome = try Program.run(
      [
        "campaign", "init", store, "-", "--objective", "max:sigma:-6..-3", "--log10", "--unit", "S/cm", "--exclude", "Ge",
        "--who", "anna", "--descriptors", "composition",
      ], input: candidates)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("<standard input>:14"))
    return store
  }

  @Test func aCampaignFromTheFirstTableToTheLog() throws {
    try withTemporaryFolder { folder in
      let store = try Self.begin(folder)
      let measured = try Program.run(
        ["campaign", "observe", store, "-", "--who", "ben"],
        input:
          "formula,sigma,unit,when,source\nLi6PS5Cl,1.3,mS/cm,2026-01-02,p. 7\nLi7La3Zr2O12,3e-4,,,\nLi3N,1e-3,,,\nLiTi2(PO4)3,2e-6,,,\nLi3PO4,<1E-10,,,\nLi6PS5Clx,1,,,\n"
      )
      #expect(measured.status == 0 && measured.output.contains("5 recorded, 0 known already, 1 refused"), "\(measured)")
      #expect(measured.errors.contains("<standard input>:7"))
      let suggested = try Program.run(["campaign", "suggest", store, "--count", "2", "--per-family", "1", "--who", "cleo"])
      #expect(suggested.status == 0, "\(suggested.errors)")
      for word in ["why", "expected", "near", "teaches", "weigh", "advice", "no Ge"] { #expect(suggested.output.contains(word), "\(word)") }
      let json = try Program.run(["campaign", "status", store, "--json"])
      let status = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect((status["pending"] as? [String])?.count == 2 && status["measured"] as? Int == 5)
      let pending = try #require((status["pending"] as? [String])?.first)
      #expect(try Program.run(["campaign", "decide", store, pending, "declined", "--reason", "too dear"]).status == 0)
      let ranked = try Program.run(["campaign", "rank", store, "-o", folder + "/r.csv"])
      #expect(ranked.status == 0, "\(ranked.errors)")
      #expect(try Table(reading: folder + "/r.csv").columns.contains("probability_of_all_targets"))
      let log = try Program.run(["campaign", "log", store])
      for word in ["anna", "ben", "cleo", "declined: too dear", "1.3 mS/cm", "Li3PO4 sigma <1E-10 S/cm (at or below)"] {
        #expect(log.output.contains(word), "\(word) in \(log.output)")
      }
      #expect(try Program.run(["campaign", "log", store, "--replay", "3"]).output.contains("identical"))
      let verified = try Program.run(["campaign", "verify", store, "--replay", "--json"])
      #expect(verified.status == 0 && verified.output.contains("\"sound\" : true"))
      let past = try Program.run(["campaign", "log", store, "--at", "2", "--rebuild", folder + "/past.campaign"])
      #expect(past.status == 0, "\(past.errors)")
      let dumps = try [store, folder + "/past.campaign"].map {
        try Program.run(["campaign", "log", $0, "--at", "2", "--dump", "-"]).output
      }
      #expect(dumps[0] == dumps[1] && !dumps[0].isEmpty)
    }
  }

  @Test func questionsAndFailuresHaveTheirStatus() throws {
    try withTemporaryFolder { folder in
      let store = try Self.begin(folder)
      #expect(try Program.run(["campaign", "observe", store, "--candidate", "Li6PS5Cl", "--value", "1.2e-3"]).status == 0)
      let asked = try Program.run(["campaign", "observe", store, "--candidate", "Li6PS5Cl", "--value", "1.2"])
      #expect(asked.status == 3 && asked.errors.contains("is the unit right?") && asked.errors.contains("mS/cm"))
      let other = try Program.run(["campaign", "observe", store, "--candidate", "Li6PS5Cl", "--value", "5e-3"])
      #expect(other.status == 3 && other.errors.contains("--repeat keeps both"))
      #expect(asked.errors.contains("give the unit with the value (campaign observe --unit, or a column unit)"))
      let unknown = try Program.run(["campaign", "observe", store, "--candidate", "Li6PS5Cm", "--value", "1e-3"])
      #expect(unknown.status == 3 && unknown.errors.contains("campaign observe --add makes it one"), "\(unknown.errors)")
      let absent = try Program.run(["campaign", "decide", store, "Li6PS5Cm", "declined"])
      #expect(absent.status == 3 && absent.errors.contains("campaign observe --add makes it one"), "\(absent.errors)")
      #expect(try Program.run(["campaign", "observe", store, "--candidate", "Li6PS5Cl", "--value", "1.2e-3"]).status == 0)
      #expect(try Program.run(["campaign", "observe", store, "--value", "1"]).status == 2)
      #expect(try Program.run(["campaign", "suggest", store, "--count", "0"]).status == 2)
      #expect(try Program.run(["campaign", "suggest", folder + "/nothing"]).status == 3)
      let foreign = folder + "/text"
      try FileContents.write(Data("plain text\n".utf8), to: foreign)
      let refused = try Program.run(["campaign", "status", foreign])
      #expect(refused.status == 3 && refused.errors.contains("is not a campaign store"))
      #expect(try Program.run(["campaign", "init", store, "-", "--objective", "max:x"], input: "formula\nLi3N\n").status == 3)
      #expect(try Program.run(["campaign", "verify", store, "--head", String(repeating: "a", count: 64)]).status == 3)
    }
  }

  /// Kills the program again and again while it records, two writers at a time: whatever it had acknowledged
  /// is there, nothing is half there, and the history stays sound.
  @Test func killingItLosesNothingAcknowledged() throws {
    try withTemporaryFolder { folder in
      let store = try Self.begin(folder)
      var generator = SeededGenerator(seed: 20)
      var acknowledged: [Int: String] = [:]
      var kills = 0
      var mid = 0
      var round = 0
      while kills < Self.kills {
        round += 1
        // Distinct values, so that none is taken for one handed in twice.
        let writers = try (0..<2).map { writer -> (Process, Pipe) in
          var rows = "formula,sigma,source\n"
          for i in 0..<400 { rows += "Li6PS5Br,\(1e-3 * (1 + 1e-9 * Double(round * 1000 + writer * 400 + i))),r\(round)w\(writer)i\(i)\n" }
          let file = folder + "/rows\(writer).csv"
          try FileContents.write(Data(rows.utf8), to: file)
          let process = Process()
          process.executableURL = Program.url
          process.arguments = ["campaign", "observe", store, file, "--each", "--repeat", "--quiet", "--who", "w\(writer)"]
          let pipe = Pipe()
          process.standardOutput = pipe
          process.standardError = FileHandle.nullDevice
          try process.run()
          return (process, pipe)
        }
        // In every other round from before the file is opened on; else at some moment after a first
        // acknowledgement, however busy the machine is.
        var early = Data()
        if round % 2 == 0 { early = writers[0].1.fileHandleForReading.availableData }
        usleep(UInt32(generator.index(below: round % 2 == 0 ? 60_000 : 150_000)))
        for (process, _) in writers {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
        for (writer, (process, pipe)) in writers.enumerated() {
          let data = (writer == 0 ? early : Data()) + pipe.fileHandleForReading.readDataToEndOfFile()
          // What follows the last end of line was cut off and acknowledges nothing.
          let lines = String(decoding: data[..<(data.lastIndex(of: 10) ?? data.startIndex)], as: UTF8.self).split(separator: "\n")
          process.waitUntilExit()
          if process.terminationReason == .uncaughtSignal, !lines.isEmpty { mid += 1 }
          for line in lines where line.hasPrefix("recorded observation ") {
            if let id = Int(line.dropFirst(21)) { acknowledged[id] = process.arguments?.last }
          }
        }
      }
      let opened = try CampaignStore(opening: store)
      let found = try opened.verify()
      #expect(found.isSound, "\(found.problems.prefix(3))")
      let state = try opened.snapshot()
      let there = Dictionary(uniqueKeysWithValues: state.observations.map { ($0.id, $0.who) })
      for (id, who) in acknowledged { #expect(there[id] == who, "observation \(id) was acknowledged and is gone") }
      // Every event holds exactly one observation: none is half there.
      #expect(state.observations.count == state.events.count { $0.kind == .observed })
      // The test is worth something only if kills fell into the recording.
      #expect(mid > kills / 4 && acknowledged.count > 100, "\(mid) of \(kills) kills fell into the recording")
      print("crash test: \(kills) kills, \(mid) while recording, \(acknowledged.count) acknowledged, \(state.observations.count) recorded, none lost")
    }
  }

  static let kills = 240
}
