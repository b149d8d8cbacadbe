extension FormulaScanner {
  /// The amount after an element or a closing bracket, 1 where none is written.
  mutating func scanAmount(element: UInt8, closesGroup: Bool) throws(Failure) -> Double {
    guard index < bytes.count else { return 1 }
    var byte = bytes[index]
    if byte &- 48 >= 10, byte != UInt8(ascii: "."), byte != UInt8(ascii: " "),
      byte != UInt8(ascii: "-")
    { return 1 }
    let before = index
    while byte == UInt8(ascii: " ") {
      index += 1
      guard index < bytes.count else { return 1 }
      byte = bytes[index]
    }
    if byte == UInt8(ascii: "-"), isDigit(index + 1) || (isDot(index + 1) && isDigit(index + 2)) {
      if partHasCoefficient, isPart(index + 1) { return 1 }
      throw Failure(kind: .kind(.negativeAmount), offset: index)
    }
    guard byte &- 48 < 10 || (byte == UInt8(ascii: ".") && isDigit(index + 1)) else { return 1 }
    let start = index
    // A plain amount of a few digits is nearly every amount there is.
    if byte &- 49 < 9, before == start {
      var value = Int(byte - 48)
      var next = index + 1
      while next < bytes.count, bytes[next] &- 48 < 10, next - start < 15 {
        value = value * 10 + Int(bytes[next] - 48)
        next += 1
      }
      let follower = next < bytes.count ? bytes[next] : 0
      if (follower &- 65 < 26 && follower != UInt8(ascii: "E")) || follower == 0 || follower == UInt8(ascii: "(")
        || follower == UInt8(ascii: ")")
      {
        index = next
        return Double(value)
      }
    }
    let value = try scanNumber()
    if before != start, index < bytes.count, startsItem(bytes[index]) {
      // "Li2S 3P2S5": the number stands with what follows.
      throw Failure(kind: .ambiguousNumber(start: start), offset: start)
    }
    if let dot = dotBefore(index, from: start),
      let first = try partEnd(start: start, dot: dot, element: element, closesGroup: closesGroup)
    {
      index = dot
      return first
    }
    return value
  }

  /// A number, perhaps divided by another. `index` is on its first digit or dot.
  mutating func scanNumber() throws(Failure) -> Double {
    let start = index
    var value = try scanDecimal()
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
      index += 1
      guard isDigit(index) else { throw Failure(kind: .badAmount(end: index), offset: start) }
      value /= try scanDecimal()
    }
    guard value.isFinite else { throw Failure(kind: .badAmount(end: index), offset: start) }
    return value
  }

  /// Digits with at most one decimal point, and an exponent.
  private mutating func scanDecimal() throws(Failure) -> Double {
    let start = index
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals = 0
    while isDigit(index) {
      mantissa = mantissa &* 10 &+ UInt64(bytes[index] - 48)
      digits += 1
      index += 1
    }
    let whole = digits
    if whole > 1, bytes[start] == UInt8(ascii: "0") {
      throw Failure(kind: .badAmount(end: index), offset: start)
    }
    if isDot(index), isDigit(index + 1) {
      var end = index + 1
      while isDigit(end) { end += 1 }
      // A number has one point: in 3.0.5H2O the first dot separates.
      if !(isDot(end) && isDigit(end + 1)) || whole == 0 {
        for i in index + 1..<end { mantissa = mantissa &* 10 &+ UInt64(bytes[i] - 48) }
        decimals = end - index - 1
        digits += decimals
        index = end
      }
    }
    var hasExponent = false
    if isExponent(index) {
      hasExponent = true
      index += bytes[index + 1] &- 48 < 10 ? 1 : 2
      while isDigit(index) { index += 1 }
    }
    // Both are exact, so the quotient is the nearest number (Clinger, PLDI 1990).
    if !hasExponent, digits <= 15 { return Double(mantissa) / FormulaScanner.powersOfTen[decimals] }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    return Double(text) ?? .infinity
  }

  /// 1 to 10¹⁵, all exact.
  static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// Whether an exponent such as e-07, E5 or e+16 begins here.
  func isExponent(_ i: Int) -> Bool {
    guard i > 0, i < bytes.count, bytes[i] | 32 == UInt8(ascii: "e"), isDigit(i - 1) || isDot(i - 1) else {
      return false
    }
    if isDigit(i + 1) { return true }
    return i + 1 < bytes.count && (bytes[i + 1] == UInt8(ascii: "-") || bytes[i + 1] == UInt8(ascii: "+"))
      && isDigit(i + 2)
  }
}
