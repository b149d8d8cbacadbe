import ArgumentParser
import Campaigns
import Reports

struct CampaignStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say where a campaign stands: best so far, what is pending, whether to go on.",
    discussion: """
      Example:
        superionic campaign status li.campaign --experiment-cost 0.1
      """)

  @OptionGroup var place: CampaignStoreOptions

  @OptionGroup var economy: CampaignEconomyOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let state = try place.open().state()
    // What a suggestion would say about going on, without recording one.
    let options = SuggestionOptions(experimentCost: economy.experimentCost, seed: common.seed)
    let advice = try? SuggestionJob(state: state, options: options).run().advice
    let report = CampaignStatus(state, advice: advice)
    if common.json {
      try printJSON(report)
    } else {
      common.show(report.lines(width: common.width))
    }
  }
}
