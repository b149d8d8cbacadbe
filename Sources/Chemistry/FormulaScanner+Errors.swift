extension FormulaScanner.Failure {
  /// The error with its place in the text as it was given.
  ///
  /// - Parameter positions: the character of `text` for each byte that was scanned; nil when they
  ///   are the bytes of `text` itself.
  func error(in text: String, positions: [Int]?) -> FormulaError {
    let characters = Array(text)
    func position(_ offset: Int) -> Int {
      guard let positions else { return offset + 1 }
      return offset < positions.count ? positions[offset] : (positions.last ?? 0) + 1
    }
    /// The characters of the original text behind some bytes.
    func excerpt(_ end: Int) -> String {
      let first = position(offset) - 1
      let last = max(first, position(max(offset, end - 1)) - 1)
      guard last < characters.count else { return "" }
      return String(characters[first...last])
    }
    let place = position(offset)
    let kind: FormulaError.Kind
    switch self.kind {
    case .kind(let known): kind = known
    case .unknownElement(let end): kind = .unknownElement(excerpt(end))
    case .badAmount(let end): kind = .badAmount(excerpt(end))
    case .unexpected:
      kind = place <= characters.count ? .unexpected(characters[place - 1]) : .unexpectedEnd
    case .ambiguousDot:
      kind = .ambiguous(
        Self.separated(characters, at: place - 1), or: Self.bracketed(characters, around: place - 1))
    case .ambiguousNuclide(let end):
      let last = position(end - 1)
      let (number, symbol) = (String(characters[(place - 1)..<last]), String(characters[last...]).trimmed)
      let formula = number.drop(while: \.isNumber) + symbol
      kind = .ambiguous("[\(number)]\(symbol)", or: "\(number.prefix(while: \.isNumber))(\(formula))")
    case .ambiguousNumber:
      let before = String(characters[..<(place - 1)]).trimmed
      let after = String(characters[(place - 1)...])
      kind = .ambiguous(before + after, or: before + "·" + after)
    }
    return FormulaError(kind: kind, text: text, position: place)
  }

  /// The formula with the dot as a separator: of LiCl0.5H2O, where nobody means no chlorine, LiCl·0.5H2O.
  private static func separated(_ characters: [Character], at dot: Int) -> String {
    let isZero = dot > 1 && characters[dot - 1] == "0" && !characters[dot - 2].isNumber
    return isZero
      ? String(characters[..<(dot - 1)]) + "·0." + String(characters[(dot + 1)...])
      : String(characters[..<dot]) + "·" + String(characters[(dot + 1)...])
  }

  /// The formula with the item whose amount has its decimal point at `dot` put in brackets.
  private static func bracketed(_ characters: [Character], around dot: Int) -> String {
    var end = dot + 1
    while end < characters.count, characters[end].isNumber { end += 1 }
    var start = dot
    while start > 0, characters[start - 1].isNumber { start -= 1 }
    if start > 0, ")]}".contains(characters[start - 1]) {
      var depth = 0
      repeat {
        start -= 1
        if ")]}".contains(characters[start]) { depth += 1 }
        if "([{".contains(characters[start]) { depth -= 1 }
      } while depth > 0 && start > 0
    } else {
      while start > 0, characters[start - 1].isLowercase { start -= 1 }
      if start > 0 { start -= 1 }
    }
    return String(characters[..<start]) + "(" + String(characters[start..<end]) + ")"
      + String(characters[end...])
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    var slice = self[...]
    while slice.first?.isWhitespace == true { slice.removeFirst() }
    while slice.last?.isWhitespace == true { slice.removeLast() }
    return String(slice)
  }
}
