import ArgumentParser
import CampaignStore
import Campaigns
import Foundation
import Tables

struct CampaignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign", abstract: "Run an active-learning campaign: ask what to make next, tell what came out.",
    discussion: """
      A campaign is one file that several people and processes may use at once. Nothing in it is ever changed or
      deleted; every suggestion can be reproduced from the history.

      Example:
        superionic campaign init li.campaign Datasets/candidates.csv --objective max:conductivity_S_cm --log10 \\
          --unit S/cm --observations Datasets/landmark-electrolytes.csv --where temperature_C=20..30 --repeat
        superionic campaign suggest li.campaign --count 4
        superionic campaign observe li.campaign --candidate Li6PS5Br --value 2.4 --unit mS/cm
      """,
    subcommands: [
      CampaignInitCommand.self, CampaignSuggestCommand.self, CampaignObserveCommand.self, CampaignDecideCommand.self,
      CampaignStatusCommand.self, CampaignRankCommand.self, CampaignLogCommand.self, CampaignVerifyCommand.self,
      CampaignSimulateCommand.self,
    ])
}

/// The store, and who is at work.
struct CampaignStoreOptions: ParsableArguments {
  @Argument(help: "The campaign's file.", completion: .file())
  var store: String

  @Option(help: "Who is at work; the user's name by default.")
  var who: String?

  var actor: String { who ?? ProcessInfo.processInfo.environment["USER"] ?? NSUserName() }

  func open() throws -> Campaign { try Campaign(opening: store, actor: actor) }
}

/// What to read from tables, and what the surrogate sees of it.
struct CampaignTableOptions: ParsableArguments {
  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(name: .customLong("where"), help: "Only measurements with COLUMN=TEXT or COLUMN=LOW..HIGH (repeatable).")
  var filters: [String] = []

  @Option(help: "composition, names of descriptor sets, or both, separated by commas.")
  var descriptors = "composition,magpie"

  func filtered(_ table: Table) throws -> Table {
    try filters.reduce(table) { try RowFilter(parsing: $1).rows(of: $0) }
  }
}

/// What experiments cost.
struct CampaignEconomyOptions: ParsableArguments {
  @Option(help: "What an experiment has to gain to be worth it, in the units that are modelled.")
  var experimentCost = 0.05

  func validate() throws {
    guard experimentCost >= 0 else {
      throw ValidationError("--experiment-cost takes a number of at least 0, not \(experimentCost)")
    }
  }
}
