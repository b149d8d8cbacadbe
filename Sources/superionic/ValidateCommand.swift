import ArgumentParser
import Modeling
import Reports

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Cross-validate a model; folds never split a group.",
    discussion: """
      Example:
        superionic validate Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi --model gp
      """)

  @OptionGroup var training: TrainingOptions

  @Option(help: "Number of folds.")
  var folds = 5

  @Option(help: "Probability of the central interval whose coverage is reported.")
  var interval = 0.9

  @Flag(help: "Do not validate a second time with targets exchanged at random.")
  var skipScrambling = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
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
    let progress = ProgressReporter("validating \(options.model.rawValue)", quiet: common.quiet)
    let validation = try ModelValidation(of: data, options: options, folds: folds, intervalLevel: interval) {
      progress.report($0, of: $1)
    }
    let scrambled =
      skipScrambling ? nil : try ModelValidation.scrambledRSquared(of: data, options: options, folds: folds)
    if common.json {
      try printJSON(
        ValidationDocument(validation, of: data, options: options, scrambledRSquared: scrambled))
    } else {
      let summary = ValidationSummary(validation, of: data)
      print(
        "\(options.predictedName): \(data.count) rows (\(data.censoredCount) censored) in \(data.groupCount) groups, "
          + "\(options.model.rawValue) on \(options.descriptorsInUse), seed \(options.seed)\n")
      common.show(summary.lines(width: common.width))
      print("\nError by distance from the training data:\n")
      common.show(summary.domainLines(width: common.width))
      print()
      common.show(summary.distanceLines(width: common.width))
      print()
      common.show(summary.cautions(scrambledRSquared: scrambled))
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
