/// Why a text is not a formula, where, and what would be.
public struct FormulaError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case empty
    /// Letters that no element has.
    case unknownElement(String)
    /// A bracket that is never closed, or one that closes another.
    case unbalancedBracket(Character)
    case emptyBrackets
    case negativeAmount
    /// Digits that are not an amount, such as `1.2.3` or `1/0`.
    case badAmount(String)
    /// A dot that could begin a hydrate or the decimals of an amount.
    case ambiguousDot
    case unexpected(Character)
    /// Every amount is zero.
    case nothingLeft
    case tooLong
  }

  public let kind: Kind
  /// The text as given.
  public let text: String
  /// Position of the offending character, counted from 1.
  public let position: Int
  /// The nearest reading that is a formula, if one is near.
  public let suggestion: String?

  init(_ kind: Kind, in text: String, at position: Int, suggestion: String? = nil) {
    self.kind = kind
    self.text = text
    self.position = position
    self.suggestion = suggestion
  }

  /// What is wrong, with its place.
  public var problem: String {
    switch kind {
    case .empty: "the formula is empty"
    case .unknownElement(let symbol): "unknown element \"\(symbol)\" \(place)"
    case .unbalancedBracket(let bracket): "unbalanced \"\(bracket)\" \(place)"
    case .emptyBrackets: "nothing between the brackets \(place)"
    case .negativeAmount: "negative amount \(place)"
    case .badAmount(let digits): "\"\(digits)\" is not an amount, \(place)"
    case .ambiguousDot: "the dot \(place) could begin a hydrate or decimals"
    case .unexpected(let character): "unexpected \"\(character)\" \(place)"
    case .nothingLeft: "every amount in \"\(shown)\" is zero"
    case .tooLong: "the formula has more than \(FormulaParser.lengthLimit) characters"
    }
  }

  /// What to do about it.
  public var remedy: String {
    if let suggestion { return "did you mean \"\(suggestion)\"?" }
    return switch kind {
    case .empty: "give a formula or remove the row"
    case .unknownElement: "correct the symbol or remove the row"
    case .unbalancedBracket: "close every bracket with its own kind"
    case .emptyBrackets: "write what belongs there or remove them"
    case .negativeAmount: "amounts are at least 0"
    case .badAmount: "write amounts as 2, 0.5 or 1/3"
    case .ambiguousDot: "write · before water of hydration, or brackets"
    case .unexpected: "remove it or correct the formula"
    case .nothingLeft: "give a positive amount"
    case .tooLong: "give a formula"
    }
  }

  private var place: String { "at character \(position) of \"\(shown)\"" }

  /// The text, cut to a length that a report can hold.
  private var shown: String { text.count > 60 ? text.prefix(60) + "…" : text }
}

extension FormulaError: CustomStringConvertible {
  public var description: String { "\(problem); \(remedy)" }
}
