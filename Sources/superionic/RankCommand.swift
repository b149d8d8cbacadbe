import ArgumentParser
import FileIO
import Modeling
import Reports
import Screening
import Tables

struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Rank candidates by what models predict for them.",
    discussion: """
      Writes the best candidates with, for each model NAME, the columns NAME, NAME_std, NAME_lower, NAME_upper
      and NAME_domain; the nearest measured composition; and stability hints from a table of phase energies:
      what the candidate competes with, and the voltages between which those phases neither gain nor lose
      lithium.

      Example:
        superionic rank Datasets/candidates.csv --model conductivity=conductivity.model --exclude Ge,In \\
          --acquisition ei --top 20 -o ranking.csv
      """)

  @Argument(help: "A CSV file with formulas; - reads standard input.", completion: .file())
  var candidates: String

  @OptionGroup var files: ModelFileOptions

  @Option(help: "How many to keep; 0 keeps all.")
  var top = 20

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var ranking: RankingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard top >= 0 else { throw ValidationError("--top takes a number of at least 0, not \(top)") }
    guard !files.models.isEmpty else { throw ValidationError("--model is missing; give NAME=FILE, a model that train wrote") }
  }

  func run() throws {
    try common.apply(output: output)
    let job = try ranking.job(models: files.models.map(RankingOptions.namedModel))
    let table = try Table(reading: candidates).expandingFormulas(in: job.models[0].model.options.formulaColumn)
    let progress = ProgressReporter("ranking", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    common.report(result.diagnostics)
    let kept = top == 0 ? result.ranked[...] : result.ranked.prefix(top)
    let hints = try StabilityHints(phases: ranking.phases)
    let report = RankingReport(job: job, ranked: Array(kept), table: table, hints: hints)
    try FileContents.write(report.csv.data, to: output)
    if common.json {
      try printJSON(report.document(result, output: output))
    } else if output != FileContents.standardStream, !common.quiet {
      common.show(report.lines(width: common.width))
      print("\n\(report.footnote(result)), written to \(output)")
    }
    try common.enforceStrictness(result.diagnostics)
  }
}
