import ArgumentParser
import Modeling
import Screening

/// What `rank` and `report` share: what makes one candidate better than another.
struct RankingOptions: ParsableArguments {
  @OptionGroup var judgement: JudgementOptions

  @Option(
    name: .customLong("objective"),
    help: "max:NAME or min:NAME (repeatable: Pareto fronts). Default: maximise the first model.")
  var objectives: [String] = []

  @OptionGroup var exclusions: ExclusionOptions

  @Option(help: "Temperature in °C for models that know temperature. Default 25.")
  var temperature: Double?

  @Option(
    help: "Phases with formula and eV_per_atom for the stability hints, instead of the bundled table.",
    completion: .file())
  var phases: String?

  /// - Throws: `RankingError`.
  func job(models: [RankingJob.NamedModel]) throws -> RankingJob {
    var job = try RankingJob(
      models: models, objectives: objectives.map { try Objective(parsing: $0) },
      constraints: judgement.parsedConstraints(), rule: judgement.acquisition, excludedElements: exclusions.symbols)
    job.confidence = judgement.confidence
    job.temperature = temperature
    job.intervalLevel = judgement.interval
    return job
  }

  /// The model of `NAME=FILE`.
  /// - Throws: `RankingError.badModel`; `ModelingError`.
  static func namedModel(_ text: String) throws -> RankingJob.NamedModel {
    let (name, path) = try ModelFileOptions.nameAndPath(text)
    return .init(name: name, model: try PropertyModel(named: path))
  }
}
