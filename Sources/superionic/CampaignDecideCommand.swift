import ArgumentParser
import CampaignStore
import Campaigns

extension DecisionRecord.Verdict: ExpressibleByArgument {}

struct CampaignDecideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Say what becomes of a candidate: accepted, declined, failed, reopened.",
    discussion: """
      Example:
        superionic campaign decide li.campaign Li10GeP2S12 declined --reason "germanium is too dear"
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Argument(help: "The candidate, by name, formula or composition.")
  var candidate: String

  @Argument(help: "accepted, declined, failed or reopened.")
  var verdict: DecisionRecord.Verdict

  @Option(help: "Why.")
  var reason = ""

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if verdict == .retracted { throw ValidationError("observations are taken back with `campaign observe --retract`") }
  }

  func run() throws {
    common.apply()
    let event = try place.open().decide(verdict, candidate: candidate, reason: reason)
    if common.json {
      try printJSON(["event": event.seq])
    } else if !common.quiet {
      print("\(candidate) \(verdict.rawValue); event \(event.seq)")
    }
  }
}
