import ArgumentParser
import Campaigns
import FileIO
import Reports

struct CampaignRankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Order all candidates by all objectives: Pareto fronts, desirability, chance of success.",
    discussion: """
      Writes for every candidate the mean and deviation of each objective, its Pareto front, the hypervolume it is
      expected to add, its desirability and the probability of meeting all goals and constraints.

      Example:
        superionic campaign rank li.campaign -o ranking.csv
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @Option(help: "How many to print.")
  var top = 10

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply(output: output)
    let state = try place.open().state()
    let ranking = try CampaignRanking(state)
    try FileContents.write(ranking.csv(state).data, to: output)
    if common.json {
      try printJSON(Summary(output: output, candidates: ranking.rows.count, hypervolume: ranking.hypervolume))
    } else if output != FileContents.standardStream, !common.quiet {
      common.show(CampaignStatus.lines(ranking, state, top: top, width: common.width))
      print("\nhypervolume of what is measured \(ranking.hypervolume.fixed(4)); \(ranking.rows.count) candidates, written to \(output)")
    }
  }

  private struct Summary: Encodable {
    let output: String
    let candidates: Int
    let hypervolume: Double
  }
}
