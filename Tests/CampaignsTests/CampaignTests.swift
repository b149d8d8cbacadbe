import CampaignStore
import Campaigns
import Foundation
import Tables
import TestSupport
import Testing

@Suite struct CampaignTests {
  static let pool = """
    formula,family,cost
    Li6PS5Cl,argyrodite,1
    Li6PS5Br,argyrodite,1
    Li6PS5I,argyrodite,1
    Li5.5PS4.5Cl1.5,argyrodite,1
    Li10GeP2S12,LGPS,9
    Li10SnP2S12,LGPS,4
    Li10SiP2S12,LGPS,3
    Li7La3Zr2O12,garnet,2
    Li6.5La3Zr1.5Ta0.5O12,garnet,2
    Li6.4Al0.2La3Zr2O12,garnet,2
    Li1.3Al0.3Ti1.7(PO4)3,NASICON,1
    LiTi2(PO4)3,NASICON,1
    Li1.5Al0.5Ge1.5(PO4)3,NASICON,5
    Li3PS4,thio-LISICON,1
    Li4GeS4,thio-LISICON,6
    Li3YCl6,halide,2
    Li3InCl6,halide,7
    Li3N,nitride,1
    Li2O,oxide,1
    Li3PO4,oxide,1
    """

  static func make(
    _ folder: String, objectives: [CampaignObjective]? = nil, constraints: [String] = [], excluding: [String] = []
  ) throws -> Campaign {
    let goals =
      objectives ?? [CampaignObjective(property: "sigma", unit: "S/cm", log10: true, floor: -6, goal: -3)]
    let settings = CampaignSettings(
      version: "test", datasets: [], seed: 0, objectives: goals,
      constraints: try constraints.map { try CampaignConstraint(parsing: $0) }, excludedElements: excluding,
      descriptors: "composition", costColumn: "cost")
    let table = try Table(parsing: Data(Self.pool.utf8), file: "pool.csv")
    return try Campaign.create(at: folder + "/a.campaign", Campaign.beginning(table, settings: settings), actor: "anna")
  }

  /// Answers to measure in tests; no claim about the materials.
  static func answer(_ name: String) -> Double {
    let base: Double =
      name.contains("PS5") || name.contains("PS4.5") ? 1e-3 : name.contains("P2S12") ? 5e-3 : name.contains("La3") ? 3e-4 : 1e-7
    return base * (1 + 0.01 * Double(name.utf8.reduce(0) { ($0 + Int($1)) % 7 }))
  }

  static func observe(_ campaign: Campaign, _ names: [String]) throws {
    let report = try campaign.observe(names.map { NewObservation(candidate: $0, value: "\(answer($0))") })
    #expect(report.recorded.count == names.count, "\(report.refused)")
  }

  static let start = ["Li6PS5Cl", "Li7La3Zr2O12", "Li3N", "LiTi2(PO4)3", "Li3PO4", "Li10SnP2S12"]

  @Test func askTellUntilThePoolIsDone() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder)
      var asked: [String] = []
      for _ in 0..<30 {
        let batch: SuggestionBatch
        do { batch = try campaign.suggest(SuggestionOptions(count: 3)).batch } catch CampaignError.nothingToSuggest { break }
        #expect(batch.suggestions.allSatisfy { !asked.contains($0.name) })
        asked += batch.suggestions.map(\.name)
        try Self.observe(campaign, batch.suggestions.map(\.name))
      }
      #expect(Set(asked).count == 20)
      let events = try campaign.store.snapshot().events
      for event in events where event.kind == .suggested { _ = try campaign.reproduce(event: event.seq) }
      #expect(try campaign.store.verify().isSound)
    }
  }

  @Test func suggestionsExplainThemselves() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder, constraints: ["cost<=5"], excluding: ["In"])
      try Self.observe(campaign, Self.start)
      let batch = try campaign.suggest(SuggestionOptions(count: 2)).batch
      #expect(batch.excludedCount == 1 && batch.infeasibleCount == 2)
      for one in batch.suggestions {
        #expect(!one.reason.isEmpty && one.neighbours.count == 3)
        #expect(one.neighbours.map(\.distance) == one.neighbours.map(\.distance).sorted())
        #expect(one.forecasts.first?.property == "log10_sigma")
        #expect(one.forecasts.first.map { $0.deviation > $0.latentDeviation } == true)
        #expect((0...1).contains(one.share))
        #expect(one.constraints.contains { $0.constraint == "cost ≤ 5.0" && $0.probability == 1 })
        #expect(one.lesson.map { $0.information > 0 && $0.varianceReduction > 0 && $0.varianceReduction < 1 } == true)
        #expect(one.weighing != nil && one.cost != nil)
      }
      #expect(batch.advice?.gainCurve.isEmpty == false)
    }
  }

  @Test(arguments: BatchStrategy.allCases)
  func everyStrategyRespectsPendingAndQuotas(strategy: BatchStrategy) throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder)
      try Self.observe(campaign, Self.start)
      func suggest(_ familyLimit: Int) throws -> [SuggestedCandidate] {
        try campaign.suggest(
          SuggestionOptions(acquisition: .expectedImprovement, count: 3, strategy: strategy, familyLimit: familyLimit)
        ).batch.suggestions
      }
      let first = try suggest(1)
      let second = try suggest(2)
      #expect(Set(first.map(\.family)).count == 3)
      #expect(Set(first.map(\.name)).isDisjoint(with: second.map(\.name)))
      // Pending ones count towards the quota of the second batch.
      let all = (first + second).map(\.family)
      for family in all { #expect(all.count { $0 == family } <= 2) }
    }
  }

  @Test(arguments: AcquisitionKind.allCases)
  func everyAcquisitionSuggestsAndIsReproduced(kind: AcquisitionKind) throws {
    try withTemporaryFolder { folder in
      let objectives =
        kind == .hypervolume
        ? [
          CampaignObjective(property: "sigma", unit: "S/cm", log10: true),
          CampaignObjective(property: "cost", isMinimised: true, isKnown: true),
        ] : nil
      let campaign = try Self.make(folder, objectives: objectives)
      try Self.observe(campaign, Self.start)
      let (batch, event) = try campaign.suggest(
        SuggestionOptions(acquisition: kind, count: 2, strategy: .sequential, costExponent: 0.5))
      #expect(batch.suggestions.count == 2)
      #expect(try campaign.reproduce(event: event.seq) == batch)
    }
  }

  @Test func aYoungCampaignCoversItsPool() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder)
      // Before anything is measured, and while little is.
      let empty = try campaign.suggest(SuggestionOptions(count: 2)).batch.suggestions
      try Self.observe(campaign, Self.start)
      let young = try campaign.suggest(SuggestionOptions(count: 2)).batch.suggestions
      for one in empty + young {
        #expect(one.acquisition == .coverage && one.score > 0 && one.reason.contains("stand for"))
      }
      #expect(empty[0].score > empty[1].score && Set((empty + young).map(\.name)).count == 4)
      let other = try campaign.suggest(SuggestionOptions(acquisition: .probability)).batch.suggestions
      #expect(other.allSatisfy { $0.acquisition == .probability })
    }
  }

  @Test func declinedAndFailedAreNotAskedForAgain() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder)
      try Self.observe(campaign, Self.start)
      let first = try campaign.suggest(SuggestionOptions()).batch.suggestions[0].name
      try campaign.decide(.failed, candidate: first, reason: "does not form")
      for _ in 0..<3 {
        #expect(try campaign.suggest(SuggestionOptions()).batch.suggestions[0].name != first)
      }
      try campaign.decide(.reopened, candidate: first, reason: "new route")
      let state = try campaign.state()
      #expect(state.open().positions.contains { state.candidates[$0].name == first })
      let rest = try campaign.suggest(SuggestionOptions(count: 20, strategy: .sequential)).batch
      #expect(rest.suggestions.contains { $0.name == first })
    }
  }

  @Test func questionsAreAskedAndNothingIsLost() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(folder)
      try Self.observe(campaign, Self.start + ["Li6PS5Br", "Li2O", "Li3PS4"])
      func outcome(_ one: NewObservation, _ policy: IntakePolicy = IntakePolicy()) throws -> Campaign.IntakeReport {
        try campaign.observe([one], policy: policy)
      }
      let before = try campaign.store.dump()
      // Unknown candidate, with a suggestion.
      let unknown = try outcome(NewObservation(candidate: "Li6PS5Cm", value: "1e-3"))
      #expect(unknown.refused.first?.problem.contains("no candidate") == true)
      guard case .addCandidate(let near?) = unknown.refused.first?.wayOut else {
        Issue.record("\(unknown.refused)")
        return
      }
      #expect(near.hasPrefix("Li6PS5"))
      // The same value again is no news.
      let again = try outcome(NewObservation(candidate: "Li2O", value: "\(Self.answer("Li2O"))"))
      #expect(again.known.count == 1 && again.refused.isEmpty)
      // Another value is.
      let conflict = try outcome(NewObservation(candidate: "Li2O", value: "2e-7"))
      #expect(conflict.refused.map(\.wayOut) == [.keepOrCorrect])
      // mS/cm typed as S/cm: against an earlier value, and against what the model expects.
      let thousand = try outcome(NewObservation(candidate: "Li6PS5Cl", value: "1.1"))
      #expect(thousand.refused.first?.problem.contains("is the unit right?") == true)
      #expect(thousand.refused.map(\.wayOut) == [.sayUnit(known: MeasurementUnit.alternatives(to: "S/cm"))])
      let hot = try outcome(NewObservation(candidate: "Li3YCl6", value: "12"))
      #expect(hot.refused.first?.problem.contains("more than any solid") == true)
      for bad in ["abc", "", "nan", "-1", "1,5"] {
        #expect(try outcome(NewObservation(candidate: "Li3YCl6", value: bad)).refused.count == 1)
      }
      #expect(
        try outcome(NewObservation(candidate: "Li3YCl6", value: "1", unit: "V")).refused.first?.problem
          .contains("does not fit") == true)
      #expect(try campaign.store.dump() == before)

      // Answers.
      #expect(try outcome(NewObservation(candidate: "Li3YCl6", value: "0.4", unit: "mS/cm")).recorded.first?.value == 4e-4)
      var repeating = IntakePolicy()
      repeating.keepsRepeats = true
      #expect(try outcome(NewObservation(candidate: "Li2O", value: "2e-7"), repeating).recorded.count == 1)
      var replacing = IntakePolicy()
      replacing.replaces = true
      let replaced = try outcome(NewObservation(candidate: "Li3PS4", value: "3e-7"), replacing)
      #expect(replaced.recorded.first?.supersedes != nil)
      var adding = IntakePolicy()
      adding.addsCandidates = true
      #expect(try outcome(NewObservation(candidate: "Li3BS3", value: "<1E-10"), adding).recorded.first?.censoring == -1)
      let state = try campaign.state()
      #expect(state.candidates.last?.name == "Li3BS3")
      #expect(state.snapshot.currentObservations.count { $0.candidate == 19 } == 2)
      #expect(state.snapshot.currentObservations.count { $0.candidate == 14 } == 1)
      // By composition, whatever the formula.
      #expect(try outcome(NewObservation(candidate: "Li20P4S24Si2", value: "2e-3")).recorded.count == 1)
    }
  }

  @Test func rankingWeighsSeveralObjectives() throws {
    try withTemporaryFolder { folder in
      let campaign = try Self.make(
        folder,
        objectives: [
          CampaignObjective(property: "sigma", unit: "S/cm", log10: true, floor: -7, goal: -3),
          CampaignObjective(property: "cost", isMinimised: true, floor: 10, goal: 2, isKnown: true),
        ])
      try Self.observe(campaign, Self.start)
      let state = try campaign.state()
      let ranking = try CampaignRanking(state)
      #expect(ranking.rows.count == 20 && ranking.hypervolume > 0)
      #expect(ranking.rows.map(\.front) == ranking.rows.map(\.front).sorted())
      for row in ranking.rows {
        #expect((0...1).contains(row.successProbability) && row.hypervolumeGain >= 0)
        #expect(row.desirability.map { (0...1).contains($0) } == true)
        // A cost above the goal is certain to miss it.
        if let cost = row.means[1], cost > 2 { #expect(row.successProbability == 0) }
      }
    }
  }

  @Test func twoPeopleAtOnceGetDifferentSuggestions() throws {
    try withTemporaryFolder { folder in
      let anna = try Self.make(folder)
      try Self.observe(anna, Self.start)
      let people = try ["ben", "cleo"].map { try Campaign(opening: folder + "/a.campaign", actor: $0) }
      nonisolated(unsafe) var names: [[String]] = [[], []]
      DispatchQueue.concurrentPerform(iterations: 2) { k in
        for _ in 0..<3 {
          if let one = try? people[k].suggest(SuggestionOptions()).batch.suggestions.first?.name { names[k].append(one) }
        }
      }
      #expect(names[0].count == 3 && names[1].count == 3)
      #expect(Set(names[0] + names[1]).count == 6)
      #expect(try anna.store.verify().isSound)
    }
  }

  @Test func wrongWishesAreRefused() throws {
    #expect(throws: CampaignError.self) { try CampaignObjective(parsing: "max:") }
    #expect(throws: CampaignError.self) { try CampaignObjective(parsing: "max:sigma:-3..-5") }
    #expect(throws: CampaignError.self) { try CampaignConstraint(parsing: "hull") }
    #expect(throws: CampaignError.self) { try RowFilter(parsing: "temperature_C=30..20") }
    #expect(try CampaignObjective(parsing: "min:cost:10..2").isMinimised)
    try withTemporaryFolder { folder in
      #expect(throws: CampaignError.unknownElement("Xx")) { try Self.make(folder, excluding: ["Xx"]) }
      #expect(throws: CampaignError.self) { try Self.make(folder, constraints: ["hull<=0.05"]) }
    }
  }
}
