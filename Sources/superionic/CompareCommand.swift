import ArgumentParser
import Modeling
import Reports

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Cross-validate several models on the same folds, shuffled several times.",
    discussion: """
      Differences are taken row by row against the first model; their intervals come from drawing whole groups again.
      A model can have settings of its own, KIND:key=value:key=value, with the keys descriptors (sets joined by +), likelihood,
      bounds, intervals, method, noise, and learn=all|measured|room for the rows it learns from.

      Example:
        superionic compare Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --group-column doi --models composition-gp,boosting,ridge --clip -10
        superionic compare Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --group-column doi --models boosting,boosting:descriptors=magpie+lithium
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

  @Flag(help: "Score only rows within 10 °C of 25 °C, or of no temperature.")
  var scoreAtRoomTemperature = false

  @OptionGroup var common: CommonOptions

  private func variants() throws -> [ModelVariant] {
    try models.split(separator: ",").map { text in
      do { return try ModelVariant(parsing: String(text)) } catch { throw ValidationError("--models: \(error)") }
    }
  }

  func validate() throws {
    guard try !variants().isEmpty else { throw ValidationError("--models names no model") }
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
      of: data, options: options, models: variants(), shuffles: shuffles, folds: folds, intervalLevel: interval, clip: clip,
      atRoomTemperature: scoreAtRoomTemperature
    ) { progress.report($0, of: $1) }
    if common.json {
      try printJSON(comparison.lines)
    } else {
      print(
        "\(options.predictedName): \(data.count) rows (\(data.censoredCount) censored) in \(data.groupCount) groups, "
          + "\(folds) folds, \(shuffles) shuffles\n")
      common.show(ComparisonTable(comparison).lines(width: common.width))
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
