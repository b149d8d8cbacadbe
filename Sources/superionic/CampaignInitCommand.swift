import ArgumentParser
import Campaigns
import Foundation
import Modeling
import Tables

extension Campaign.ComputedColumn: ExpressibleByArgument {}

struct CampaignInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Begin a campaign from a table of candidates and, if there are any, measurements.",
    discussion: """
      Objectives are properties that will be measured, or columns of the candidates. A floor and a goal, in the
      units that are modelled, say what is useless and what is wished for.

      Example:
        superionic campaign init li.campaign Datasets/candidates.csv --objective max:conductivity_S_cm:-6..-3 \\
          --log10 --unit S/cm --exclude Ge,In --compute window_V --constraint 'window_V>=0.2'
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Argument(help: "CSV files of candidates.", completion: .file())
  var candidates: [String]

  @Option(
    name: .customLong("objective"),
    help: "max:NAME or min:NAME, with :FLOOR..GOAL if wished (repeatable). The first is what single-objective rules look at.")
  var objectives: [String]

  @Flag(help: "Model log10 of the first objective.")
  var log10 = false

  @Option(help: "The unit of the first objective, such as S/cm.")
  var unit = ""

  @Option(name: .customLong("constraint"), help: "NAME>=VALUE or NAME<=VALUE on a column or a measured property (repeatable).")
  var constraints: [String] = []

  @OptionGroup var exclusions: ExclusionOptions

  @Option(help: "Columns to compute for every candidate (repeatable).")
  var compute: [Campaign.ComputedColumn] = []

  @OptionGroup var tables: CampaignTableOptions

  @Option(help: "A column of names; the formula is the name by default, and repeated compositions are merged.")
  var nameColumn: String?

  @Option(help: "The column of families, for quotas; family by default.")
  var familyColumn: String?

  @Option(name: .customLong("numeric-column"), help: "A column that the model sees besides the composition (repeatable).")
  var numericColumns: [String] = []

  @Option(help: "The column of what an experiment costs.")
  var costColumn: String?

  @Option(help: "A CSV list of precursors: formula, and if wished releases (such as CO2) and purity.", completion: .file())
  var precursors: String?

  @Option(help: "A CSV file of measurements to begin with; their compositions become candidates.", completion: .file())
  var observations: String?

  @Flag(name: .customLong("repeat"), help: "Keep several values of one candidate as repeats.")
  var keepsRepeats = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let table = try common.readTables(candidates)
    var digests = table.digests
    var goals: [CampaignObjective] = []
    for (index, text) in objectives.enumerated() {
      var objective = try CampaignObjective(parsing: text)
      objective.isKnown = table.columns.contains(objective.property)
        || compute.contains { $0.rawValue == objective.property }
      if index == 0 { (objective.log10, objective.unit) = (log10, unit) }
      goals.append(objective)
    }
    guard let main = goals.first, !main.isKnown else {
      throw ValidationError("the first --objective has to be measured, not a column of the candidates")
    }
    var list: [Precursor] = []
    var diagnostics: [Diagnostic] = []
    if let precursors {
      let shelf = try Table(reading: precursors)
      digests += shelf.digests
      let read = try Precursor.read(shelf)
      list = read.precursors
      diagnostics += read.diagnostics
    }
    var measured: [NewObservation] = []
    if let observations {
      var source = try Table(reading: observations)
      digests += source.digests
      source = try tables.filtered(source)
      let read = try NewObservation.read(source, candidateColumn: tables.formulaColumn, valueColumn: main.property)
      measured = read.observations
      diagnostics += read.diagnostics
    }
    let settings = CampaignSettings(
      version: SuperionicVersion.current, datasets: digests, seed: common.seed, objectives: goals,
      constraints: try constraints.map { try CampaignConstraint(parsing: $0) },
      excludedElements: exclusions.symbols, descriptors: tables.descriptors,
      numberColumns: numericColumns, costColumn: costColumn, precursors: list, computedColumns: compute.map(\.rawValue))
    let beginning = try Campaign.beginning(
      table, settings: settings, formulaColumn: tables.formulaColumn, nameColumn: nameColumn, familyColumn: familyColumn)
    diagnostics += beginning.diagnostics
    let campaign = try Campaign.create(at: place.store, beginning, actor: place.actor)
    var policy = IntakePolicy()
    policy.addsCandidates = true
    policy.keepsRepeats = keepsRepeats
    let report = measured.isEmpty ? Campaign.IntakeReport() : try campaign.observe(measured, policy: policy)
    diagnostics += report.refused.map { $0.diagnostic(\.asOptions) }
    common.report(diagnostics)
    let head = try campaign.store.verify().head
    if common.json {
      try printJSON(
        Summary(
          store: place.store, candidates: beginning.candidates.count + report.added.count,
          observations: report.recorded.count, head: head))
    } else if !common.quiet {
      print(
        "\(place.store): \(beginning.candidates.count + report.added.count) candidates (\(beginning.duplicates) repeats merged), \(report.recorded.count) measurements, \(report.known.count) handed in twice, \(diagnostics.count { $0.severity == .rejected }) rows refused"
      )
      print("hash \(head)")
    }
    try common.enforceStrictness(diagnostics)
  }

  private struct Summary: Encodable {
    let store: String
    let candidates: Int
    let observations: Int
    let head: String
  }
}
