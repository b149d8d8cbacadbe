import ArgumentParser
import Modeling
import Reports

struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain", abstract: "Train the network behind the descriptor set learned.",
    discussion: """
      Writes the file that the program is built with, Models/formation-energy.safetensors; build again after it.

      Example:
        superionic pretrain formation_energy_train.csv --target eV_per_atom --epochs 60 \\
          -o Models/formation-energy.safetensors
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "Passes over the rows.")
  var epochs = 60

  @Option(name: .shortAndLong, help: "The file to write.")
  var output: String

  func run() throws {
    common.apply()
    guard epochs >= 1 else { throw ValidationError("--epochs must be at least 1") }
    let options = training.modelingOptions(seed: common.seed)
    let data = try Measurements(common.readTables(training.inputs), options: options)
    common.report(data.diagnostics)
    let progress = ProgressReporter("training", quiet: common.quiet)
    let archive = try PretrainingJob(epochs: epochs, seed: common.seed).run(on: data, options: options) {
      progress.report($0, of: $1)
    }
    try PretrainingJob.write(archive, to: output)
    try common.enforceStrictness(data.diagnostics)
  }
}
