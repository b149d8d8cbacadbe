/// Turns what people paste into the ASCII that `FormulaScanner` reads, remembering where each byte
/// came from: Unicode subscripts, LaTeX, HTML tags, dots of all sorts, odd blanks, quotes around
/// the whole.
struct FormulaNormalizer {
  struct Result {
    var bytes: [UInt8] = []
    /// For each byte, the character of the original text it stands for, counted from 1.
    var positions: [Int] = []
    /// Characters of the original text.
    var length = 0

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// Whether the text has nothing to translate: letters, digits, brackets and `. * / - +` alone.
  static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in bytes where !plain[Int(byte)] { return false }
    return true
  }

  private static let plain: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()[]{}.*/-+ ".utf8 {
      table[Int(byte)] = true
    }
    return table
  }()

  private let text: String
  private let characters: [Character]
  private var index = 0
  private var end: Int
  private var result = Result()
  /// For each open brace: whether it belongs to LaTeX and is dropped.
  private var braces: [Bool] = []

  static func normalize(_ text: String) throws(FormulaError) -> Result {
    guard text.utf8.count <= 4 * FormulaParser.maximumLength else {
      throw FormulaError(kind: .tooLong, text: text, position: 1)
    }
    var normalizer = FormulaNormalizer(text)
    return try normalizer.run()
  }

  private init(_ text: String) {
    self.text = text
    characters = Array(text)
    end = characters.count
    result.bytes.reserveCapacity(characters.count)
    result.positions.reserveCapacity(characters.count)
    result.length = characters.count
  }

  private mutating func run() throws(FormulaError) -> Result {
    while index < end, characters[index].isWhitespace { index += 1 }
    while end > index, characters[end - 1].isWhitespace { end -= 1 }
    // One pair of quotes around the whole, as left by a double export.
    if end - index >= 2, let closing = Self.quotes[characters[index]], characters[end - 1] == closing {
      index += 1
      end -= 1
    }
    while index < end { try step() }
    try dropVacancies()
    return result
  }

  /// Stands for a vacancy until the text is complete; no other control byte is ever written.
  private static let vacancy: UInt8 = 1

  /// Puts a blank for each vacancy and its amount: they hold no atoms.
  ///
  /// A blank, not nothing, so that what stood on its two sides never becomes one symbol or number.
  private mutating func dropVacancies() throws(FormulaError) {
    guard result.bytes.contains(Self.vacancy) else { return }
    let (bytes, positions) = (result.bytes, result.positions)
    func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] &- 48 < 10 }
    result.bytes.removeAll(keepingCapacity: true)
    result.positions.removeAll(keepingCapacity: true)
    var i = 0
    while i < bytes.count {
      let isVacancy = bytes[i] == Self.vacancy
      result.bytes.append(isVacancy ? UInt8(ascii: " ") : bytes[i])
      result.positions.append(positions[i])
      let start = i
      i += 1
      guard isVacancy else { continue }
      while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
      while isDigit(i) { i += 1 }
      for mark in [UInt8(ascii: "."), UInt8(ascii: "/")]
      where i < bytes.count && bytes[i] == mark && isDigit(i + 1) {
        i += 1
        while isDigit(i) { i += 1 }
        // □1.5H2O: half a vacancy more, or five waters? Only a dot can be either.
        if mark == UInt8(ascii: "."), bytes[i...].starts(with: "H2O".utf8), bytes[start + 1] != 48 {
          throw FormulaError(kind: .badAmount("vacancy before water"), text: text, position: positions[start])
        }
      }
    }
  }

  private static let superscripts: Set<Character> = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

  /// Steps over a charge written above the line, `³⁺`, `^3-`, `^{3+}`, which changes no amounts.
  ///
  /// - Returns: false, at the same place, when what stands here is no charge.
  private mutating func charge() -> Bool {
    var next = index
    let isCaret = characters[next] == "^"
    if isCaret { next += 1 }
    let isBraced = isCaret && next < end && characters[next] == "{"
    if isBraced { next += 1 }
    while next < end, isCaret ? characters[next].isASCII && characters[next].isNumber
      : Self.superscripts.contains(characters[next]) { next += 1 }
    guard next < end, (isCaret ? "+-−–" : "⁺⁻").contains(characters[next]) else { return false }
    next += 1
    if isBraced {
      guard next < end, characters[next] == "}" else { return false }
      next += 1
    }
    append(" ")
    index = next
    return true
  }

  private static let quotes: [Character: Character] = ["\"": "\"", "'": "'", "“": "”", "‘": "’"]

  private static let replacements: [Character: String] = {
    var table: [Character: String] = [
      "·": "*", "•": "*", "∙": "*", "⋅": "*", "‧": "*", "・": "*", "●": "*", "×": "*", "⸱": "*",
      "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "⁄": "/", "∕": "/",
      "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅙": "1/6", "⅛": "1/8",
      "\u{200B}": "", "\u{200C}": "", "\u{200D}": "", "\u{2060}": "", "\u{FEFF}": "", "\u{AD}": "",
      "$": "",
    ]
    for (digit, lowered) in "₀₁₂₃₄₅₆₇₈₉".enumerated() { table[lowered] = String(digit) }
    // Full-width forms of ASCII.
    for value in UInt32(0xFF01)...0xFF5E {
      if let wide = UnicodeScalar(value), let narrow = UnicodeScalar(value - 0xFEE0) {
        table[Character(wide)] = String(Character(narrow))
      }
    }
    return table
  }()

  private static let separatorMacros: Set<String> = ["cdot", "bullet", "times", "ast"]
  private static let blankMacros: Set<String> = ["quad", "qquad"]
  private static let fontMacros: Set<String> = ["mathrm", "text", "rm", "mathit", "ce", "mathbf", "textrm"]

  private mutating func step() throws(FormulaError) {
    let character = characters[index]
    switch character {
    case "_":
      // Li_7, Li_{7}: a subscript; the braces go with it.
      index += 1
      if index < end, characters[index] == "{" {
        braces.append(true)
        index += 1
      }
    case "{":
      braces.append(false)
      append("{")
    case "}":
      if braces.popLast() == true { index += 1 } else { append("}") }
    case "□", "\u{2610}": append(String(UnicodeScalar(Self.vacancy)))
    case "^", "⁺", "⁻": if !charge() { throw unexpected }
    case let digit where Self.superscripts.contains(digit): if !charge() { throw unexpected }
    case "\u{1}": throw unexpected
    case "\\": try macro()
    case "<": try tag()
    case "½", "⅓", "⅔", "¼", "¾", "⅙", "⅛":
      if let last = result.bytes.last, last &- 48 < 10 { throw unexpected }
      append(Self.replacements[character] ?? "")
    default:
      if let replacement = Self.replacements[character] {
        append(replacement)
      } else if character.isWhitespace {
        append(" ")
      } else if character.isASCII {
        append(String(character))
      } else {
        throw unexpected
      }
    }
  }

  private var unexpected: FormulaError {
    FormulaError(kind: .unexpected(characters[index]), text: text, position: index + 1)
  }

  /// Writes `replacement` for the character at `index` and steps over it.
  private mutating func append(_ replacement: String) {
    for byte in replacement.utf8 {
      result.bytes.append(byte)
      result.positions.append(index + 1)
    }
    index += 1
  }

  /// `\cdot`, `\mathrm{Li}`, `\,`.
  private mutating func macro() throws(FormulaError) {
    var next = index + 1
    while next < end, characters[next].isLetter { next += 1 }
    let name = String(characters[index + 1..<next])
    if name.isEmpty, next < end, ",;:! ".contains(characters[next]) {
      index = next + 1
    } else if Self.separatorMacros.contains(name) {
      append("*")
      index = next
    } else if Self.blankMacros.contains(name) {
      append(" ")
      index = next
    } else if Self.fontMacros.contains(name) {
      index = next
      if index < end, characters[index] == "{" {
        braces.append(true)
        index += 1
      }
    } else {
      throw unexpected
    }
  }

  /// `<sub>`, `</sub>`: subscripts of a web page.
  private mutating func tag() throws(FormulaError) {
    for tag in ["<sub>", "</sub>", "<i>", "</i>"] where index + tag.count <= end {
      if String(characters[index..<index + tag.count]).lowercased() == tag {
        index += tag.count
        return
      }
    }
    throw unexpected
  }
}
