import Foundation
import TestSupport
import Testing

/// What people see on a terminal, and what programs get.
@Suite struct TerminalCommandTests {
  /// Every command that runs, as the argument parser tells of them.
  static let commands: [[String]] = {
    struct Description: Decodable {
      struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?
      }
      struct Argument: Decodable {
        struct Name: Decodable { let name: String }
        let names: [Name]?
      }
      let command: Command
    }
    func leaves(_ command: Description.Command, _ path: [String]) -> [[String]] {
      let below = (command.subcommands ?? []).filter { $0.commandName != "help" }
      return (below.isEmpty ? [path] : []) + below.flatMap { leaves($0, path + [$0.commandName]) }
    }
    guard let outcome = try? Program.run(["--experimental-dump-help"]),
      let description = try? JSONDecoder().decode(Description.self, from: Data(outcome.output.utf8))
    else { return [] }
    return leaves(description.command, [])
  }()

  @Test func everyCommandTakesJSONAndQuiet() throws {
    #expect(Self.commands.count > 25)
    for command in Self.commands {
      let help = try Program.run(command + ["--help"])
      #expect(help.status == 0)
      for option in ["--json", "--quiet", "--threads"] { #expect(help.output.contains(option), "\(command) lacks \(option)") }
      #expect(help.output.contains("Example"), "\(command)")
    }
  }

  @Test func tablesFitTheWidth() throws {
    let formulas = ["Li6PS5Cl", "Li7La3Zr2O12", "Li10GeP2S12"]
    for width in [60, 90, 140] {
      let outcome = try Program.run(["window"] + formulas, environment: ["COLUMNS": "\(width)"])
      #expect(outcome.status == 0)
      let rows = outcome.output.split(separator: "\n").filter { line in formulas.contains { line.hasPrefix($0) } || line.hasPrefix("─") }
      #expect(!rows.isEmpty && rows.allSatisfy { $0.count <= width }, "\(width): \(outcome.output)")
    }
  }

  @Test func nothingButATerminalGetsColour() throws {
    let outcome = try Program.run(["window", "Li2S", "Li3PS4"])
    #expect(!outcome.output.contains("\u{1B}"))
    let wrong = try Program.run(["hull", "-", "-o", "-"], input: "formula\nQq\n")
    #expect(wrong.errors.contains("<standard input>:2") && !wrong.errors.contains("\u{1B}"))
  }

  @Test func aTableWithoutRowsIsNamed() throws {
    try withTemporaryFolder { folder in
      let empty = folder + "/empty.csv"
      try Data("formula,sigma,eV_per_atom\n".utf8).write(to: URL(fileURLWithPath: empty))
      for arguments in [
        ["train", empty, "--target", "sigma", "-o", folder + "/m"], ["hull", empty, empty, "-o", "-"],
        ["campaign", "init", folder + "/c", empty, "--objective", "max:other"],
      ] {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 3 && outcome.errors.contains("\(empty):1: there are no rows under the header"), "\(outcome)")
      }
      let bad = try Program.run(["train", "-", "--target", "sigma", "-o", folder + "/m"], input: "formula,sigma\nQq,1\n")
      #expect(bad.status == 3 && bad.errors.contains("<standard input>:2: column formula: unknown element"), "\(bad)")
    }
  }

  @Test func oneStreamCannotHoldTwoDocuments() throws {
    let outcome = try Program.run(["featurize", "-", "-o", "-", "--json"], input: "formula\nLi3N\n")
    #expect(outcome.status == 2 && outcome.output.isEmpty)
  }

  @Test func theManualPageHoldsEveryCommand() throws {
    let page = try Program.run(["manual"])
    #expect(page.status == 0 && page.output.hasPrefix(".\\\""))
    for command in Self.commands {
      #expect(page.output.contains("\n.SS \(command.joined(separator: " ").replacingOccurrences(of: "-", with: "\\-"))\n"), "\(command)")
    }
    #expect(try Program.run(["manual"]).output == page.output)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(shell: String) throws {
    let script = try Program.run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    for word in ["campaign", "screen", "experiment-cost", "serve"] { #expect(script.output.contains(word), "\(word)") }
  }

  @Test func aServerTellsItsAddressAndEndsOnASignal() throws {
    try withTemporaryFolder { folder in
      let store = try CampaignCommandTests.begin(folder)
      let refused = try Program.run(["serve", store, "--host", "0.0.0.0"])
      #expect(refused.status == 2 && refused.errors.contains("token"))
      #expect(try Program.run(["serve", folder + "/none"]).status == 3)
      let process = Process()
      process.executableURL = Program.url
      process.arguments = ["serve", store, "--port", "0", "--json"]
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      var text = ""
      while !text.contains("}") {
        let data = output.fileHandleForReading.availableData
        if data.isEmpty { break }
        text += String(decoding: data, as: UTF8.self)
      }
      let told = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
      #expect(told?["url"]?.hasPrefix("http://127.0.0.1:") == true, "\(text)")
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
