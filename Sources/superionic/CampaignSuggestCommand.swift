import ArgumentParser
import Campaigns
import Reports

extension BatchStrategy: ExpressibleByArgument {}

struct CampaignSuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest", abstract: "Ask what to make next, with reasons and what to weigh.",
    discussion: """
      Suggestions are recorded and stay pending until a result or a decision comes in; pending ones are taken into
      account by the next call.

      Example:
        superionic campaign suggest li.campaign --count 4 --per-family 2 --strategy fantasies
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Option(help: "How many.")
  var count = 1

  @Option(help: "The rule; search covers the pool until \(AcquisitionKind.coveredCount) are measured, and then goes for the best.")
  var acquisition = AcquisitionKind.search

  @Option(help: "How a batch is kept diverse.")
  var strategy = BatchStrategy.fantasies

  @Option(help: "At most so many of one family, or FAMILY=N for one (repeatable).")
  var perFamily: [String] = []

  @Option(help: "How strongly cost counts: 0 not at all, 1 for gain per cost.")
  var costExponent = 0.0

  @OptionGroup var economy: CampaignEconomyOptions

  @Option(help: "Grams of product to weigh precursors for.")
  var grams = 5.0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count takes a number of at least 1, not \(count)") }
    guard grams > 0 else { throw ValidationError("--grams takes a mass above 0, not \(grams)") }
    guard costExponent >= 0 else { throw ValidationError("--cost-exponent takes a number of at least 0") }
  }

  func run() throws {
    common.apply()
    var options = SuggestionOptions(
      acquisition: acquisition, count: count, strategy: strategy, costExponent: costExponent,
      experimentCost: economy.experimentCost, batchGrams: grams, seed: common.seed)
    for text in perFamily {
      let parts = text.split(separator: "=").map(String.init)
      if parts.count == 1, let limit = Int(parts[0]), limit >= 0 {
        options.familyLimit = limit
      } else if parts.count == 2, let limit = Int(parts[1]), limit >= 0 {
        options.familyLimits[parts[0]] = limit
      } else {
        throw CampaignError.badQuota(text)
      }
    }
    let (batch, event) = try place.open().suggest(options)
    if common.json {
      try printJSON(batch)
    } else {
      common.show(SuggestionReport(batch).lines(width: common.width))
      if !common.quiet { print("\nrecorded as event \(event.seq), hash \(event.hash)") }
    }
  }
}
