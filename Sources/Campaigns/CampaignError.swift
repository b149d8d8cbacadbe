import Tables

/// Why a step of a campaign cannot be taken, and what to do.
public enum CampaignError: Error, Sendable, Equatable, CustomStringConvertible {
  case badFilter(String)
  case badObjective(String)
  case badConstraint(String)
  case badQuota(String)
  case unknownUnit(String, known: [String])
  case noCandidates(String, reports: [Diagnostic])
  case tooFewRows(needed: Int, found: Int)
  case unknownCandidate(String, suggestion: String?)
  case unknownProperty(String, known: [String])
  case unknownElement(String)
  case missingColumn(String, available: [String])
  case nothingToSuggest(String)
  case notReproduced(event: Int)
  case invalid(String)

  public var description: String {
    switch self {
    case .badFilter(let text):
      "\"\(text)\" is no filter; write COLUMN=TEXT or COLUMN=LOW..HIGH, such as temperature_C=20..30"
    case .badObjective(let text):
      "\"\(text)\" is not an objective; write max:NAME or min:NAME, with :FLOOR..GOAL if there is one"
    case .badConstraint(let text): "\"\(text)\" is not a constraint; write NAME>=VALUE or NAME<=VALUE"
    case .badQuota(let text): "\"\(text)\" is not a quota; write a number, or FAMILY=NUMBER"
    case .unknownUnit(let unit, let known):
      "the unit \"\(unit)\" is not known here; write one of \(known.joined(separator: ", "))"
    case .noCandidates(let file, let reports): TableError.emptiness(file, "is a candidate", reports)
    case .tooFewRows(let needed, let found): "\(found) rows are too few; at least \(needed) are needed"
    case .unknownCandidate(let name, _): "\"\(name)\" is no candidate of this campaign"
    case .unknownProperty(let name, let known):
      "\"\(name)\" is no property of this campaign; it has \(known.joined(separator: ", "))"
    case .unknownElement(let symbol): "\"\(symbol)\" is not an element; write symbols such as Ge,Cd"
    case .missingColumn(let name, let available):
      "the candidates have no column \"\(name)\""
        + (Suggestion.nearest(to: name, among: available).map { "; did you mean \"\($0)\"?" }
          ?? "; they have \(available.joined(separator: ", "))")
    case .nothingToSuggest(let reason): "there is nothing to suggest: \(reason)"
    case .notReproduced(let event):
      "event \(event) could not be reproduced; was it made by another version or on another machine?"
    case .invalid(let text): text
    }
  }

  /// What to do, where interfaces differ in how it is done: the one that shows `description` adds it in its own words.
  public var wayOut: RefusedObservation.WayOut? {
    if case .unknownCandidate(_, let suggestion) = self { .addCandidate(near: suggestion) } else { nil }
  }
}
