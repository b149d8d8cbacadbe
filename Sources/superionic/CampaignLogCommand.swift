import ArgumentParser
import Campaigns
import CampaignStore
import FileIO
import Reports

struct CampaignLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Tell the history, replay a suggestion, or rebuild a past state.",
    discussion: """
      Example:
        superionic campaign log li.campaign
        superionic campaign log li.campaign --replay 3
        superionic campaign log li.campaign --at 2 --rebuild past.campaign
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Option(help: "Up to this event.")
  var at: Int?

  @Option(help: "Make the suggestion of this event again from the state before it, and compare byte for byte.")
  var replay: Int?

  @Option(help: "Write the state after --at as a store of its own.", completion: .file())
  var rebuild: String?

  @Option(help: "Write the state after --at as text, the same bytes always; - for standard output.", completion: .file())
  var dump: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let campaign = try place.open()
    if let replay {
      let batch = try campaign.reproduce(event: replay)
      if common.json {
        try printJSON(batch)
      } else {
        print("event \(replay), made again from the state after event \(replay - 1): identical")
        common.show(SuggestionReport(batch).lines(width: common.width))
      }
      return
    }
    if let rebuild {
      let copy = try campaign.store.rebuild(at: at, to: rebuild)
      let (events, head) = (try copy.head(), try copy.verify().head)
      if common.json {
        try printJSON(Copy(output: rebuild, events: events, head: head))
      } else if !common.quiet {
        print("\(rebuild): \(events) events, hash \(head)")
      }
      return
    }
    if let dump {
      try FileContents.write(try campaign.store.dump(at: at), to: dump)
      if common.json, dump != FileContents.standardStream {
        try printJSON(Copy(output: dump, events: at ?? campaign.store.head(), head: nil))
      }
      return
    }
    let history = CampaignHistoryReport(try campaign.store.snapshot(at: at))
    if common.json {
      try printJSON(history.entries)
    } else {
      common.show(history.lines)
    }
  }

  private struct Copy: Encodable {
    let output: String
    let events: Int
    /// The hash of the last event.
    let head: String?
  }
}
