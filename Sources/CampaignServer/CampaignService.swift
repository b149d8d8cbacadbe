import ActiveLearning
import CampaignStore
import Campaigns
import Foundation
import Reports
import Synchronization

/// What a server does with a campaign: the same functions as `superionic campaign`, one request at a time.
///
/// What was computed is kept until the history moves on, whoever moved it: each request asks the store for its last event.
final class CampaignService: Sendable {
  let path: String
  let actor: String
  private let work: WorkQueue
  private let kept = Mutex<Kept?>(nil)

  /// A state and what was computed from it.
  private struct Kept {
    let state: CampaignState
    var status: CampaignStatus?
    var scores: CandidateScores?
  }

  init(path: String, actor: String, limits: ServerSettings.Limits) {
    self.path = path
    self.actor = actor
    work = WorkQueue(limits: limits)
  }

  // MARK: Asking

  func state() async throws -> CampaignState {
    try await work.run { try self.current().state }
  }

  /// Where the campaign stands, with advice on going on.
  func status() async throws -> CampaignStatus {
    try await work.run {
      let kept = try self.current()
      if let status = kept.status { return status }
      let job = SuggestionJob(state: kept.state, options: SuggestionOptions(seed: kept.state.settings.seed))
      let status = CampaignStatus(kept.state, advice: try? job.run().advice)
      self.keep(kept.state) { $0.status = status }
      return status
    }
  }

  /// What the models think of every candidate now.
  func scores() async throws -> CandidateScores {
    try await work.run {
      let kept = try self.current()
      if let scores = kept.scores { return scores }
      let scores = CandidateScores(try CampaignRanking(kept.state), state: kept.state)
      self.keep(kept.state) { $0.scores = scores }
      return scores
    }
  }

  func history() async throws -> [CampaignHistoryReport.Entry] {
    CampaignHistoryReport(try await state().snapshot).entries
  }

  /// Suggestions whose result is awaited, oldest first.
  func pending() async throws -> [SuggestedCandidate] { Self.pending(try await state()) }

  static func pending(_ state: CampaignState) -> [SuggestedCandidate] {
    let snapshot = state.snapshot
    return snapshot.pendingCandidates.compactMap { candidate in
      snapshot.suggestions.last { $0.candidate == candidate }.flatMap {
        try? JSONDecoder().decode(SuggestedCandidate.self, from: Data($0.explanation.utf8))
      }
    }
  }

  // MARK: Telling

  func suggest(_ options: SuggestionOptions, actor: String) async throws -> SuggestionBatch {
    try await work.run { try Campaign(opening: self.path, actor: actor).suggest(options).batch }
  }

  func observe(_ observations: [NewObservation], policy: IntakePolicy, actor: String) async throws -> Campaign.IntakeReport {
    try await work.run { try Campaign(opening: self.path, actor: actor).observe(observations, policy: policy) }
  }

  func decide(
    _ verdict: DecisionRecord.Verdict, candidate: String, reason: String, actor: String
  ) async throws -> CampaignEvent {
    try await work.run {
      try Campaign(opening: self.path, actor: actor).decide(verdict, candidate: candidate, reason: reason)
    }
  }

  // MARK: Keeping

  private let opened = Mutex<Campaign?>(nil)

  /// The campaign, opened once for reading.
  private func campaign() throws -> Campaign {
    try opened.withLock { held in
      if let held { return held }
      let campaign = try Campaign(opening: path, actor: actor)
      held = campaign
      return campaign
    }
  }

  /// The newest state, from memory where nothing was added since.
  private func current() throws -> Kept {
    let campaign = try campaign()
    let head = try campaign.store.head()
    if let found = kept.withLock({ $0 }), found.state.snapshot.head == head { return found }
    let fresh = Kept(state: try campaign.state())
    kept.withLock { $0 = fresh }
    return fresh
  }

  private func keep(_ state: CampaignState, _ change: (inout Kept) -> Void) {
    kept.withLock { held in
      guard var value = held, value.state.snapshot.head == state.snapshot.head else { return }
      change(&value)
      held = value
    }
  }
}
