import Foundation

/// The manual page of a program, made from what its argument parser says of it (`--experimental-dump-help`).
///
/// Equal descriptions give equal bytes: no date is written. Options that all commands share stand once, at the end.
public struct ManualPage: Sendable {
  /// A command with its options and commands below it.
  struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable, Equatable {
    struct Name: Decodable, Equatable {
      let kind: String
      let name: String

      var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    let kind: String
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let discussion: String?
  }

  private struct Description: Decodable { let command: Command }

  private let root: Command
  private let version: String

  /// - Parameters:
  ///   - description: the JSON document of the argument parser.
  ///   - version: of the program, for the foot of the page.
  /// - Throws: `DecodingError` when it is not one.
  public init(describing description: Data, version: String) throws {
    root = try JSONDecoder().decode(Description.self, from: description).command
    self.version = version
  }

  /// Source for `man`, section 1.
  public var text: String {
    let name = root.commandName
    var lines = [
      #".\" Made by `\#(name) manual`; do not edit."#,
      ".TH \(name.uppercased()) 1 \"\" \"\(name) \(version)\" \"User Commands\"", ".SH NAME",
      "\(Self.escaped(name)) \\- \(Self.escaped(root.abstract ?? ""))", ".SH SYNOPSIS", ".B \(Self.escaped(name))",
      #"\fICOMMAND\fR [\fIargument\fR ...]"#, ".SH DESCRIPTION",
    ]
    lines += Self.prose(root.discussion)
    let commands = Self.leaves(root, path: [])
    let shared = Self.shared(commands.map(\.command))
    lines.append(".SH COMMANDS")
    for (path, command) in commands {
      lines.append(".SS \(Self.escaped(path.joined(separator: " ")))")
      lines += Self.prose(command.abstract)
      lines += [".PP", Self.synopsis(path, command, without: shared, program: name)]
      lines += Self.prose(command.discussion)
      for argument in Self.shown(command) where !shared.contains(argument) { lines += Self.entry(argument) }
    }
    lines.append(".SH COMMON OPTIONS")
    for argument in shared { lines += Self.entry(argument) }
    lines += [
      ".SH EXIT STATUS", ".TP", ".B 0", "done", ".TP", ".B 1", Self.escaped("rows were rejected under --strict"), ".TP",
      ".B 2", "wrong usage", ".TP", ".B 3", "unusable input", ".TP", ".B 4", "stopped; can be resumed",
      ".SH ENVIRONMENT", ".TP", ".B COLUMNS", "Width of tables, instead of that of the terminal.", ".TP", ".B NO_COLOR",
      "No colour when it holds anything; there is none either where output is not a terminal.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Commands that run, in order, with their paths.
  private static func leaves(_ command: Command, path: [String]) -> [(path: [String], command: Command)] {
    let below = (command.subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay != false }
    let own = path.isEmpty ? [] : [(path: path, command: command)]
    return own + below.flatMap { leaves($0, path: path + [$0.commandName]) }
  }

  private static func shown(_ command: Command) -> [Argument] {
    (command.arguments ?? []).filter { $0.shouldDisplay && $0.names?.contains { $0.name == "help" } != true }
  }

  /// Options that most commands share.
  private static func shared(_ commands: [Command]) -> [Argument] {
    var found: [Argument] = []
    for argument in commands.flatMap(shown) where argument.kind != "positional" && !found.contains(argument) {
      if 2 * commands.count(where: { ($0.arguments ?? []).contains(argument) }) > commands.count { found.append(argument) }
    }
    return found
  }

  private static func synopsis(_ path: [String], _ command: Command, without shared: [Argument], program: String) -> String {
    let parts = shown(command).filter { !shared.contains($0) }.map { argument -> String in
      let value = argument.valueName.map { "\\fI\(escaped($0))\\fR" } ?? ""
      let text =
        switch argument.kind {
        case "positional": value
        case "flag": escaped(argument.names?.first?.text ?? "")
        default: "\(escaped(argument.names?.first?.text ?? "")) \(value)"
        }
      return (argument.isOptional ? "[\(text)]" : text) + (argument.isRepeating ? " ..." : "")
    }
    // Spaces in a bold argument would end the macro's first word.
    let head = ".B \"\(escaped(([program] + path).joined(separator: " ")))\""
    return head + "\n" + (parts + ["[\\fIcommon options\\fR]"]).joined(separator: " ")
  }

  private static func entry(_ argument: Argument) -> [String] {
    let value = argument.valueName.map { "\\fI\(escaped($0))\\fR" } ?? ""
    let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
    var text = argument.abstract ?? ""
    if let values = argument.allValues, !values.isEmpty { text += " One of \(values.joined(separator: ", "))." }
    if let standard = argument.defaultValue { text += " Default: \(standard)." }
    let head = argument.kind == "positional" ? value : argument.kind == "flag" ? names : "\(names) \(value)"
    return [".TP", head, escaped(text.trimmingCharacters(in: .whitespaces))]
  }

  /// Paragraphs as they are, indented lines as examples.
  private static func prose(_ text: String?) -> [String] {
    guard let text, !text.isEmpty else { return [] }
    var lines = [".PP"]
    var isExample = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let indented = line.hasPrefix("  ")
      if indented != isExample, !line.isEmpty {
        lines.append(indented ? ".nf" : ".fi")
        isExample = indented
      }
      lines.append(line.isEmpty ? ".PP" : escaped(String(line)))
    }
    if isExample { lines.append(".fi") }
    return lines
  }

  private static func escaped(_ text: String) -> String {
    let safe = text.replacingOccurrences(of: "\\", with: "\\e").replacingOccurrences(of: "-", with: "\\-")
      .replacingOccurrences(of: "\n", with: " ")
    return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
  }
}
