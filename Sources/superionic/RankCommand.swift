import ArgumentParser
import FileIO
import Modeling
import Reports
import Screening
import Stability
import Tables

extension AcquisitionRule: ExpressibleByArgument {}

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

  @Argument(help: "A CSV file with formulas; - reads standard input.")
  var candidates: String

  @Option(name: .customLong("model"), help: "A model under a name of your choice, NAME=FILE (repeatable).")
  var models: [String]

  @Option(
    name: .customLong("objective"),
    help: "max:NAME or min:NAME (repeatable: Pareto fronts). Default: maximise the first model.")
  var objectives: [String] = []

  @Option(
    name: .customLong("constraint"),
    help: "NAME>=VALUE or NAME<=VALUE, in the units of the model (repeatable).")
  var constraints: [String] = []

  @Option(help: "Least probability of meeting all constraints.")
  var confidence = 0.5

  @Option(help: "mean, lcb (cautious), ucb (hopeful) or ei (log expected improvement on the best known).")
  var acquisition = AcquisitionRule.mean

  @Option(help: "Elements no candidate may hold, such as Ge,Cd.")
  var exclude = ""

  @Option(help: "How many to keep; 0 keeps all.")
  var top = 20

  @Option(help: "Temperature in °C for models that know temperature. Default 25.")
  var temperature: Double?

  @Option(help: "Probability of the central interval.")
  var interval = 0.9

  @Option(help: "Phases with formula and eV_per_atom for the stability hints, instead of the bundled table.")
  var phases: String?

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.")
  var output: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard top >= 0 else { throw ValidationError("--top takes a number of at least 0, not \(top)") }
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
    guard confidence >= 0, confidence <= 1 else {
      throw ValidationError("--confidence takes a probability, not \(confidence)")
    }
  }

  func run() throws {
    common.apply()
    let job = try rankingJob()
    let table = try Table(reading: candidates).expandingFormulas(in: job.models[0].model.options.formulaColumn)
    let progress = ProgressReporter("ranking", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    common.report(result.diagnostics)
    let kept = top == 0 ? result.ranked[...] : result.ranked.prefix(top)
    let hints = try StabilityHints(phases: phases)
    let report = RankingReport(job: job, ranked: Array(kept), table: table, hints: hints)
    try FileContents.write(report.csv.data, to: output)
    if common.json {
      try printJSON(report.document(result, output: output))
    } else if output != FileContents.standardStream, !common.quiet {
      for line in report.lines(width: common.width) { print(line) }
      print("\n\(report.footnote(result)), written to \(output)")
    }
    try common.enforceStrictness(result.diagnostics)
  }

  private func rankingJob() throws -> RankingJob {
    var named: [RankingJob.NamedModel] = []
    for text in models {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex, text.last != "=" else {
        throw RankingError.badModel(text)
      }
      let model = try PropertyModel(reading: String(text[text.index(after: equals)...]))
      named.append(.init(name: String(text[..<equals]), model: model))
    }
    var job = try RankingJob(
      models: named, objectives: objectives.map { try Objective(parsing: $0) },
      constraints: constraints.map { try Constraint(parsing: $0) }, rule: acquisition,
      excludedElements: exclude.split(separator: ",").map { $0.filter { !$0.isWhitespace } })
    job.confidence = confidence
    job.temperature = temperature
    job.intervalLevel = interval
    return job
  }
}
