import ArgumentParser
import CompositionNetworks
import Modeling
import Reports

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Learn a property from a table of measurements.",
    discussion: """
      Example:
        superionic train Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi -o conductivity.model
        superionic train formation_energy_train.csv --target eV_per_atom --budget 15m --checkpoint energies.checkpoint \\
          -o energies.model
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "The model file to write.", completion: .file())
  var output: String

  @Option(
    help: """
      Keep the state of a network's training in this file, and go on from it where it is there, to the same bytes; \
      removed when the model is written.
      """, completion: .file())
  var checkpoint: String?

  func run() throws {
    common.apply()
    let options = training.modelingOptions(seed: common.seed)
    let data = try Measurements(common.readTables(training.inputs), options: options)
    common.report(data.diagnostics)
    if !common.quiet, data.count <= DataCheck.affordableRows {
      let report = DataCheckReport(DataCheck(data, options: options), unit: options.log10 ? "decades" : "units")
      Console.error("data: \(report.summary); `superionic check` shows them")
    }
    let progress = ProgressReporter(
      options.model == .auto && !data.usesNetwork(options) ? "comparing models" : "training", quiet: common.quiet)
    // A network stops after the epoch and keeps the best so far; other models end at once.
    if data.usesNetwork(options) { Interruption.install() }
    let place = checkpoint.map { TrainingCheckpoint(path: $0) }
    var isFirst = true
    let model = try PropertyModel(training: data, options: options, checkpoint: place) { step in
      if isFirst, place != nil, step.loss != nil { progress.earlier = step.done - 1 }
      isFirst = false
      progress.report(step.done, of: step.total, note: step.note)
      return !Interruption.isRequested
    }
    try model.write(to: output)
    if Interruption.isRequested {
      let next = checkpoint.map { "; the same command goes on from \($0)" } ?? ""
      if !common.quiet { Console.error("stopped early; the model is the best so far\(next)") }
    } else {
      place?.remove()
    }
    if common.json {
      try printJSON(ModelDescription(model, file: output))
    } else if !common.quiet {
      common.show(ModelDescription(model, file: output).lines)
    }
    try common.enforceStrictness(data.diagnostics)
  }
}
