import ArgumentParser
import Campaigns
import CampaignStore

struct CampaignVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that nothing in the history was changed, removed or slipped in.",
    discussion: """
      Exit status 3 when something was. A hash noted down before also shows whether the end was cut off.

      Example:
        superionic campaign verify li.campaign --replay
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Option(help: "A hash that was noted down before.")
  var head: String?

  @Flag(help: "Also make every suggestion again and compare byte for byte.")
  var replay = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let campaign = try place.open()
    let found = try campaign.store.verify(head: head)
    var problems = found.problems
    var replayed = 0
    if replay, found.isSound {
      for event in try campaign.store.snapshot().events where event.kind == .suggested {
        do {
          _ = try campaign.reproduce(event: event.seq)
          replayed += 1
        } catch {
          problems.append("\(error)")
        }
      }
    }
    if common.json {
      try printJSON(
        Summary(sound: problems.isEmpty, events: found.events, rows: found.rows, head: found.head, replayed: replayed, problems: problems))
    } else if problems.isEmpty {
      print("sound: \(found.events) events, \(found.rows) rows\(replay ? ", \(replayed) suggestions made again" : "")")
      print("hash \(found.head)")
    }
    guard problems.isEmpty else {
      throw CampaignError.invalid("\(place.store): " + problems.joined(separator: "\n\(place.store): "))
    }
  }

  private struct Summary: Encodable {
    let sound: Bool
    let events: Int
    let rows: Int
    let head: String
    let replayed: Int
    let problems: [String]
  }
}
