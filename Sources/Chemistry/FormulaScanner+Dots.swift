extension FormulaScanner {
  /// The decimal point of the number that ends at `end`, if it has one and is followed by an item.
  func dotBefore(_ end: Int, from start: Int) -> Int? {
    guard end < bytes.count, startsItem(bytes[end]) else { return nil }
    var dot: Int?
    for i in start..<end {
      if isDot(i) { dot = i } else if bytes[i] &- 48 >= 10 { return nil }
    }
    return dot
  }

  /// Decides whether the dot in `…O4.5H2O` separates two parts.
  ///
  /// It can only separate when water follows and either the element before it is oxygen (nobody
  /// splits the oxygen in two), or charges balance that way and not the other.
  ///
  /// - Returns: the amount before the dot if it separates, nil if it is a decimal point.
  /// - Throws: an ambiguity when both readings make sense.
  func partEnd(
    start: Int, dot: Int, element: UInt8, closesGroup: Bool
  ) throws(Failure) -> Double? {
    let fraction = dot + 1..<index
    // Coefficients of a part are whole here and have no leading zero.
    guard bytes[fraction.lowerBound] != UInt8(ascii: "0") else { return nil }
    let tail = FormulaTail(bytes, from: index)
    guard tail.isWater || (element == 8 && dot > start && tail.isOxide) else { return nil }
    let whole = dot > start ? Double(String(decoding: bytes[start..<dot], as: UTF8.self)) ?? 1 : 1
    if tail.isWater, whole != 0 {
      if element == 8 || closesGroup { return whole }
      switch tail.neutralReading(bytes, dot: dot) {
      case .separator: return whole
      case .decimalPoint: return nil
      case .undecided: break
      }
    }
    throw Failure(kind: .ambiguousDot(dot: dot), offset: dot)
  }

  @inline(__always)
  func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] &- 48 < 10 }

  @inline(__always)
  func isDot(_ i: Int) -> Bool { i < bytes.count && bytes[i] == UInt8(ascii: ".") }

  @inline(__always)
  func startsItem(_ byte: UInt8) -> Bool {
    byte &- 65 < 26 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
  }

  /// Whether anything but blanks is left before the end or the closing bracket.
  func hasMore(_ depth: Int) -> Bool {
    var i = index
    while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
    return i < bytes.count
  }

  /// Whether a number and the symbols or brackets of a compound begin here: `25P2S5`, `0.5(Li2O)`.
  func isPart(_ start: Int) -> Bool {
    var i = start
    while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
    while i < bytes.count, isDigit(i) || isDot(i) || bytes[i] == UInt8(ascii: "/") { i += 1 }
    if isExponent(i) {
      i += 2
      while isDigit(i) { i += 1 }
    }
    guard i < bytes.count else { return false }
    if startsItem(bytes[i]), bytes[i] &- 65 >= 26 { return true }
    // One symbol is no compound: 2LiCl-1O is a mistake.
    var symbols = 0
    while i < bytes.count, symbols < 2 {
      if bytes[i] &- 65 < 26 { symbols += 1 } else if bytes[i] &- 97 >= 26, !isDigit(i), !isDot(i) { break }
      i += 1
    }
    return symbols == 2
  }

  /// The end of the symbol after a whole number that is the mass number of a natural isotope of it.
  func endOfNuclide(from start: Int) -> Int? {
    guard index < bytes.count, bytes[index] &- 65 < 26, index - start <= 3,
      let mass = Int(String(decoding: bytes[start..<index], as: UTF8.self))
    else { return nil }
    let end = index + 1 < bytes.count && bytes[index + 1] &- 97 < 26 ? index + 2 : index + 1
    guard let element = Element(String(decoding: bytes[index..<end], as: UTF8.self)) else { return nil }
    return Isotopes.shared.isCommon(mass, of: element) ? end : nil
  }
}
