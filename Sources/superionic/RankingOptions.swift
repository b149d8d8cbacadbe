import ArgumentParser
import Modeling
import Screening

/// What `rank` and `report` share beside the judgement: what is sought, and where.
struct RankingOptions: ParsableArguments {
  @Option(
    name: .customLong("objective"),
    help: "max:NAME or min:NAME (repeatable: Pareto fronts). Default: maximise the first model.")
  var objectives: [String] = []

  @OptionGroup var exclusions: ExclusionOptions

  @Option(help: "Temperature in °C for models that know temperature. Default 25.")
  var temperature: Double?

  @Option(help: "Phases with formula and eV_per_atom for the stability hints, instead of the bundled table.", completion: .file())
  var phases: String?

  /// - Throws: `RankingError`.
  func job(models: [RankingJob.NamedModel], judgement: JudgementOptions) throws -> RankingJob {
    var job = try RankingJob(
      models: models, objectives: objectives.map { try Objective(parsing: $0) },
      constraints: judgement.parsedConstraints(), rule: judgement.acquisition, excludedElements: exclusions.symbols)
    job.confidence = judgement.confidence
    job.temperature = temperature
    job.intervalLevel = judgement.interval
    return job
  }
}

extension JudgementOptions {
  /// The models of their files. - Throws: as `modelFiles`; `ModelingError`.
  func namedModels() throws -> [RankingJob.NamedModel] {
    try modelFiles().map { RankingJob.NamedModel(name: $0.name, model: try PropertyModel(reading: $0.path)) }
  }
}
