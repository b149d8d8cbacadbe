import ArgumentParser
import Modeling
import Reports

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Learn a property from a table of measurements.",
    discussion: """
      Example:
        superionic train Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi -o conductivity.model
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "The model file to write.", completion: .file())
  var output: String

  func run() throws {
    common.apply()
    let options = training.modelingOptions(seed: common.seed)
    let data = try Measurements(common.readTables(training.inputs), options: options)
    common.report(data.diagnostics)
    if !common.quiet, data.count <= DataCheck.affordableRows {
      let report = DataCheckReport(DataCheck(data, options: options), unit: options.log10 ? "decades" : "units")
      Console.error("data: \(report.summary); `superionic check` shows them")
    }
    let progress = ProgressReporter(options.model == .auto ? "comparing models" : "training", quiet: common.quiet)
    let model = try PropertyModel(training: data, options: options) { progress.report($0, of: $1) }
    try model.write(to: output)
    if common.json {
      try printJSON(ModelDescription(model, file: output))
    } else if !common.quiet {
      common.show(ModelDescription(model, file: output).lines)
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
