import Tables

/// An observation that was not recorded: where it stands, why, and what would help.
public struct RefusedObservation: Error, Sendable, Hashable {
  /// What to do about it. Interfaces differ in how it is done (options of a command, fields of a form or of JSON), so
  /// each puts it in its own words.
  public enum WayOut: Sendable, Hashable {
    /// Hand in something else, as the text says; it is the same in every interface.
    case correct(String)
    /// Make the composition a candidate, or name the one that was meant: `near` is spelled alike.
    case addCandidate(near: String?)
    /// Keep the second value of a candidate as a repeat, or let it correct the first.
    case keepOrCorrect
    /// Say the unit with the value, one of these: a unit that is said is not doubted.
    case sayUnit(known: [String])
  }

  public let location: SourceLocation
  public let problem: String
  public let wayOut: WayOut

  public init(at location: SourceLocation, problem: String, wayOut: WayOut) {
    self.location = location
    self.problem = problem
    self.wayOut = wayOut
  }

  /// As a report on a row, with the way out in the words of an interface.
  public func diagnostic(_ wording: (WayOut) -> String) -> Diagnostic {
    Diagnostic(at: location, problem: problem, remedy: wording(wayOut))
  }
}
