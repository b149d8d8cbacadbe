import ArgumentParser
import FileIO
import Modeling
import Reports
import Tables

struct FeaturizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "featurize", abstract: "Turn formulas into descriptors.",
    discussion: """
      superionic descriptors lists the sets. Values that the sources lack are imputed, and the note says for
      which elements. Further columns join the vector as they do in train: an unknown number is the mean of the
      others, with a column that says so; names become a column each.

      Example:
        superionic featurize Datasets/landmark-electrolytes.csv --descriptors magpie -o descriptors.csv
      """)

  @Argument(help: "A CSV file with formulas; - reads standard input.", completion: .file())
  var input: String

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(help: "Descriptor sets, separated by commas: those that `superionic descriptors` lists, all of these, learned.")
  var descriptors = "magpie"

  @Option(name: .customLong("numeric-column"), help: "A further column of numbers (repeatable).")
  var numericColumns: [String] = []

  @Option(name: .customLong("category-column"), help: "A further column of names (repeatable).")
  var categoryColumns: [String] = []

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply(output: output)
    let job = try FeaturizationJob(
      descriptors: descriptors, formulaColumn: formulaColumn, numericColumns: numericColumns,
      categoryColumns: categoryColumns)
    let table = try Table(reading: input).expandingFormulas(in: formulaColumn)
    let progress = ProgressReporter("featurizing", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    common.report(result.diagnostics)
    try FileContents.write(result.writer.data, to: output)
    if common.json {
      try printJSON(
        Summary(
          output: output, rows: table.rows.count, featurized: result.featurizedRows,
          descriptors: result.labels.count))
    } else if output != FileContents.standardStream, !common.quiet {
      print(
        "\(result.featurizedRows) of \(table.rows.count) rows × \(result.labels.count) descriptors, written to \(output)")
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
