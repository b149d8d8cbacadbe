import ArgumentParser
import FileIO
import Modeling
import Reports
import Tables

struct FeaturizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "featurize", abstract: "Turn formulas into descriptors.",
    discussion: """
      Example:
        superionic featurize Datasets/landmark-electrolytes.csv --descriptors magpie -o descriptors.csv
      """)

  @Argument(help: "A CSV file with formulas; - reads standard input.", completion: .file())
  var input: String

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(help: "Descriptor sets, separated by commas: magpie, stoichiometry, valence, fractions, all of these, learned.")
  var descriptors = "magpie"

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply(output: output)
    let job = try FeaturizationJob(descriptors: descriptors, formulaColumn: formulaColumn)
    let table = try Table(reading: input).expandingFormulas(in: formulaColumn)
    let progress = ProgressReporter("featurizing", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    common.report(result.diagnostics)
    try FileContents.write(result.writer.data, to: output)
    if common.json {
      try printJSON(
        Summary(
          output: output, rows: table.rows.count, featurized: result.featurizedRows,
          descriptors: job.descriptors.labels.count))
    } else if output != FileContents.standardStream, !common.quiet {
      print(
        "\(result.featurizedRows) of \(table.rows.count) rows × \(job.descriptors.labels.count) descriptors, written to \(output)")
    }
    try common.enforceStrictness(result.diagnostics)
  }

  private struct Summary: Encodable {
    let output: String
    let rows: Int
    let featurized: Int
    let descriptors: Int
  }
}
