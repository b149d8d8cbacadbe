import ArgumentParser
import FileIO
import Foundation
import Modeling
import Reports

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Cross-validate a model; folds never split a group.",
    discussion: """
      Example:
        superionic validate Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi --model gp
        superionic validate Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi --leave-out-column family
        superionic validate energies.csv --target eV_per_atom --model classifier --classify 0.0
      """)

  @OptionGroup var training: TrainingOptions

  @Option(help: "Number of folds.")
  var folds = 5

  @Option(help: "Probability of the central interval whose coverage is reported.")
  var interval = 0.9

  @Flag(help: "Do not validate a second time with targets exchanged at random.")
  var skipScrambling = false

  @Option(
    help: "A CSV file for the held-out prediction of every row, beside what was measured; - for standard output.",
    completion: .file())
  var predictions: String?

  @Flag(help: "Show how much worse predictions become when a descriptor family is exchanged among rows.")
  var importance = false

  @Option(help: "Leave out one value of this column after the other, such as each family, instead of folds of groups.")
  var leaveOutColumn: String?

  @Option(help: "A folder for SVG charts: parity, residuals, calibration, error against domain score.", completion: .directory)
  var charts: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard folds >= 2 else { throw ValidationError("--folds takes a number of at least 2, not \(folds)") }
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
  }

  func run() throws {
    try common.apply(output: predictions)
    let options = training.modelingOptions(seed: common.seed)
    let table = try common.readTables(training.inputs)
    let data = try Measurements(table, options: options, stratumColumn: leaveOutColumn)
    common.report(data.diagnostics)
    let progress = ProgressReporter("validating \(options.model.rawValue)", quiet: common.quiet)
    let validation: ModelValidation
    if leaveOutColumn != nil {
      validation = try ModelValidation(leavingOutStrataOf: data, options: options, intervalLevel: interval) {
        progress.report($0, of: $1)
      }
    } else {
      validation = try ModelValidation(of: data, options: options, folds: folds, intervalLevel: interval) {
        progress.report($0, of: $1)
      }
    }
    let classes = training.classify.flatMap { validation.classification(of: data, below: $0) }
    if let predictions { try FileContents.write(HeldOutTable(validation, of: data, options: options).csv, to: predictions) }
    if let charts {
      let section = ValidationSection(validation, of: data, options: options, families: try RowFamilies(data, table: table))
      for chart in section.charts { try FileContents.write(Data(chart.svg.utf8), to: charts + "/" + chart.name) }
    }
    let scrambled =
      skipScrambling || leaveOutColumn != nil ? nil : try ModelValidation.scrambledRSquared(of: data, options: options, folds: folds)
    let families =
      importance ? try PermutationImportance(of: data, options: options, folds: folds).lines : nil
    if common.json {
      try printJSON(
        ValidationDocument(
          validation, of: data, options: options, scrambledRSquared: scrambled, importance: families,
          classification: classes))
    } else {
      print(
        "\(options.predictedName): \(data.count) rows (\(data.censoredCount) censored) in \(data.groupCount) groups, "
          + "\(options.model.rawValue) on \(options.descriptorsInUse), seed \(options.seed)\n")
      let summary = ValidationSummary(validation, of: data)
      common.show(summary, classes: classes, threshold: training.classify)
      if let families {
        print("\nRise of the error when a family's columns are exchanged among held-out rows:\n")
        common.show(ImportanceTable(families).lines(width: common.width))
      }
      print()
      common.show(summary.cautions(scrambledRSquared: scrambled))
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
