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
  var width: Int {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init)
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return columns ?? 100
  }
}

/// Standard error.
enum Console {
  static func error(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// Prints one JSON document on standard output, keys sorted.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
