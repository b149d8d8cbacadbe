import ArgumentParser
import FileIO
import Modeling
import Regression
import Reports

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Score a trained model on measured rows that it has not seen.",
    discussion: """
      Target, unit and conditions are read as the model was trained. Rows that it was trained on flatter it; how many
      are all but known is said.

      Example:
        superionic train energies.csv --target eV_per_atom -o energies.model
        superionic score energies.model others.csv --classify 0.0
      """)

  @Argument(help: "A model file, or the name of a model that comes with the program.", completion: .file())
  var model: String

  @Argument(help: "CSV files with measured rows; - reads standard input.", completion: .file())
  var inputs: [String]

  @Option(help: "Probability of the central interval whose coverage is reported.")
  var interval = 0.9

  @Option(parsing: .unconditional, help: "Score the probability of a target of at most this as a classification, too.")
  var classify: Double?

  @Option(
    help: "A CSV file for the prediction of every row, beside what was measured; - for standard output.",
    completion: .file())
  var predictions: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
  }

  func run() throws {
    try common.apply(output: predictions)
    let model = try PropertyModel(named: model)
    var options = model.options
    // Groups keep folds apart, of which there are none.
    options.groupColumn = nil
    let data = try Measurements(common.readTables(inputs), options: options)
    common.report(data.diagnostics)
    let validation = try ModelValidation(scoring: model, on: data, intervalLevel: interval)
    let threshold = model.kind.isClassifier ? options.threshold : classify
    let classes = threshold.flatMap { validation.classification(of: data, below: $0) }
    if let predictions {
      try FileContents.write(HeldOutTable(validation, of: data, options: options).csv, to: predictions)
    }
    if common.json {
      try printJSON(ValidationDocument(validation, of: data, options: options, classification: classes))
    } else {
      print(
        "\(options.predictedName): \(data.count) rows (\(data.censoredCount) censored), \(model.kind.rawValue) "
          + "trained on \(model.provenance.rows) rows\n")
      let summary = ValidationSummary(validation, of: data)
      common.show(summary, classes: classes, threshold: threshold)
      print()
      common.show(summary.cautions(scrambledRSquared: nil))
    }
    try common.enforceStrictness(data.diagnostics)
  }
}

extension CommonOptions {
  /// Scores, errors by distance, and those of a classification where there is one.
  func show(_ summary: ValidationSummary, classes: ClassificationMetrics?, threshold: Double?) {
    show(summary.lines(width: width))
    print("\nError by distance from the training data:\n")
    show(summary.domainLines(width: width))
    print()
    show(summary.distanceLines(width: width))
    if let classes, let threshold {
      print("\nProbability of at most \(threshold):\n")
      show(ClassificationTable(classes).lines(width: width))
    }
  }
}
