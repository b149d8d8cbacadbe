/// Why a text is not a formula, and where.
public struct FormulaError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case empty
    case unknownElement(String)
    case unbalancedBracket
    case negativeAmount
    case badAmount(String)
    case unexpected(Character)
  }
  public let kind: Kind
  /// The text as given.
  public let text: String
  /// Position of the offending character, counted from 1.
  public let position: Int
}

extension Composition {
  /// Reads a formula.
  public init(formula: String) throws(FormulaError) {
    var characters = Array(formula)[...]
    var amounts: [(Element, Double)] = []
    while let c = characters.first {
      guard c.isUppercase else {
        throw FormulaError(kind: .unexpected(c), text: formula, position: characters.startIndex + 1)
      }
      let start = characters.startIndex
      characters.removeFirst()
      var symbol = String(c)
      while let l = characters.first, l.isLowercase {
        symbol.append(l)
        characters.removeFirst()
      }
      guard let element = Element(symbol) else {
        throw FormulaError(kind: .unknownElement(symbol), text: formula, position: start + 1)
      }
      var digits = ""
      while let d = characters.first, d.isNumber || d == "." {
        digits.append(d)
        characters.removeFirst()
      }
      guard let amount = digits.isEmpty ? 1 : Double(digits) else {
        throw FormulaError(kind: .badAmount(digits), text: formula, position: start + 2)
      }
      amounts.append((element, amount))
    }
    guard let composition = Composition(amounts) else {
      throw FormulaError(kind: .empty, text: formula, position: 1)
    }
    self = composition
  }
}
