/// Looks over a TOML document before the parser does: toml++ stops the process, by assertions, at
/// a table header without a name and where a value is missing.
///
/// Follows strings, comments and brackets as the parser does up to the first mistake, so a valid
/// document always passes; all other mistakes are left to the parser.
struct TOMLCheck {
  struct Mistake {
    let line: Int
    let column: Int
    let problem: String
  }

  private let letters: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// Open brackets: `[` of arrays and `{` of inline tables.
  private var open: [Unicode.Scalar] = []

  private init(_ text: String) { letters = Array(text.unicodeScalars) }

  /// The first mistake of these kinds, or nil.
  static func mistake(in text: String) -> Mistake? {
    var check = TOMLCheck(text)
    return check.run()
  }

  private var letter: Unicode.Scalar? { position < letters.count ? letters[position] : nil }

  private func mistake(_ problem: String) -> Mistake {
    Mistake(line: line, column: position - lineStart + 1, problem: problem)
  }

  private mutating func run() -> Mistake? {
    var isLineStart = true
    while let letter {
      if letter == "\n" {
        advance()
        isLineStart = true
        continue
      }
      if Self.isBlank(letter) {
        advance()
        continue
      }
      if letter == "#" {
        skipComment()
        continue
      }
      if letter == "\"" || letter == "'" {
        skipString(letter)
      } else if letter == "[", isLineStart, open.isEmpty {
        advance()
        if self.letter == "[" { advance() }
        skipBlanks()
        // The parser itself refuses an empty name and the end of the text.
        if let next = self.letter, next != "]", !Self.isKeyStart(next) { return mistake("no name of a table behind [") }
        while let next = self.letter, next != "\n", next != "#" {
          if next == "\"" || next == "'" { skipString(next) } else { advance() }
        }
      } else if letter == "=" {
        advance()
        skipBlanks()
        if let next = self.letter, "]},#\n".unicodeScalars.contains(next) { return mistake("no value behind =") }
      } else {
        advance()
        switch letter {
        case "[", "{": open.append(letter)
        case "]", "}": _ = open.popLast()
        default: break
        }
        if letter == "[" || (letter == "," && open.last == "[") {
          while let next = self.letter, next == "\n" || next == "#" || Self.isBlank(next) {
            if next == "#" { skipComment() } else { advance() }
          }
          if self.letter == "}" { return mistake("} where a value of a list is expected") }
        }
      }
      isLineStart = false
    }
    return nil
  }

  private mutating func advance() {
    if letters[position] == "\n" {
      line += 1
      lineStart = position + 1
    }
    position += 1
  }

  private mutating func skipBlanks() { while let letter, Self.isBlank(letter) { advance() } }

  private mutating func skipComment() { while let letter, letter != "\n" { advance() } }

  private func repeats(_ quote: Unicode.Scalar) -> Bool {
    position + 2 < letters.count && letters[position...position + 2].allSatisfy { $0 == quote }
  }

  private mutating func skipString(_ quote: Unicode.Scalar) {
    let isLong = repeats(quote)
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    while let letter {
      if letter == "\n", !isLong { return }
      if isLong ? repeats(quote) : letter == quote {
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        // Up to two quotation marks may stand before the closing three.
        while isLong, self.letter == quote { advance() }
        return
      }
      advance()
      if quote == "\"", letter == "\\", self.letter != nil { advance() }
    }
  }

  private static func isBlank(_ letter: Unicode.Scalar) -> Bool { letter == " " || letter == "\t" || letter == "\r" || (letter.value > 127 && letter.properties.isWhitespace) }

  private static func isKeyStart(_ letter: Unicode.Scalar) -> Bool {
    switch letter {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "\"", "'": true
    default: false
    }
  }
}
