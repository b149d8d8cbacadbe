/// Turns what people paste into the ASCII that `FormulaScanner` reads, remembering where each byte
/// came from: Unicode subscripts, LaTeX, HTML tags, dots of all sorts, odd blanks, quotes around
/// the whole.
struct FormulaNormalizer {
  struct Result {
    var bytes: [UInt8] = []
    /// For each byte, the character of the original text it stands for, counted from 1.
    var positions: [Int] = []
    /// For each byte, whether it was written below the line, which makes it an amount.
    var isLowered: [Bool] = []
    /// The charge written above the line at the end, if there is one.
    var finalCharge: Int?
  }

  let text: String
  let characters: [Character]
  var index: Int
  let end: Int
  var result = Result()
  /// Whether what comes is below the line, because of an underscore.
  private var isLowering = false
  /// For each open brace: whether it belongs to LaTeX and is dropped.
  var braces: [Bool] = []

  /// - Parameters:
  ///   - text: the whole text, for errors.
  ///   - characters: those of `text`; parts that have been read already may be blanked.
  ///   - range: where the formula stands in them.
  static func normalize(
    _ text: String, _ characters: [Character], _ range: Range<Int>
  ) throws(FormulaError) -> Result {
    var normalizer = FormulaNormalizer(text, characters, range)
    while normalizer.index < normalizer.end { try normalizer.step() }
    try normalizer.dropVacancies()
    return normalizer.result
  }

  private init(_ text: String, _ characters: [Character], _ range: Range<Int>) {
    self.text = text
    self.characters = characters
    index = range.lowerBound
    end = range.upperBound
    result.bytes.reserveCapacity(range.count)
    result.positions.reserveCapacity(range.count)
    result.isLowered.reserveCapacity(range.count)
  }

  static let replacements: [Character: String] = {
    var table: [Character: String] = [
      "·": "*", "•": "*", "∙": "*", "⋅": "*", "‧": "*", "・": "*", "●": "*", "×": "*", "⸱": "*",
      "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "⁄": "/", "∕": "/",
      "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅙": "1/6", "⅛": "1/8",
      "\u{200B}": "", "\u{200C}": "", "\u{200D}": "", "\u{2060}": "", "\u{FEFF}": "", "\u{AD}": "",
      "$": "",
    ]
    for (digit, lowered) in lowered.enumerated() { table[lowered] = String(digit) }
    for (sign, ascii) in zip("₊₋₍₎ₓ", ["+", "-", "(", ")", "x"]) { table[sign] = ascii }
    // Full-width forms of ASCII.
    for value in UInt32(0xFF01)...0xFF5E {
      if let wide = UnicodeScalar(value), let narrow = UnicodeScalar(value - 0xFEE0) {
        table[Character(wide)] = String(Character(narrow))
      }
    }
    return table
  }()

  private static let lowered = "₀₁₂₃₄₅₆₇₈₉"

  static let separatorMacros: Set<String> = ["cdot", "bullet", "times", "ast"]
  static let blankMacros: Set<String> = ["quad", "qquad"]
  static let fontMacros: Set<String> = ["mathrm", "text", "rm", "mathit", "ce", "mathbf", "textrm"]

  private mutating func step() throws(FormulaError) {
    let character = characters[index]
    switch character {
    case "_":
      // Li_7, Li_{7}: a subscript; the braces go with it.
      index += 1
      isLowering = true
      if index < end, characters[index] == "{" {
        braces.append(true)
        index += 1
      }
    case "{":
      if index + 1 < end, characters[index + 1] == "}" {
        // {}^7Li
        index += 2
      } else {
        braces.append(false)
        append("{")
      }
    case "}":
      if braces.popLast() == true {
        index += 1
        isLowering = false
      } else {
        append("}")
      }
    case "[":
      append("[")
      if let mass = nuclide(from: index), mass < end, characters[mass] == "]" {
        while characters[index].isNumber { index += 1 }
      }
    case "□", "\u{2610}": append(String(UnicodeScalar(Self.vacancy)))
    case "V" where index + 2 < end && characters[index + 1] == "a" && characters[index + 2] == "c"
      && !(index + 3 < end && characters[index + 3].isLowercase):
      append(String(UnicodeScalar(Self.vacancy)))
      index += 2
    case "^", "⁺", "⁻": if !mark() { throw unexpected }
    case let digit where Self.superscripts[digit] != nil: if !mark() { throw unexpected }
    case "\\": try macro()
    case "<": try tag()
    case "½", "⅓", "⅔", "¼", "¾", "⅙", "⅛":
      if let last = result.bytes.last, last &- 48 < 10 { throw unexpected }
      append(Self.replacements[character] ?? "")
    default:
      if let replacement = Self.replacements[character] {
        append(replacement)
      } else if let letter = FormulaParameters.byte(for: character) {
        append(letter)
      } else if character.isWhitespace {
        append(" ")
      } else if character.isASCII, character >= " " {
        append(String(character))
      } else {
        throw unexpected
      }
    }
  }

  var unexpected: FormulaError {
    FormulaError(kind: .unexpected(characters[index]), text: text, position: index + 1)
  }

  /// Writes `replacement` for the character at `index` and steps over it.
  mutating func append(_ replacement: String) {
    for byte in replacement.utf8 { append(byte, isLowered: Self.lowered.contains(characters[index])) }
    index += 1
  }

  private mutating func append(_ letter: UInt8) {
    append(letter, isLowered: false)
    index += 1
  }

  private mutating func append(_ byte: UInt8, isLowered: Bool) {
    // An underscore without braces lowers one number.
    if isLowering, braces.last != true, byte &- 48 >= 10, byte != UInt8(ascii: ".") { isLowering = false }
    result.bytes.append(byte)
    result.positions.append(index + 1)
    result.isLowered.append(isLowered || isLowering)
    if byte != UInt8(ascii: " ") { result.finalCharge = nil }
  }
}
