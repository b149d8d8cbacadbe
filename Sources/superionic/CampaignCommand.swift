import ArgumentParser

struct CampaignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign", abstract: "Run an active-learning campaign: ask what to make next, tell what came out.",
    discussion: """
      Example:
        superionic campaign simulate Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --where temperature_C=20..30 --seeds 4
      """,
    subcommands: [CampaignSimulateCommand.self])
}
