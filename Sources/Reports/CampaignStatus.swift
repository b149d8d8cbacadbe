import ActiveLearning
import CampaignStore
import Campaigns
import Foundation

/// Where a campaign stands.
public struct CampaignStatus: Sendable, Encodable {
  public struct Best: Sendable, Encodable {
    public let property: String
    public let candidate: String
    public let reported: String
    public let observation: Int
  }

  public let events: Int
  public let candidates: Int
  public let measured: Int
  public let observations: Int
  public let pending: [String]
  public let closed: Int
  public let open: Int
  public let best: [Best]
  public let advice: StoppingAdvice?
  public let hash: String

  public init(_ state: CampaignState, advice: StoppingAdvice?) {
    let snapshot = state.snapshot
    let current = snapshot.currentObservations
    events = snapshot.head
    candidates = snapshot.candidates.count
    measured = Set(current.map(\.candidate)).count
    observations = current.count
    pending = snapshot.pendingCandidates.map { snapshot.candidates[$0 - 1].name }
    closed = snapshot.closedCandidates.count
    open = state.open().positions.count
    hash = snapshot.events.last?.hash ?? ""
    best = state.settings.objectives.filter { !$0.isKnown }.compactMap { objective in
      let rows = current.filter { $0.property == objective.property && $0.censoring * (objective.isMinimised ? -1 : 1) >= 0 }
      return rows.max { (objective.sign * $0.value, $1.id) < (objective.sign * $1.value, $0.id) }.map {
        Best(
          property: objective.property, candidate: snapshot.candidates[$0.candidate - 1].name, reported: $0.reported,
          observation: $0.id)
      }
    }
    self.advice = advice
  }

  public func lines(width: Int) -> [String] {
    var lines = [
      "\(candidates) candidates: \(measured) measured (\(observations) observations), \(pending.count) pending, \(closed) closed, \(open) open; \(events) events"
    ]
    for one in best {
      lines.append("best \(one.property): \(one.candidate), \(one.reported) (observation \(one.observation))")
    }
    if !pending.isEmpty { lines.append("pending: " + pending.joined(separator: ", ")) }
    if let advice { lines += Self.lines(advice) }
    lines.append("hash \(hash)")
    return lines
  }

  /// Whether to go on.
  public static func lines(_ advice: StoppingAdvice) -> [String] {
    let next = advice.gainCurve.first ?? 0
    var lines = [
      "expected gain: \(next.fixed(3)) from the next experiment, \((advice.gainCurve.last ?? 0).fixed(3)) from the next \(advice.gainCurve.count), \(advice.remainingGain.fixed(3)) if all were known"
    ]
    lines.append(
      advice.saysStop
        ? "advice: stop; no number of further experiments is expected to gain \(advice.costPerExperiment) each"
        : "advice: go on; some \(advice.worthwhile)\(advice.worthwhile == advice.gainCurve.count ? " or more" : "") further experiments are worth \(advice.costPerExperiment) each")
    lines.append(
      "the best is within a repeat's scatter (\(advice.tolerance.fixed(2))) of the pool's best with probability \(advice.doneProbability.fixed(2))")
    return lines
  }

  /// The first rows of a ranking.
  public static func lines(_ ranking: CampaignRanking, _ state: CampaignState, top: Int, width: Int) -> [String] {
    var table = TextTable(
      [("rank", .right), ("candidate", .left)] + ranking.objectives.map { ($0.modelledName, .right) }
        + [("front", .right), ("hypervolume gain", .right), ("desirability", .right), ("P(all targets)", .right)])
    for (place, row) in ranking.rows.prefix(top).enumerated() {
      var cells = ["\(place + 1)", state.candidates[row.position].name + (row.isMeasured ? " *" : "")]
      for j in ranking.objectives.indices {
        let mean = row.means[j].map { $0.fixed(2) } ?? "–"
        cells.append(row.deviations[j] > 0 ? "\(mean) ± \(row.deviations[j].fixed(2))" : mean)
      }
      table.append(
        cells + [
          row.front == 0 ? "–" : "\(row.front)", row.hypervolumeGain.fixed(4), row.desirability.map { $0.fixed(2) } ?? "–",
          row.successProbability.fixed(3),
        ])
    }
    return table.lines(width: width) + ["* measured"]
  }
}

/// The events of a campaign, one after another, with what each suggestion came from.
public struct CampaignHistoryReport: Sendable {
  public struct Entry: Sendable, Encodable {
    public let event: Int
    public let time: String
    public let who: String
    public let kind: String
    public let what: [String]
    public let hash: String
  }

  public let entries: [Entry]

  public init(_ snapshot: CampaignSnapshot) {
    let names = snapshot.candidates.map(\.name)
    let added = Dictionary(grouping: snapshot.candidates, by: \.event)
    let observed = Dictionary(grouping: snapshot.observations, by: \.event)
    let suggested = Dictionary(grouping: snapshot.suggestions, by: \.event)
    let decided = Dictionary(grouping: snapshot.decisions, by: \.event)
    entries = snapshot.events.map { event in
      var what: [String] = []
      if let rows = added[event.seq] {
        what.append("\(rows.count) candidates" + (rows.count <= 5 ? ": " + rows.map(\.name).joined(separator: ", ") : ""))
      }
      for row in observed[event.seq] ?? [] {
        let bound = row.censoring < 0 ? " (at or below)" : row.censoring > 0 ? " (at or above)" : ""
        let corrects = row.supersedes.map { ", corrects observation \($0)" } ?? ""
        what.append("observation \(row.id): \(names[row.candidate - 1]) \(row.property) \(row.reported)\(bound) by \(row.who)\(corrects)")
      }
      if let rows = suggested[event.seq] {
        let header = try? JSONDecoder().decode(SuggestionBatch.Header.self, from: Data(event.detail.utf8))
        if let header {
          what.append(
            "batch \(header.batch) from the state after event \(header.basis): \(header.options.acquisition.rawValue), \(header.options.strategy.rawValue), seed \(header.options.seed), version \(header.version)")
        }
        for row in rows {
          let one = try? JSONDecoder().decode(SuggestedCandidate.self, from: Data(row.explanation.utf8))
          what.append("\(row.place). \(names[row.candidate - 1]): \(one?.reason ?? "")")
        }
      }
      for row in decided[event.seq] ?? [] {
        let subject = row.candidate.map { names[$0 - 1] } ?? row.observation.map { "observation \($0)" } ?? ""
        what.append("\(subject) \(row.verdict.rawValue)" + (row.reason.isEmpty ? "" : ": \(row.reason)"))
      }
      return Entry(
        event: event.seq, time: event.time, who: event.actor, kind: event.kind.rawValue, what: what, hash: event.hash)
    }
  }

  public var lines: [String] {
    entries.flatMap { entry in
      ["\(entry.event)  \(entry.time)  \(entry.who)  \(entry.kind)  \(entry.hash.prefix(12))"] + entry.what.map { "    \($0)" }
    }
  }
}
