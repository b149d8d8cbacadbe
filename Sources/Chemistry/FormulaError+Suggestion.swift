extension FormulaError {
  /// The nearest text that can be read, if there is one: `Li7La3Zr2O12` for `LI7La3Zr2O12`.
  ///
  /// Every suggestion has been read to the end. Complexity: O(length) readings at most.
  public var suggestion: String? {
    guard text.utf8.count <= 200 else { return nil }
    return candidates.first { $0 != text && (try? Composition(formula: $0)) != nil }
  }

  /// Texts that the writer may have meant, most likely first.
  private var candidates: [String] {
    let characters = Array(text)
    let place = position - 1
    var found: [String] = []
    func replacing(_ index: Int, with replacement: String) {
      guard characters.indices.contains(index) else { return }
      found.append(
        String(characters[..<index]) + replacement + String(characters[(index + 1)...]))
    }
    let latin = String(characters.map { Self.lookalikes[$0] ?? $0 })
    if latin != text { found.append(latin) }
    switch kind {
    case .unknownElement(let symbol):
      // The digit one typed as the letter l: Lil.3.
      if symbol.last == "l" { replacing(place + symbol.count - 1, with: "1") }
      if symbol == "Va" {
        // A vacancy of the CALPHAD tables.
        replacing(place + 1, with: "ac")
      }
      if let recased = Self.recased(latin) { found.append(recased) }
    case .unexpected(let character):
      // A mixture without blanks, a glass without amounts.
      if character == "+" { replacing(place, with: " + ") }
      if "-−–".contains(character) { replacing(place, with: "·") }
      if let recased = Self.recased(latin) { found.append(recased) }
      if place + 1 < characters.count, character.isLowercase {
        let swapped = [characters[place + 1], character]
        found.append(
          String(characters[..<place]) + String(swapped) + String(characters[(place + 2)...]))
      }
      if !character.isLetter, !character.isNumber, character != "<", character != ">" {
        replacing(place, with: "")
      }
    case .badAmount(let amount):
      // A zero typed for the letter O: Li2C03.
      if amount.first == "0" { replacing(place, with: "O") }
    case .unbalancedBracket:
      guard characters.indices.contains(place) else { break }
      switch characters[place] {
      case "(": found.append(text.trimmed + ")")
      case "[": found.append(text.trimmed + "]")
      case "{": found.append(text.trimmed + "}")
      default: replacing(place, with: "")
      }
    case .emptyBrackets:
      if place + 1 < characters.count {
        found.append(String(characters[..<place]) + String(characters[(place + 2)...]))
      }
    case .unexpectedEnd:
      found.append(String(text.trimmed.dropLast()))
    default: break
    }
    return found
  }

  /// Letters of other alphabets that look like those of symbols.
  private static let lookalikes: [Character: Character] = [
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "К": "K", "М": "M", "О": "O", "Р": "P",
    "Ѕ": "S", "Т": "T", "Х": "X", "а": "a", "с": "c", "е": "e", "і": "i", "о": "o", "р": "p", "ѕ": "s",
    "у": "y", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
    "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "ο": "o", "ν": "v",
  ]

  /// The same letters in upper and lower case such that all are symbols, changing as few as can be.
  private static func recased(_ text: String) -> String? {
    let characters = Array(text)
    guard characters.allSatisfy(\.isASCII) else { return nil }
    // best[i]: fewest changes for the text from i on, and the letters of the symbol at i.
    var best = [(cost: Int, symbol: String)?](repeating: nil, count: characters.count + 1)
    best[characters.count] = (0, "")
    for i in stride(from: characters.count - 1, through: 0, by: -1) {
      guard characters[i].isLetter else {
        best[i] = best[i + 1].map { ($0.cost, String(characters[i])) }
        continue
      }
      for length in [2, 1] where i + length <= characters.count {
        let letters = characters[i..<i + length]
        guard letters.allSatisfy(\.isLetter), let rest = best[i + length] else { continue }
        let symbol = String(letters.prefix(1)).uppercased() + String(letters.dropFirst()).lowercased()
        guard Element(symbol) != nil else { continue }
        let changes = zip(symbol, letters).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        let cost = rest.cost + changes
        if cost < best[i]?.cost ?? .max { best[i] = (cost, symbol) }
      }
    }
    guard best[0] != nil else { return nil }
    var result = ""
    var i = 0
    while i < characters.count {
      guard let symbol = best[i]?.symbol, !symbol.isEmpty else { return nil }
      result += symbol
      i += symbol.count
    }
    return result
  }
}
