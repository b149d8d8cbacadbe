import ArgumentParser
import Chemistry
import FileIO
import Modeling
import Reports
import Screening
import Tables

struct SubstituteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "substitute", abstract: "Make candidates by substitution on known hosts.",
    discussion: """
      Exchanges ions of like size and like or neighbouring charge, with lithium to balance, and leaves out what
      is already among the hosts, radioactive or most toxic. Writes formula, host and substitution.

      Example:
        superionic substitute Datasets/landmark-electrolytes.csv --limit 1000 -o candidates.csv
      """)

  @Argument(help: "A CSV file with the formulas of hosts; - reads standard input.", completion: .file())
  var hosts: String

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @OptionGroup var exclusions: ExclusionOptions

  @Option(help: "How many to keep, spread over the hosts; 0 keeps all.")
  var limit = 0

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit takes a number of at least 0, not \(limit)") }
  }

  func run() throws {
    try common.apply(output: output)
    let table = try Table(reading: hosts)
    let reader = try SampleReader(SampleColumns(formula: formulaColumn), in: table, requiringAll: true)
    var diagnostics: [Diagnostic] = []
    var known: [(formula: String, composition: Composition)] = []
    for row in table.rows {
      do throws(Diagnostic) {
        let sample = try reader.sample(in: row)
        known.append((sample.formula, sample.composition))
      } catch {
        diagnostics.append(error)
      }
    }
    common.report(diagnostics)
    var space = SubstitutionSpace()
    for symbol in exclusions.symbols {
      guard let element = Element(symbol) else { throw RankingError.unknownElement(symbol) }
      space.excluded.insert(element)
    }
    let all = space.candidates(from: known)
    let kept = limit == 0 ? all[...] : all.prefix(limit)
    var writer = CSVWriter(columns: ["formula", "host", "substitution"])
    for candidate in kept {
      writer.append([candidate.composition.formula, candidate.host, candidate.substitution])
    }
    try FileContents.write(writer.data, to: output)
    if common.json {
      try printJSON(Summary(output: output, hosts: known.count, candidates: all.count, written: kept.count))
    } else if output != FileContents.standardStream, !common.quiet {
      print("\(kept.count) of \(all.count) candidates from \(known.count) hosts, written to \(output)")
    }
    try common.enforceStrictness(diagnostics)
  }

  private struct Summary: Encodable {
    let output: String
    let hosts: Int
    let candidates: Int
    let written: Int
  }
}
