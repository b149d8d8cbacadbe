import Foundation
import GRDB

/// A step of a campaign's history: who did what, when, and the hash that seals it.
///
/// `hash` is the SHA-256 of the hash before it, the fields of the event and the digest of the rows it
/// added, so that a change anywhere changes every hash after it.
public struct CampaignEvent: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case created, candidatesAdded = "candidates added", observed, suggested, decided, configured
  }

  /// From 1, without gaps.
  public let seq: Int
  /// UTC, ISO 8601 with milliseconds.
  public let time: String
  public let actor: String
  public let kind: Kind
  /// One JSON document, keys sorted.
  public let detail: String
  /// Digest of the rows the event added; empty for none.
  public let rows: String
  public let previous: String
  public let hash: String
}

/// A row that belongs to an event.
public protocol CampaignRecord: Sendable {
  static var table: String { get }
  var id: Int { get set }
  var event: Int { get set }
}

/// A material that could be made.
public struct CandidateRecord: CampaignRecord, Equatable {
  public static let table = "candidates"
  public var id = 0
  public var event = 0
  /// What people call it; unique.
  public var name: String
  public var formula: String
  public var family: String
  /// File and line it came from.
  public var source: String
  /// Further columns of its table, by name.
  public var extra: [String: String]

  public init(name: String, formula: String, family: String = "", source: String = "", extra: [String: String] = [:]) {
    self.name = name
    self.formula = formula
    self.family = family
    self.source = source
    self.extra = extra
  }
}

/// A measured value.
public struct ObservationRecord: CampaignRecord, Equatable {
  public static let table = "observations"
  public var id = 0
  public var event = 0
  public var candidate: Int
  public var property: String
  /// In `unit`; the bound for a censored value.
  public var value: Double
  public var unit: String
  /// −1 at or below `value`, 0 measured, 1 at or above it.
  public var censoring: Int
  /// Known standard deviation of the measurement in the units that are modelled, if any.
  public var noise: Double?
  /// As it was written, with its unit.
  public var reported: String
  public var who: String
  /// When it was measured, as given.
  public var measuredAt: String
  public var source: String
  /// The observation that this one corrects.
  public var supersedes: Int?

  public init(
    candidate: Int, property: String, value: Double, unit: String, censoring: Int = 0, noise: Double? = nil,
    reported: String = "", who: String = "", measuredAt: String = "", source: String = "", supersedes: Int? = nil
  ) {
    self.candidate = candidate
    self.property = property
    self.value = value
    self.unit = unit
    self.censoring = censoring
    self.noise = noise
    self.reported = reported
    self.who = who
    self.measuredAt = measuredAt
    self.source = source
    self.supersedes = supersedes
  }
}

/// A model that suggestions came from.
public struct ModelRecord: CampaignRecord, Equatable {
  public static let table = "models"
  public var id = 0
  public var event = 0
  public var property: String
  /// JSON for people.
  public var summary: String
  /// A safetensors archive.
  public var archive: Data

  public init(property: String, summary: String, archive: Data) {
    self.property = property
    self.summary = summary
    self.archive = archive
  }
}

/// A candidate that was suggested.
public struct SuggestionRecord: CampaignRecord, Equatable {
  public static let table = "suggestions"
  public var id = 0
  public var event = 0
  /// Numbers the calls of `suggest`, from 1.
  public var batch: Int
  /// From 1 within the batch.
  public var place: Int
  public var candidate: Int
  public var score: Double
  /// One JSON document.
  public var explanation: String

  public init(batch: Int, place: Int, candidate: Int, score: Double, explanation: String) {
    self.batch = batch
    self.place = place
    self.candidate = candidate
    self.score = score
    self.explanation = explanation
  }
}

/// What people decided about a candidate or an observation.
public struct DecisionRecord: CampaignRecord, Equatable {
  public enum Verdict: String, Sendable, CaseIterable {
    /// The suggestion will be made.
    case accepted
    /// It will not be made; it is not suggested again.
    case declined
    /// It was tried and could not be made; it is not suggested again.
    case failed
    /// A declined or failed candidate may be suggested again.
    case reopened
    /// The observation does not count any more.
    case retracted
  }

  public static let table = "decisions"
  public var id = 0
  public var event = 0
  public var candidate: Int?
  public var observation: Int?
  public var verdict: Verdict
  public var reason: String

  public init(candidate: Int? = nil, observation: Int? = nil, verdict: Verdict, reason: String) {
    self.candidate = candidate
    self.observation = observation
    self.verdict = verdict
    self.reason = reason
  }
}

/// How records lie in the tables; the order of values is that of `CampaignSchema.columns`.
protocol StoredRecord: CampaignRecord {
  init(row: Row) throws
  func databaseValues() throws -> [DatabaseValue]
}

extension CandidateRecord: StoredRecord {
  init(row: Row) throws {
    self.init(name: row["name"], formula: row["formula"], family: row["family"], source: row["source"])
    id = row["id"]
    event = row["event"]
    let text: String = row["extra"]
    if text != "{}" { extra = try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) }
  }

  func databaseValues() throws -> [DatabaseValue] {
    let text = extra.isEmpty ? "{}" : try CanonicalText.json(extra)
    return [
      id.databaseValue, event.databaseValue, name.databaseValue, formula.databaseValue, family.databaseValue,
      source.databaseValue, text.databaseValue,
    ]
  }
}

extension ObservationRecord: StoredRecord {
  init(row: Row) throws {
    self.init(
      candidate: row["candidate"], property: row["property"], value: row["value"], unit: row["unit"],
      censoring: row["censoring"], noise: row["noise"], reported: row["reported"], who: row["who"],
      measuredAt: row["measured_at"], source: row["source"], supersedes: row["supersedes"])
    id = row["id"]
    event = row["event"]
  }

  func databaseValues() throws -> [DatabaseValue] {
    [
      id.databaseValue, event.databaseValue, candidate.databaseValue, property.databaseValue, value.databaseValue,
      unit.databaseValue, censoring.databaseValue, noise.databaseValue, reported.databaseValue, who.databaseValue,
      measuredAt.databaseValue, source.databaseValue, supersedes.databaseValue,
    ]
  }
}

extension ModelRecord: StoredRecord {
  init(row: Row) throws {
    self.init(property: row["property"], summary: row["summary"], archive: row["archive"])
    id = row["id"]
    event = row["event"]
  }

  func databaseValues() throws -> [DatabaseValue] {
    [id.databaseValue, event.databaseValue, property.databaseValue, summary.databaseValue, archive.databaseValue]
  }
}

extension SuggestionRecord: StoredRecord {
  init(row: Row) throws {
    self.init(
      batch: row["batch"], place: row["place"], candidate: row["candidate"], score: row["score"],
      explanation: row["explanation"])
    id = row["id"]
    event = row["event"]
  }

  func databaseValues() throws -> [DatabaseValue] {
    [
      id.databaseValue, event.databaseValue, batch.databaseValue, place.databaseValue, candidate.databaseValue,
      score.databaseValue, explanation.databaseValue,
    ]
  }
}

extension DecisionRecord: StoredRecord {
  init(row: Row) throws {
    guard let verdict = Verdict(rawValue: row["verdict"]) else {
      throw CampaignStoreError.failure("decisions", reason: "holds a verdict that this version lacks")
    }
    self.init(candidate: row["candidate"], observation: row["observation"], verdict: verdict, reason: row["reason"])
    id = row["id"]
    event = row["event"]
  }

  func databaseValues() throws -> [DatabaseValue] {
    [
      id.databaseValue, event.databaseValue, candidate.databaseValue, observation.databaseValue,
      verdict.rawValue.databaseValue, reason.databaseValue,
    ]
  }
}
