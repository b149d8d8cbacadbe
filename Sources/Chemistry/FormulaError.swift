/// Why a text is not a formula, and where.
///
///     unknown element "Qq" at character 7 of "Li6PS5Qq"; correct the symbol or remove the row
///
/// The texts are made when asked for; the error itself keeps what was found.
public struct FormulaError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Nothing but blanks, or only amounts of zero.
    case empty
    /// A symbol of no element.
    case unknownElement(String)
    /// An opening bracket that is never closed, a closing one that was never opened or another kind.
    case unbalancedBracket
    /// A pair of brackets with nothing in it.
    case emptyBrackets
    case negativeAmount
    /// A number that cannot be one, or that is too large.
    case badAmount(String)
    case unexpected(Character)
    /// The text ends where something has to follow.
    case unexpectedEnd
    /// Two readings are possible; both are given in full.
    case ambiguous(String, or: String)
    /// More brackets inside each other than `FormulaParser.maximumDepth`.
    case tooDeep
    /// More than `FormulaParser.maximumLength` bytes.
    case tooLong
    /// A letter that stands for an unknown amount.
    case unknownAmount(String)
    /// A component of a mixture that cannot be taken as it is; says why.
    case badMixture(String)
    /// An abbreviation that stands for no single composition; says for what.
    case noComposition(String)
    /// A value was given for a letter that the formula does not have.
    case unusedParameter(String)
    /// Values of a parameter that cannot be read; the text of the values.
    case badParameter(String)
    /// So many compositions where one is expected.
    case severalCompositions(Int)
    /// A charge whose digits could belong to the formula, or a sign between two parts.
    case badCharge(String)
  }
  public let kind: Kind
  /// The text as given.
  public let text: String
  /// Position of the offending character, counted from 1.
  public let position: Int

  package init(kind: Kind, text: String, position: Int) {
    self.kind = kind
    self.text = text
    self.position = position
  }

  /// What is wrong and where: `unknown element "Qq" at character 7 of "Li6PS5Qq"`.
  public var problem: String {
    let place = "at character \(position) of \"\(excerpt)\""
    switch kind {
    case .empty: return text.allSatisfy(\.isWhitespace) ? "no formula" : "no element in \"\(excerpt)\""
    case .unknownElement(let symbol): return "unknown element \"\(symbol)\" \(place)"
    case .unbalancedBracket: return "bracket without a partner \(place)"
    case .emptyBrackets: return "nothing between the brackets \(place)"
    case .negativeAmount: return "negative amount \(place)"
    case .badAmount(let amount): return "\"\(amount)\" is not an amount, \(place)"
    case .unexpected(let character):
      return "unexpected \(FormulaError.quoted(character)) \(place), where \(expected) is expected"
    case .unexpectedEnd: return "\"\(excerpt)\" ends where \(expected) is expected"
    case .ambiguous(let a, let b): return "\"\(excerpt)\" can mean \(a) or \(b)"
    case .tooDeep: return "brackets nested more than \(FormulaParser.maximumDepth) deep \(place)"
    case .tooLong: return "formula longer than \(FormulaParser.maximumLength) characters"
    case .unknownAmount(let name): return "unknown amount \"\(name)\" \(place)"
    case .badMixture(let reason): return "\(reason), \(place)"
    case .noComposition(let meaning): return "no single composition \(place): \(meaning)"
    case .unusedParameter(let name): return "\"\(name)\" has a value but is not in the formula, \(place)"
    case .badParameter(let values): return "\"\(values)\" are no values of a parameter, \(place)"
    case .severalCompositions(let count): return "\(count) compositions \(place), where one is expected"
    case .badCharge(let reason): return "\(reason) \(place)"
    }
  }

  /// What may stand at `position`.
  public var expected: String {
    switch kind {
    case .unknownElement: "the symbol of an element"
    case .badAmount, .negativeAmount, .unknownAmount, .badParameter: "a positive number"
    case .unbalancedBracket: "a matching bracket"
    case .tooLong, .tooDeep: "a shorter formula"
    case .badMixture: "a component with its amount"
    case .badCharge: "a charge such as ^2+"
    case .noComposition, .unusedParameter, .severalCompositions: "a formula"
    case .empty, .emptyBrackets, .unexpected, .unexpectedEnd, .ambiguous: "an element or a bracket"
    }
  }

  /// What to do about it: `did you mean "Li7La3Zr2O12"?`.
  public var remedy: String {
    if let suggestion { return "did you mean \"\(suggestion)\"?" }
    switch kind {
    case .empty: return "write a formula or remove the row"
    case .unknownElement: return "correct the symbol or remove the row"
    case .unbalancedBracket: return "close every bracket with its own kind"
    case .emptyBrackets: return "fill or remove the brackets"
    case .negativeAmount: return "amounts count atoms: give a positive number"
    case .badAmount: return "write amounts such as 2, 0.5 or 1/3"
    case .unexpected, .unexpectedEnd: return "correct the formula or remove the row"
    case .ambiguous(let a, let b): return "write \(a) or \(b)"
    case .tooDeep, .tooLong: return "write the formula with fewer brackets or parts"
    case .unknownAmount(let name): return "give its value after the formula, such as \"\(name)=0.25\""
    case .noComposition: return "write its composition"
    case .unusedParameter: return "remove the value or correct the formula"
    case .badParameter: return "write x=0.25, x=0,0.1,0.2 or x=START:STOP:STEP"
    case .severalCompositions: return "give each parameter one value"
    case .badCharge: return "write charges as PO4^3- or Fe^{3+}, and put blanks around the + of mixtures"
    case .badMixture: return "write components as \"PEO + LiTFSI (EO:Li=18) + 10 wt% Al2O3\""
    }
  }

  /// The text with a caret under the character at fault, in two lines; long texts are cut around it.
  public var marked: String {
    let characters = Array(text)
    let start = max(0, min(position - 40, characters.count - 60))
    let line = characters[min(start, characters.count)..<min(characters.count, start + 78)].map {
      $0.isNewline || $0 == "\t" ? " " : $0
    }
    return String(line) + "\n" + String(repeating: " ", count: max(0, position - 1 - start)) + "^"
  }

  /// The text, shortened where it is very long.
  private var excerpt: String {
    text.utf8.count <= 80 ? text : String(text.prefix(60)) + "…"
  }

  private static func quoted(_ character: Character) -> String {
    let printable = character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    if printable { return "\"\(character)\"" }
    return character.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }
}

extension FormulaError: CustomStringConvertible {
  public var description: String { "\(problem); \(remedy)" }
}
