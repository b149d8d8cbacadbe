import ArgumentParser
import FileIO
import Modeling
import Reports
import Tables

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Predict a property for every row of a table.",
    discussion: """
      Writes the input columns, then mean, std, lower and upper (with the prefix log10_ for a model of
      log10), domain (0 far outside the training data to 1 inside) and a note for rejected rows. A model of
      conductivities at several temperatures adds activation_energy_eV with its interval. --explain adds the
      reasons: the five nearest measured compositions with value, group (such as a DOI) and distance, and the
      effects that descriptor families have on the mean; effect_base and all effects sum to it. A network names
      the five compositions it listened to most, with its attention, and the effects of the elements.

      Examples, the first with the model that comes with the program:
        superionic predict conductivity Datasets/candidates.csv -o predicted.csv
        superionic predict conductivity.model Datasets/candidates.csv --temperature 60 -o predicted.csv
        superionic predict conductivity.model Datasets/candidates.csv --explain -o explained.csv
      """)

  @Argument(
    help: "A model file that `superionic train` wrote, or the name of a bundled model: conductivity.", completion: .file())
  var model: String

  @Argument(help: "A CSV file with formulas; - reads standard input.", completion: .file())
  var input: String

  @Option(help: "Temperature in °C for rows without one of their own, for models that know temperature. Default 25.")
  var temperature: Double?

  @Option(help: "Probability of the central interval.")
  var interval = 0.9

  @Flag(help: "Add reasons: nearest measured neighbours, and effects of descriptor families.")
  var explain = false

  @Option(
    parsing: .unconditional,
    help: "Add probability_below: of lying at or below this value, in the units that are modelled.")
  var classify: Double?

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
    if let temperature, !(temperature > -273.15 && temperature.isFinite) {
      throw ValidationError("--temperature takes °C above absolute zero, not \(temperature)")
    }
  }

  func run() throws {
    try common.apply(output: output)
    let propertyModel = try PropertyModel(named: model)
    if temperature != nil, propertyModel.options.temperatureColumn == nil {
      throw ValidationError(
        "--temperature was given, but \(model) was trained without --temperature-column; leave it out or train with one")
    }
    let table = try Table(reading: input).expandingFormulas(in: propertyModel.options.formulaColumn)
    let job = PredictionJob(model: propertyModel, temperature: temperature, intervalLevel: interval, explains: explain, threshold: classify)
    let progress = ProgressReporter("predicting", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    common.report(result.diagnostics)
    try FileContents.write(job.predictedTable(table, result).data, to: output)
    let predicted = result.rows.count { $0 != nil }
    if common.json {
      try printJSON(
        Summary(
          output: output, rows: result.rows.count, predicted: predicted,
          rejected: result.rows.count - predicted))
    } else if output != FileContents.standardStream, !common.quiet {
      print("\(predicted) of \(result.rows.count) rows predicted, written to \(output)")
    }
    try common.enforceStrictness(result.diagnostics)
  }

  private struct Summary: Encodable {
    let output: String
    let rows: Int
    let predicted: Int
    let rejected: Int
  }
}
