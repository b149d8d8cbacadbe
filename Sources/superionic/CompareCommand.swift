import ArgumentParser
import Modeling
import Reports

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Cross-validate several models on the same folds, shuffled several times.",
    discussion: """
      Differences are taken row by row against the first model; their intervals come from drawing whole groups again.

      Example:
        superionic compare Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --group-column doi --models composition-gp,boosting,ridge --clip -10
      """)

  @OptionGroup var training: TrainingOptions

  @Option(help: "The models, separated by commas; --model is not used.")
  var models = "composition-gp,gp,extra-trees,boosting,ridge"

  @Option(help: "How often folds are made anew.")
  var shuffles = 3

  @Option(help: "Number of folds.")
  var folds = 5

  @Option(help: "Probability of the central interval whose coverage is reported.")
  var interval = 0.9

  @Option(
    parsing: .unconditional,
    help: "Also give errors of targets and predictions raised to this value, in the units that are modelled.")
  var clip: Double?

  @OptionGroup var common: CommonOptions

  private var kinds: [ModelKind?] { models.split(separator: ",").map { ModelKind(rawValue: String($0)) } }

  func validate() throws {
    guard !kinds.isEmpty, kinds.allSatisfy({ $0 != nil }) else {
      let names = ModelKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--models takes names out of \(names), not \"\(models)\"")
    }
    guard shuffles >= 1 else { throw ValidationError("--shuffles takes a number of at least 1, not \(shuffles)") }
    guard folds >= 2 else { throw ValidationError("--folds takes a number of at least 2, not \(folds)") }
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
  }

  func run() throws {
    common.apply()
    let options = training.modelingOptions(seed: common.seed)
    let data = try Measurements(common.readTables(training.inputs), options: options)
    common.report(data.diagnostics)
    let progress = ProgressReporter("comparing", quiet: common.quiet)
    let comparison = try ModelComparison(
      of: data, options: options, models: kinds.compactMap { $0 }, shuffles: shuffles, folds: folds,
      intervalLevel: interval, clip: clip
    ) { progress.report($0, of: $1) }
    if common.json {
      try printJSON(comparison.lines)
    } else {
      print(
        "\(options.predictedName): \(data.count) rows (\(data.censoredCount) censored) in \(data.groupCount) groups, "
          + "\(folds) folds, \(shuffles) shuffles\n")
      common.show(ComparisonTable(comparison).lines(width: max(130, common.width)))
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
