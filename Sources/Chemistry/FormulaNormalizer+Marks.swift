extension FormulaNormalizer {
  /// Stands for a vacancy until the text is complete; no other control byte is ever written.
  static let vacancy: UInt8 = 1

  /// Puts a blank for each vacancy and its amount: they hold no atoms.
  ///
  /// A blank, not nothing, so that what stood on its two sides never becomes one symbol or number.
  mutating func dropVacancies() throws(FormulaError) {
    guard result.bytes.contains(Self.vacancy) else { return }
    let (bytes, positions, isLowered) = (result.bytes, result.positions, result.isLowered)
    func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] &- 48 < 10 }
    result.bytes.removeAll(keepingCapacity: true)
    result.positions.removeAll(keepingCapacity: true)
    result.isLowered.removeAll(keepingCapacity: true)
    var i = 0
    while i < bytes.count {
      let isVacancy = bytes[i] == Self.vacancy
      result.bytes.append(isVacancy ? UInt8(ascii: " ") : bytes[i])
      result.positions.append(positions[i])
      result.isLowered.append(isLowered[i])
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

  static let superscripts: [Character: Int] = [
    "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
  ]

  /// Steps over what is written above the line: a charge (`³⁺`, `^3-`, `^{3+}`) or the mass number of the
  /// nuclide that follows (`⁷Li`, `^7Li`, `^{7}Li`). Neither changes amounts.
  ///
  /// - Returns: false, at the same place, when what stands here is neither.
  mutating func mark() -> Bool {
    var next = index
    let isCaret = characters[next] == "^"
    if isCaret { next += 1 }
    let isBraced = isCaret && next < end && characters[next] == "{"
    if isBraced { next += 1 }
    var number: Int?
    while next < end, let digit = value(of: characters[next], isCaret: isCaret), number ?? 0 < 1000 {
      number = 10 * (number ?? 0) + digit
      next += 1
    }
    guard next < end else { return false }
    var charge: Int?
    if (isCaret ? "+-−–" : "⁺⁻").contains(characters[next]) {
      charge = ("+⁺".contains(characters[next]) ? 1 : -1) * (number ?? 1)
      next += 1
      if next < end, number == nil, value(of: characters[next], isCaret: isCaret) != nil { return false }
    }
    if isBraced {
      guard next < end, characters[next] == "}" else { return false }
      next += 1
    }
    if charge == nil {
      guard let number else { return false }
      while next < end, characters[next] == "$" { next += 1 }
      guard let symbol = symbol(at: next), Isotopes.shared.isKnown(number, of: symbol.element) else { return false }
    }
    append(" ")
    index = next
    result.finalCharge = charge
    return true
  }

  private func value(of character: Character, isCaret: Bool) -> Int? {
    guard isCaret else { return Self.superscripts[character] }
    return character.isASCII ? character.wholeNumberValue : nil
  }

  private func symbol(at start: Int) -> (element: Element, end: Int)? {
    guard start < end, characters[start].isUppercase else { return nil }
    let next = start + 1 < end && characters[start + 1].isLowercase ? start + 2 : start + 1
    return Element(String(characters[start..<next])).map { ($0, next) }
  }

  /// The end of the symbol after the mass number of one of its isotopes: `7Li`.
  func nuclide(from start: Int) -> Int? {
    var next = start
    while next < end, next < start + 3, characters[next].isASCII, characters[next].isNumber { next += 1 }
    guard let mass = Int(String(characters[start..<next])), let symbol = symbol(at: next),
      Isotopes.shared.isKnown(mass, of: symbol.element)
    else { return nil }
    return symbol.end
  }

  /// `\cdot`, `\mathrm{Li}`, `\,`.
  mutating func macro() throws(FormulaError) {
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
  mutating func tag() throws(FormulaError) {
    for tag in ["<sub>", "</sub>", "<i>", "</i>"] where index + tag.count <= end {
      if String(characters[index..<index + tag.count]).lowercased() == tag {
        index += tag.count
        return
      }
    }
    throw unexpected
  }
}
