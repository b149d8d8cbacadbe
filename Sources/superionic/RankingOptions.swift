import ArgumentParser
import Modeling
import Screening

extension AcquisitionRule: ExpressibleByArgument {}

/// What `rank` and `report` share: what makes one candidate better than another.
struct RankingOptions: ParsableArguments {
  @Option(
    name: .customLong("objective"),
    help: "max:NAME or min:NAME (repeatable: Pareto fronts). Default: maximise the first model.")
  var objectives: [String] = []

  @Option(
    name: .customLong("constraint"),
    help: "NAME>=VALUE or NAME<=VALUE, in the units of the model (repeatable).")
  var constraints: [String] = []

  @Option(help: "Least probability of meeting all constraints.")
  var confidence = 0.5

  @Option(help: "mean, lcb (cautious), ucb (hopeful) or ei (log expected improvement on the best known).")
  var acquisition = AcquisitionRule.mean

  @Option(help: "Elements no candidate may hold, such as Ge,Cd.")
  var exclude = ""

  @Option(help: "Temperature in °C for models that know temperature. Default 25.")
  var temperature: Double?

  @Option(help: "Probability of the central interval.")
  var interval = 0.9

  @Option(help: "Phases with formula and eV_per_atom for the stability hints, instead of the bundled table.")
  var phases: String?

  func validate() throws {
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
    guard confidence >= 0, confidence <= 1 else {
      throw ValidationError("--confidence takes a probability, not \(confidence)")
    }
  }

  /// - Throws: `RankingError`.
  func job(models: [RankingJob.NamedModel]) throws -> RankingJob {
    var job = try RankingJob(
      models: models, objectives: objectives.map { try Objective(parsing: $0) },
      constraints: constraints.map { try Constraint(parsing: $0) }, rule: acquisition,
      excludedElements: exclude.split(separator: ",").map { $0.filter { !$0.isWhitespace } })
    job.confidence = confidence
    job.temperature = temperature
    job.intervalLevel = interval
    return job
  }

  /// The model of `NAME=FILE`.
  /// - Throws: `RankingError.badModel`; `ModelingError`.
  static func namedModel(_ text: String) throws -> RankingJob.NamedModel {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex, text.last != "=" else {
      throw RankingError.badModel(text)
    }
    let model = try PropertyModel(reading: String(text[text.index(after: equals)...]))
    return .init(name: String(text[..<equals]), model: model)
  }
}
