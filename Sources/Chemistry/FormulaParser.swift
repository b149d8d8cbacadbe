/// Reads chemical formulas.
///
///     formula := part (separator coefficient? part)*     separator: · • ∙ * or a dot before a hydrate
///     part    := (symbol | bracket) amount? …
///     amount  := digits, decimals, or a fraction such as 1/3; subscripts ₀–₉, and _ or $ as in LaTeX
///
/// Brackets (), [] and {} nest; spaces count for nothing. `D` and `T` are hydrogen. The reader
/// never guesses: `CuSO4.5H2O` is read as the hydrate it must be, and a dot that could be either is
/// refused.
struct FormulaParser {
  static let lengthLimit = 10_000
  private static let depthLimit = 64
  /// Salts crystallise with at most about this much water (alums with 12, some phosphates with more).
  private static let mostWater = 12.0

  private let text: String
  private let characters: [Character]
  private var position = 0

  /// - Complexity: O(length).
  static func parse(_ text: String) throws(FormulaError) -> Composition {
    var parser = FormulaParser(text)
    return try parser.formula()
  }

  private init(_ text: String) {
    self.text = text
    // Subscripts, and marks that only typeset, are folded away one for one, so positions stay true.
    characters = text.map { FormulaParser.folded[$0] ?? $0 }
  }

  private static let folded: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
    "⁰": "0", "．": ".", "•": "·", "∙": "·", "⋅": "·", "*": "·", "×": "·", "−": "-", "–": "-",
    "_": " ", "$": " ", "\"": " ", "\u{A0}": " ", "\u{2009}": " ", "\u{202F}": " ", "\t": " ",
  ]

  private typealias Amounts = [(Element, Double)]

  private mutating func formula() throws(FormulaError) -> Composition {
    guard characters.count <= Self.lengthLimit else { throw FormulaError(.tooLong, in: text, at: 1) }
    skipSpaces()
    guard position < characters.count else { throw FormulaError(.empty, in: text, at: 1) }
    var amounts: Amounts = []
    while true {
      let coefficient = try leadingCoefficient()
      let part = try group(depth: 0)
      amounts += part.map { ($0, $1 * coefficient) }
      skipSpaces()
      guard position < characters.count else { break }
      guard isSeparator(at: position) else {
        let character = characters[position]
        let kind: FormulaError.Kind = ")]}".contains(character) ? .unbalancedBracket(character) : .unexpected(character)
        throw FormulaError(kind, in: text, at: position + 1)
      }
      position += 1
      skipSpaces()
    }
    guard let composition = Composition(amounts) else {
      // Amounts are not negative, so nothing is left or the sum overflows.
      let isZero = amounts.allSatisfy { $0.1 == 0 }
      throw FormulaError(isZero ? .nothingLeft : .badAmount("amounts too large"), in: text, at: 1)
    }
    return composition
  }

  /// A number before a part, as in `75Li2S·25P2S5`; 1 when there is none.
  private mutating func leadingCoefficient() throws(FormulaError) -> Double {
    guard position < characters.count, characters[position].isASCIIDigit || characters[position] == "." else { return 1 }
    return try amount(allowingHydrate: false) ?? 1
  }

  /// Symbols and brackets up to a separator, a closing bracket or the end.
  private mutating func group(depth: Int) throws(FormulaError) -> Amounts {
    var amounts: Amounts = []
    let start = position
    while true {
      skipSpaces()
      guard position < characters.count else { break }
      let character = characters[position]
      var inner: Amounts
      if character.isUppercaseASCII {
        inner = [(try symbol(), 1)]
      } else if let closing = Self.closing[character] {
        guard depth < Self.depthLimit else { throw FormulaError(.unexpected(character), in: text, at: position + 1) }
        let opened = position
        position += 1
        inner = try bracketContents(depth: depth + 1)
        skipSpaces()
        guard position < characters.count, characters[position] == closing else {
          throw FormulaError(.unbalancedBracket(character), in: text, at: opened + 1)
        }
        guard !inner.isEmpty else { throw FormulaError(.emptyBrackets, in: text, at: opened + 1) }
        position += 1
      } else {
        break
      }
      skipSpaces()
      if let factor = try amount(allowingHydrate: depth == 0) {
        inner = inner.map { ($0, $1 * factor) }
      }
      amounts += inner
    }
    guard !amounts.isEmpty || depth > 0 else {
      let at = min(position, characters.count - 1)
      let character = characters[at]
      if position < characters.count, character.isLowercase {
        throw unknownSymbol(from: position)
      }
      let kind: FormulaError.Kind =
        ")]}".contains(character) ? .unbalancedBracket(character) : character == "-" ? .negativeAmount : .unexpected(character)
      throw FormulaError(kind, in: text, at: max(start, at) + 1)
    }
    if position < characters.count {
      if characters[position].isLowercase { throw unknownSymbol(from: position) }
      if characters[position] == "-" { throw FormulaError(.negativeAmount, in: text, at: position + 1) }
    }
    return amounts
  }

  /// Inside brackets, parts may be separated as outside.
  private mutating func bracketContents(depth: Int) throws(FormulaError) -> Amounts {
    var amounts: Amounts = []
    skipSpaces()
    while true {
      let coefficient = try leadingCoefficient()
      amounts += try group(depth: depth).map { ($0, $1 * coefficient) }
      skipSpaces()
      guard position < characters.count, characters[position] == "·" else { return amounts }
      position += 1
      skipSpaces()
    }
  }

  private static let closing: [Character: Character] = ["(": ")", "[": "]", "{": "}"]

  private mutating func symbol() throws(FormulaError) -> Element {
    let start = position
    var end = position + 1
    while end < characters.count, characters[end].isLowercase { end += 1 }
    let letters = String(characters[start..<end])
    guard let element = Element(letters) ?? (letters == "D" || letters == "T" ? .hydrogen : nil) else {
      throw unknownSymbol(from: start)
    }
    position = end
    return element
  }

  /// An amount after a symbol or bracket; nil when there is none.
  private mutating func amount(allowingHydrate: Bool) throws(FormulaError) -> Double? {
    let start = position
    let whole = digits()
    var number = whole
    if position < characters.count, characters[position] == "." {
      if allowingHydrate, try isHydrateDot(after: whole) {
        return try value(whole, at: start)
      }
      position += 1
      let decimals = digits()
      number += "." + decimals
      if position < characters.count, characters[position] == ".", !allowingHydrate || decimals.isEmpty {
        throw FormulaError(.badAmount(number + "."), in: text, at: start + 1)
      }
      if decimals.isEmpty { throw FormulaError(.badAmount(number), in: text, at: start + 1) }
    }
    guard !number.isEmpty else { return nil }
    let numerator = try value(number, at: start)
    guard position < characters.count, characters[position] == "/" else { return numerator }
    position += 1
    let denominator = digits()
    guard let divisor = Double(denominator), divisor > 0, let dividend = numerator else {
      throw FormulaError(.badAmount("\(number)/\(denominator)"), in: text, at: start + 1)
    }
    return dividend / divisor
  }

  private func value(_ digits: String, at start: Int) throws(FormulaError) -> Double? {
    guard !digits.isEmpty else { return nil }
    guard let value = Double(digits), value.isFinite else { throw FormulaError(.badAmount(digits), in: text, at: start + 1) }
    return value
  }

  /// Whether the dot at `position` begins water of hydration or another part, and not decimals.
  ///
  /// A dot before a symbol or bracket separates (`Li2S.P2S5`). Before digits it is decimal, unless
  /// water follows and nothing else does: `CuSO4.5H2O`, `MgCl2.6H2O`. Then a leading zero still makes
  /// it decimal (`Li0.5H2O`), and with more water than hydrates hold it is refused (`Li2.75H2O`).
  private func isHydrateDot(after whole: String) throws(FormulaError) -> Bool {
    var next = position + 1
    while next < characters.count, characters[next].isASCIIDigit || characters[next] == "." { next += 1 }
    let coefficient = String(characters[(position + 1)..<next])
    let rest = characters[next...]
    if coefficient.isEmpty { return rest.first.map { $0.isUppercaseASCII || "([{".contains($0) } ?? false }
    let isWater = ["H2O", "D2O", "(H2O)", "(D2O)"].contains {
      rest.starts(with: $0) && isWaterAlone(rest.dropFirst($0.count))
    }
    guard isWater, !whole.isEmpty, Double(whole) != 0 else { return false }
    guard let amount = Double(coefficient), amount <= Self.mostWater else {
      throw FormulaError(.ambiguousDot, in: text, at: position + 1)
    }
    return true
  }

  /// Whether nothing that would make the water part of a larger formula follows.
  private func isWaterAlone(_ rest: ArraySlice<Character>) -> Bool {
    guard let next = rest.first(where: { $0 != " " }) else { return true }
    return next == "·" || next == "." || ")]}".contains(next)
  }

  private func isSeparator(at index: Int) -> Bool { characters[index] == "·" || characters[index] == "." }

  private mutating func digits() -> String {
    let start = position
    while position < characters.count, characters[position].isASCIIDigit { position += 1 }
    return String(characters[start..<position])
  }

  private mutating func skipSpaces() {
    while position < characters.count, characters[position] == " " { position += 1 }
  }

  /// The letters from `start` are no element; suggests the reading that differs in case only.
  private func unknownSymbol(from start: Int) -> FormulaError {
    var end = start + 1
    while end < characters.count, characters[end].isLowercase { end += 1 }
    let letters = String(characters[start..<end])
    var suggestion: String?
    for length in stride(from: min(2, characters.count - start), through: 1, by: -1) {
      let candidate = characters[start..<start + length]
      let cased = String(candidate.prefix(1)).uppercased() + String(candidate.dropFirst()).lowercased()
      let whole = String(characters[..<start]) + cased + String(characters[(start + length)...])
      if cased != String(candidate), Element(cased) != nil, (try? FormulaParser.parse(whole)) != nil {
        suggestion = whole
        break
      }
    }
    return FormulaError(.unknownElement(letters), in: text, at: start + 1, suggestion: suggestion)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { self >= "0" && self <= "9" }
  fileprivate var isUppercaseASCII: Bool { self >= "A" && self <= "Z" }
}

extension Composition {
  /// Reads a formula such as `Li7La3Zr2O12`, `Li0.5(La1/2)TiO₃` or `CuSO4·5H2O`.
  ///
  /// - Throws: `FormulaError` with the place, and the nearest formula where one is near.
  /// - Complexity: O(length).
  public init(formula: String) throws(FormulaError) {
    self = try FormulaParser.parse(formula)
  }
}
