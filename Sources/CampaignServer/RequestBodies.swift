import CampaignStore
import Campaigns
import Foundation
import Hummingbird
import Tables

/// What clients send, from JSON or from a form; both become the values that module Campaigns takes.
struct ObservationRequest: Decodable, Sendable {
  struct Value: Decodable, Sendable {
    var candidate: String
    /// As written, such as "2.4e-3" or "<1E-10".
    var value: String
    var unit: String?
    var property: String?
    /// Known standard deviation, in the units that are modelled.
    var noise: Double?
    var measuredAt: String?
    var source: String?
  }

  var observations: [Value]
  var who: String?
  /// Keep a second, different value as a repeat.
  var `repeat`: Bool?
  /// Let a second, different value correct the first.
  var replace: Bool?
  /// Make unknown compositions candidates.
  var add: Bool?
  /// Take values that look a thousand times off as they are.
  var trustUnits: Bool?

  /// - Throws: `Refusal` where fields are missing or contradict each other.
  init(form: FormBody) throws {
    guard let candidate = form["candidate"], let value = form["value"] else {
      throw Refusal(.unprocessableContent, "the candidate or the value is missing", "fill in both")
    }
    var noise: Double?
    if let text = form["noise"] {
      guard let number = Double(text) else {
        throw Refusal(.unprocessableContent, "\"\(text)\" is no standard deviation", "give a number of at least 0 or leave it empty")
      }
      noise = number
    }
    observations = [
      Value(
        candidate: candidate, value: value, unit: form["unit"], property: form["property"], noise: noise,
        measuredAt: form["when"], source: form["source"])
    ]
    who = form["who"]
    `repeat` = form["second"] == "repeat"
    replace = form["second"] == "replace"
    add = form["add"] != nil
    trustUnits = form["trust"] != nil
  }

  func policy() throws -> IntakePolicy {
    if `repeat` == true, replace == true {
      throw Refusal(.unprocessableContent, "repeat and replace exclude each other", "choose one")
    }
    var policy = IntakePolicy()
    policy.keepsRepeats = `repeat` ?? false
    policy.replaces = replace ?? false
    policy.addsCandidates = add ?? false
    policy.trustsUnits = trustUnits ?? false
    return policy
  }

  func values(actor: String) throws -> [NewObservation] {
    guard !observations.isEmpty else {
      throw Refusal(.unprocessableContent, "there are no observations", "give at least one")
    }
    return try observations.enumerated().map { index, one in
      if let noise = one.noise, !(noise >= 0 && noise.isFinite) {
        throw Refusal(.unprocessableContent, "noise \(noise) is no standard deviation", "give a number of at least 0 or leave it out")
      }
      return NewObservation(
        candidate: one.candidate, value: one.value, unit: one.unit, property: one.property, noise: one.noise, who: actor,
        measuredAt: one.measuredAt ?? "", source: one.source ?? "",
        location: SourceLocation(file: "request", line: index + 1))
    }
  }
}

struct SuggestionRequest: Decodable, Sendable {
  var count: Int?
  var acquisition: String?
  var strategy: String?
  var perFamily: Int?
  var seed: UInt64?
  var grams: Double?
  var experimentCost: Double?
  var costExponent: Double?
  var who: String?

  /// Suggestions at once, at most.
  static let countLimit = 100
  /// Whole numbers above are not exact in every JSON reader.
  static let seedLimit: UInt64 = (1 << 53) - 1

  init(form: FormBody) throws {
    func number<T: LosslessStringConvertible>(_ name: String, _ type: T.Type) throws -> T? {
      guard let text = form[name] else { return nil }
      guard let value = T(text) else {
        throw Refusal(.unprocessableContent, "\(name): \"\(text)\" is no number", "give a number or leave it empty")
      }
      return value
    }
    count = try number("count", Int.self)
    perFamily = try number("perFamily", Int.self)
    seed = try number("seed", UInt64.self)
    grams = try number("grams", Double.self)
    experimentCost = try number("experimentCost", Double.self)
    costExponent = try number("costExponent", Double.self)
    acquisition = form["acquisition"]
    strategy = form["strategy"]
    who = form["who"]
  }

  func options() throws -> SuggestionOptions {
    func refuse(_ problem: String, _ remedy: String) -> Refusal { Refusal(.unprocessableContent, problem, remedy) }
    let count = count ?? 1
    guard (1...Self.countLimit).contains(count) else { throw refuse("count is \(count)", "ask for 1 to \(Self.countLimit)") }
    if let seed, seed > Self.seedLimit { throw refuse("seed is \(seed)", "give a number of at most \(Self.seedLimit)") }
    var options = SuggestionOptions(count: count, seed: seed ?? 0)
    if let acquisition {
      guard let kind = AcquisitionKind(rawValue: acquisition) else {
        throw refuse("\"\(acquisition)\" is no rule", "take one of \(AcquisitionKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      options.acquisition = kind
    }
    if let strategy {
      guard let kind = BatchStrategy(rawValue: strategy) else {
        throw refuse("\"\(strategy)\" is no strategy", "take one of \(BatchStrategy.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      options.strategy = kind
    }
    if let perFamily {
      guard (0...Int(Int32.max)).contains(perFamily) else {
        throw refuse("perFamily is \(perFamily)", "give a number from 0 to \(Int32.max)")
      }
      options.familyLimit = perFamily
    }
    if let grams {
      guard grams > 0, grams.isFinite else { throw refuse("grams is \(grams)", "give a mass above 0") }
      options.batchGrams = grams
    }
    for (name, value) in [("experimentCost", experimentCost), ("costExponent", costExponent)] {
      if let value, !(value >= 0 && value.isFinite) { throw refuse("\(name) is \(value)", "give a number of at least 0") }
    }
    if let experimentCost { options.experimentCost = experimentCost }
    if let costExponent { options.costExponent = costExponent }
    return options
  }
}

struct DecisionRequest: Decodable, Sendable {
  var candidate: String
  var verdict: String
  var reason: String?
  var who: String?

  init(form: FormBody) throws {
    guard let candidate = form["candidate"], let verdict = form["verdict"] else {
      throw Refusal(.unprocessableContent, "the candidate or the verdict is missing", "fill in both")
    }
    self.candidate = candidate
    self.verdict = verdict
    reason = form["reason"]
    who = form["who"]
  }

  static let verdicts: [DecisionRecord.Verdict] = [.accepted, .declined, .failed, .reopened]

  func kind() throws -> DecisionRecord.Verdict {
    guard let kind = DecisionRecord.Verdict(rawValue: verdict), Self.verdicts.contains(kind) else {
      throw Refusal(
        .unprocessableContent, "\"\(verdict)\" is no verdict", "take one of \(Self.verdicts.map(\.rawValue).joined(separator: ", "))")
    }
    return kind
  }
}
