import ActiveLearning
import Campaigns
import Foundation
import Reports
import Tables
import TestSupport
import Testing

struct CampaignSectionTests {
  /// One paragraph says what to do, what there is to gain, and how sure the best is, in the units that are modelled.
  @Test(arguments: [
    (3, "Go on: some 3 or more further experiments are worth 0.05 decades each. The next one"),
    (2, "Go on: some 2 further experiments are worth 0.05 decades each. The next one"),
    (0, "Stop: no number of further experiments is expected to gain 0.05 decades each. The next one"),
  ])
  func adviceIsOneParagraph(worthwhile: Int, beginning: String) throws {
    let advice = try JSONDecoder().decode(
      StoppingAdvice.self,
      from: Data(
        #"""
        {"remainingGain": 0.7501, "gainCurve": [0.25, 0.4, 0.45], "doneProbability": 0.031, "tolerance": 0.5, "worthwhile": \#(worthwhile),
         "costPerExperiment": 0.05}
        """#.utf8))
    try withTemporaryFolder { folder in
      let settings = CampaignSettings(
        version: "test", datasets: [], seed: 0, objectives: [CampaignObjective(property: "sigma", unit: "S/cm", log10: true)],
        descriptors: "composition")
      let table = try Table(parsing: Data("formula\nLi3N\nLi6PS5Cl\n".utf8), file: "pool.csv")
      let campaign = try Campaign.create(at: folder + "/a.campaign", Campaign.beginning(table, settings: settings), actor: "anna")
      _ = try campaign.observe([NewObservation(candidate: "Li3N", value: "1e-3")])
      let state = try campaign.state()
      let section = CampaignSection(state, status: CampaignStatus(state, advice: advice)).section
      let notices = section.blocks.compactMap { block -> String? in if case .notice(let text) = block { text } else { nil } }
      #expect(notices.count == 1)
      let text = try #require(notices.first)
      #expect(text.hasPrefix(beginning), "\(text)")
      for part in ["by 0.250 decades, the next 3 together by 0.450", "open by 0.750", "Within the scatter of a repeat, 0.50 decades", "probability of 3%."] {
        #expect(text.contains(part), "\(part) in \(text)")
      }
      let none = CampaignSection(state, status: CampaignStatus(state, advice: nil)).section
      #expect(!none.blocks.contains { if case .notice = $0 { true } else { false } })
    }
  }
}
