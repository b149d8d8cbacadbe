import ActiveLearning
import Tables

/// A property to push up or down in a ranking.
///
/// Written `conductivity` or `max:conductivity` to maximise, `min:cost` to minimise.
public struct Objective: Sendable, Equatable, Codable {
  public let model: String
  public let isMinimised: Bool

  public init(model: String, isMinimised: Bool = false) {
    self.model = model
    self.isMinimised = isMinimised
  }

  /// - Throws: `RankingError.badObjective`.
  public init(parsing text: String) throws(RankingError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts.count, parts[0]) {
    case (1, let name) where !name.isEmpty: self.init(model: name)
    case (2, "max") where !parts[1].isEmpty: self.init(model: parts[1])
    case (2, "min") where !parts[1].isEmpty: self.init(model: parts[1], isMinimised: true)
    default: throw .badObjective(text)
    }
  }
}

/// A bound that a candidate should meet, written `NAME>=VALUE` or `NAME<=VALUE`.
public struct Constraint: Sendable, Equatable, Codable {
  public let name: String
  public let isUpperBound: Bool
  public let bound: Double

  public init(name: String, isUpperBound: Bool, bound: Double) {
    self.name = name
    self.isUpperBound = isUpperBound
    self.bound = bound
  }

  /// - Throws: `RankingError.badConstraint`.
  public init(parsing text: String) throws(RankingError) {
    for (sign, isUpperBound) in [("<=", true), (">=", false), ("<", true), (">", false)] {
      guard let range = text.firstRange(of: sign) else { continue }
      let name = text[..<range.lowerBound].filter { !$0.isWhitespace }
      let value = text[range.upperBound...].filter { !$0.isWhitespace }
      guard !name.isEmpty, let bound = Double(value), bound.isFinite else { break }
      self.init(name: name, isUpperBound: isUpperBound, bound: bound)
      return
    }
    throw .badConstraint(text)
  }

  /// The probability that a normal prediction meets the bound; 0 or 1 for a certain one.
  public func probability(mean: Double, standardDeviation: Double) -> Double {
    let above = Acquisition.probability(above: bound).value(mean: mean, standardDeviation: standardDeviation)
    if standardDeviation == 0 { return (isUpperBound ? mean <= bound : mean >= bound) ? 1 : 0 }
    return isUpperBound ? 1 - above : above
  }
}

/// How the worth of a candidate follows from its prediction.
public enum AcquisitionRule: String, CaseIterable, Sendable, Codable {
  /// The predicted mean.
  case mean
  /// The mean less one deviation: cautious.
  case lower = "lcb"
  /// The mean plus one deviation: hopeful.
  case upper = "ucb"
  /// The logarithm of the expected improvement on the best training row.
  case expectedImprovement = "ei"

  /// - Parameter best: the best training target, in the direction of the objective.
  func acquisition(best: Double) -> Acquisition {
    switch self {
    case .mean: .mean
    case .lower: .confidenceBound(beta: -1)
    case .upper: .confidenceBound(beta: 1)
    case .expectedImprovement: .logExpectedImprovement(best: best)
    }
  }
}

/// Why a ranking cannot be made.
public enum RankingError: Error, Equatable, Sendable, CustomStringConvertible {
  case badObjective(String)
  case badConstraint(String)
  case badModel(String)
  case duplicateModel(String)
  case unknownModel(String, known: [String])
  case unknownElement(String)
  case noModels

  public var description: String {
    switch self {
    case .badObjective(let text):
      "\"\(text)\" is not an objective; write NAME, max:NAME or min:NAME with the name of a --model"
    case .badConstraint(let text):
      "\"\(text)\" is not a constraint; write NAME>=VALUE or NAME<=VALUE, such as conductivity>=-4"
    case .badModel(let text): "\"\(text)\" does not name a model; write NAME=FILE"
    case .duplicateModel(let name): "two models are named \"\(name)\"; give each a name of its own"
    case .unknownModel(let name, let known):
      "no model is named \"\(name)\""
        + (Suggestion.nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" }
          ?? "; there are \(known.joined(separator: ", "))")
    case .unknownElement(let symbol): "\"\(symbol)\" is not an element; write symbols such as Ge,Cd"
    case .noModels: "a ranking needs at least one --model NAME=FILE"
    }
  }
}
