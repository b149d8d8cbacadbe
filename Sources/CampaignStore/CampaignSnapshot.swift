import GRDB

/// All that was known after some event.
public struct CampaignSnapshot: Sendable {
  /// In order.
  public let events: [CampaignEvent]
  public let candidates: [CandidateRecord]
  public let observations: [ObservationRecord]
  public let models: [ModelRecord]
  public let suggestions: [SuggestionRecord]
  public let decisions: [DecisionRecord]

  /// The number of the last event.
  public var head: Int { events.last?.seq ?? 0 }

  /// Observations that are neither corrected nor retracted, by id.
  public var currentObservations: [ObservationRecord] {
    let superseded = Set(observations.compactMap(\.supersedes))
    let retracted = Set(decisions.filter { $0.verdict == .retracted }.compactMap(\.observation))
    return observations.filter { !superseded.contains($0.id) && !retracted.contains($0.id) }
  }

  /// Candidates that were declined or failed and not reopened since.
  public var closedCandidates: Set<Int> {
    var closed = Set<Int>()
    for decision in decisions {
      guard let candidate = decision.candidate else { continue }
      switch decision.verdict {
      case .declined, .failed: closed.insert(candidate)
      case .reopened: closed.remove(candidate)
      case .accepted, .retracted: break
      }
    }
    return closed
  }

  /// Suggested candidates whose result is still awaited, in the order of their suggestion.
  public var pendingCandidates: [Int] {
    let done = Set(currentObservations.map(\.candidate)).union(closedCandidates)
    // A candidate that was closed and reopened waits for a new suggestion.
    var lastClosed: [Int: Int] = [:]
    for decision in decisions where decision.verdict == .declined || decision.verdict == .failed {
      if let candidate = decision.candidate { lastClosed[candidate] = decision.event }
    }
    var seen = Set<Int>()
    return suggestions.filter { $0.event > lastClosed[$0.candidate] ?? 0 }.map(\.candidate)
      .filter { !done.contains($0) && seen.insert($0).inserted }
  }
}

extension CampaignStore {
  /// The state after an event; the newest without one.
  ///
  /// - Throws: `.noSuchEvent`.
  /// - Complexity: O(rows); one consistent read.
  public func snapshot(at event: Int? = nil, withModels: Bool = false) throws(CampaignStoreError) -> CampaignSnapshot {
    try reading { db in
      let last = try Self.lastEvent(db)?.seq ?? 0
      let limit = event ?? last
      guard limit >= 1, limit <= last else { throw CampaignStoreError.noSuchEvent(limit, last: last) }
      func records<R: StoredRecord>(_ type: R.Type) throws -> [R] {
        var result: [R] = []
        let rows = try Row.fetchCursor(
          db, sql: "SELECT * FROM \(R.table) WHERE event <= ? ORDER BY id", arguments: [limit])
        while let row = try rows.next() { result.append(try R(row: row)) }
        return result
      }
      return CampaignSnapshot(
        events: try Row.fetchAll(db, sql: "SELECT * FROM events WHERE seq <= ? ORDER BY seq", arguments: [limit])
          .map(CampaignEvent.init(row:)),
        candidates: try records(CandidateRecord.self), observations: try records(ObservationRecord.self),
        models: withModels ? try records(ModelRecord.self) : [], suggestions: try records(SuggestionRecord.self),
        decisions: try records(DecisionRecord.self))
    }
  }

  /// The number of the last event. O(1).
  public func head() throws(CampaignStoreError) -> Int {
    try reading { try Self.lastEvent($0)?.seq ?? 0 }
  }
}
