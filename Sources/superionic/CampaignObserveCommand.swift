import ArgumentParser
import CampaignStore
import Campaigns
import Foundation
import Tables

struct CampaignObserveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe", abstract: "Tell what came out.",
    discussion: """
      From a table, or one value. Handing in the same value twice does no harm. A second, different value, an
      unknown candidate and a value that is off by a thousand are asked about, and left out until answered.

      Example:
        superionic campaign observe li.campaign week3.csv --value-column conductivity_S_cm
        superionic campaign observe li.campaign --candidate Li6PS5Br --value 2.4 --unit mS/cm
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Argument(help: "A CSV file of measurements; - reads standard input.", completion: .file())
  var table: String?

  @Option(help: "A candidate, by name, formula or composition.")
  var candidate: String?

  @Option(help: "Its value, such as 2.4e-3 or <1E-10.")
  var value: String?

  @Option(help: "The unit of the values; rows with a unit of their own keep it.")
  var unit: String?

  @Option(help: "Which property; the first objective by default.")
  var property: String?

  @Option(help: "Known standard deviation, in the units that are modelled.")
  var noise: Double?

  @Option(help: "Where the value comes from, such as a DOI or a notebook page.")
  var source = ""

  @Option(help: "When it was measured.")
  var when = ""

  @Option(help: "The column of candidates.")
  var candidateColumn = "formula"

  @Option(help: "The column of values; the name of the property by default.")
  var valueColumn: String?

  @Flag(name: .customLong("repeat"), help: "Keep a second, different value as a repeat.")
  var keepsRepeats = false

  @Flag(help: "Let a second, different value correct the first.")
  var replace = false

  @Flag(help: "Make unknown compositions candidates.")
  var add = false

  @Flag(help: "Record and acknowledge row by row instead of all at once.")
  var each = false

  @Option(help: "Take back an observation, by number; --reason says why.")
  var retract: Int?

  @Option(help: "Why an observation is taken back.")
  var reason = ""

  @OptionGroup var common: CommonOptions

  func validate() throws {
    let isSingle = candidate != nil || value != nil
    if retract == nil {
      if isSingle == (table != nil) { throw ValidationError("give either a table or --candidate and --value") }
      if isSingle, candidate == nil || value == nil { throw ValidationError("--candidate and --value go together") }
    } else if reason.isEmpty {
      throw ValidationError("--retract needs a --reason")
    }
    if keepsRepeats && replace { throw ValidationError("--repeat and --replace exclude each other") }
    if let noise, !(noise >= 0 && noise.isFinite) { throw ValidationError("--noise takes a number of at least 0") }
  }

  func run() throws {
    common.apply()
    let campaign = try place.open()
    if let retract {
      let event = try campaign.retract(observation: retract, reason: reason)
      if common.json {
        try printJSON(["event": event.seq, "retracted": retract])
      } else if !common.quiet {
        print("observation \(retract) no longer counts; event \(event.seq)")
      }
      return
    }
    var policy = IntakePolicy()
    (policy.keepsRepeats, policy.replaces, policy.addsCandidates) = (keepsRepeats, replace, add)
    var (observations, diagnostics) = try handedIn(campaign)
    var recorded = 0
    var known = 0
    let steps = each ? observations.map { [$0] } : [observations]
    for step in steps where !step.isEmpty {
      var report = try campaign.observe(step, policy: policy)
      // On a terminal, a question is asked there and then.
      if isatty(STDIN_FILENO) == 1, !common.json, table != "-" {
        for (index, refused) in report.refused.enumerated().reversed() {
          guard case .sayUnit = refused.wayOut else { continue }
          Console.error("\(refused.problem) [y/N]")
          guard readLine()?.lowercased().hasPrefix("y") == true,
            let one = step.first(where: { $0.location == refused.location })
          else { continue }
          var trusting = policy
          trusting.trustsUnits = true
          let again = try campaign.observe([one], policy: trusting)
          report.recorded += again.recorded
          report.refused.remove(at: index)
          report.refused += again.refused
        }
      }
      recorded += report.recorded.count
      known += report.known.count
      diagnostics += report.refused.map { $0.diagnostic(\.asOptions) }
      if each, !common.json {
        for record in report.recorded { acknowledge("recorded observation \(record.id)") }
      }
    }
    common.report(diagnostics)
    if common.json {
      try printJSON(Summary(recorded: recorded, known: known, refused: diagnostics.count, questions: diagnostics.map(\.description)))
    } else if !common.quiet {
      print("\(recorded) recorded, \(known) known already, \(diagnostics.count) refused")
    }
    if table == nil, recorded + known == 0, !diagnostics.isEmpty {
      throw CampaignError.invalid("nothing was recorded; see above")
    }
    try common.enforceStrictness(diagnostics)
  }

  private func handedIn(_ campaign: Campaign) throws -> ([NewObservation], [Diagnostic]) {
    if let candidate, let value {
      return (
        [
          NewObservation(
            candidate: candidate, value: value, unit: unit, property: property, noise: noise, who: place.actor,
            measuredAt: when, source: source)
        ], []
      )
    }
    let rows = try Table(reading: table ?? "-")
    let main = try campaign.state().settings.objectives.first?.property ?? "value"
    let column = valueColumn ?? (rows.columns.contains(property ?? main) ? property ?? main : "value")
    var (observations, diagnostics) = try NewObservation.read(rows, candidateColumn: candidateColumn, valueColumn: column)
    for index in observations.indices {
      if observations[index].unit == nil { observations[index].unit = unit }
      if observations[index].property == nil { observations[index].property = property }
      if observations[index].source.isEmpty { observations[index].source = source }
      if observations[index].noise == nil { observations[index].noise = noise }
    }
    return (observations, diagnostics)
  }

  /// A line that is out before anything else happens.
  private func acknowledge(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  private struct Summary: Encodable {
    let recorded: Int
    let known: Int
    let refused: Int
    let questions: [String]
  }
}
