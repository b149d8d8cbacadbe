import ArgumentParser
import FileIO
import Foundation
import LinearAlgebra
import Reports
import Tables

/// What every command understands.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print results only: no progress, no reports of rejected rows.")
  var quiet = false

  @Flag(help: "Print one JSON document on standard output instead of text.")
  var json = false

  @Flag(help: "Exit with status 1 when a row was rejected.")
  var strict = false

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  @Option(help: "Threads to use; all cores by default. Results do not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number of at least 1, not \(threads)") }
  }

  /// Applies what is global to the process; each command calls it first.
  func apply() {
    if let threads { Threads.limit = threads }
  }

  /// The same for a command that writes a file, which may be standard output unless that is for the JSON document.
  func apply(output: String?) throws {
    if json, output == FileContents.standardStream {
      throw ValidationError("--json and an output of - both take standard output; write the table to a file")
    }
    apply()
  }

  /// Reads tables and merges them; `-` is standard input.
  func readTables(_ paths: [String]) throws -> Table {
    try Table.merging(paths.map { try Table(reading: $0) })
  }

  /// Prints text for people, unless a JSON document was asked for.
  func say(_ text: String = "") {
    if !json { print(text) }
  }

  /// Reports rows that were left out or look wrong, and how many; at most the first hundred.
  func report(_ diagnostics: [Diagnostic]) {
    guard !quiet, !diagnostics.isEmpty else { return }
    let limit = 100
    for diagnostic in diagnostics.prefix(limit) { Console.error("\(diagnostic)") }
    if diagnostics.count > limit { Console.error("… and \(diagnostics.count - limit) more reports of this kind") }
  }

  /// Fails under `--strict` when a row was rejected; call it after results are written.
  func enforceStrictness(_ diagnostics: [Diagnostic]) throws {
    let rejected = diagnostics.count { $0.severity == .rejected }
    if strict, rejected > 0 { throw RowsRejected(count: rejected) }
  }

  /// Width of the terminal, or of a page where there is none.
  var width: Int { Terminal.output.width }

  /// Prints the lines of a report, unless a JSON document was asked for.
  func show(_ lines: [String]) {
    for line in Terminal.output.emphasising(lines) { say(line) }
  }
}

/// Standard error.
enum Console {
  static func error(_ text: String) {
    FileHandle.standardError.write(Data((Terminal.error.emphasising(report: text) + "\n").utf8))
  }
}

/// Prints one JSON document on standard output, keys sorted.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
