/// The charge at the end of a formula in plain text: `Li+`, `Fe3+`, `Ca++`, `PO43-`, `[Fe(CN)6]4-`.
///
/// After a single symbol or square brackets around the whole, digits before the sign are the charge; below the
/// line they are an amount (`Fe2+` is one iron with two charges, `Fe_2+` two irons with one). Elsewhere a
/// digit could be either, and is read the way whose oxidation states are the more usual by a factor of
/// twenty (`ClO4-`, `PO43-`); `VO2+` could be VO²⁺ or VO₂⁺ and is asked about.
struct FormulaCharge {
  /// How many bytes at the end belong to the charge.
  let length: Int
  let value: Int

  /// - Returns: nil where the text ends without a sign.
  /// - Throws: an ambiguity with both readings.
  static func read(
    _ input: FormulaNormalizer.Result, text: String, characters: [Character]
  ) throws(FormulaError) -> FormulaCharge? {
    let bytes = input.bytes
    var end = bytes.count
    while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard end > 1, let sign = bytes[..<end].last, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    var start = end
    while start > 0, bytes[start - 1] == sign { start -= 1 }
    let unit = sign == UInt8(ascii: "+") ? 1 : -1
    let tail = bytes.count - start
    if end - start > 1 { return start > 0 ? FormulaCharge(length: tail, value: unit * (end - start)) : nil }
    var digits = start
    while digits > 0, bytes[digits - 1] &- 48 < 10, !input.isLowered[digits - 1] { digits -= 1 }
    let count = start - digits
    guard start > 0 else { return nil }
    if count == 0 { return FormulaCharge(length: tail, value: unit) }
    func number(_ range: Range<Int>) -> Int { Int(String(decoding: bytes[range], as: UTF8.self)) ?? 0 }
    let body = Array(bytes[..<digits])
    // A decimal is an amount: Li0.5+.
    if count > 3 || body.isEmpty || body.last == UInt8(ascii: ".") || body.last == UInt8(ascii: "/") {
      return FormulaCharge(length: tail, value: unit)
    }
    func ambiguous() -> FormulaError {
      let place = input.positions[start] - 1
      let from = input.positions[digits] - 1
      let sign = String(characters[place])
      let split = String(characters[..<from]) + String(characters[from..<(place - 1)])
      return FormulaError(
        kind: .ambiguous(
          split + "^" + String(characters[place - 1]) + sign, or: String(characters[..<place]) + "^" + sign),
        text: text, position: place + 1)
    }
    let isIon = isOneSymbol(body) || isBracketed(body)
    if isIon, count == 1 { return FormulaCharge(length: tail + 1, value: unit * number(digits..<start)) }
    if isIon { throw ambiguous() }
    // All digits are an amount, or the last of them is the charge.
    let whole = logFrequency(bytes[..<start], charge: unit)
    let size = unit * number((start - 1)..<start)
    let split = logFrequency(bytes[..<(start - 1)], charge: size)
    if let whole, whole > (split ?? -.infinity) + certainty { return FormulaCharge(length: tail, value: unit) }
    if let split, split > (whole ?? -.infinity) + certainty { return FormulaCharge(length: tail + 1, value: size) }
    throw ambiguous()
  }

  /// A factor of twenty.
  private static let certainty = 3.0

  private static func logFrequency(_ bytes: ArraySlice<UInt8>, charge: Int) -> Double? {
    let result = Array(bytes).withUnsafeBufferPointer(FormulaScanner.composition)
    guard case .success(let composition) = result else { return nil }
    return ChargeFrequency.log(composition, charge: charge)
  }

  private static func isOneSymbol(_ bytes: [UInt8]) -> Bool {
    let letters = bytes.filter { $0 != UInt8(ascii: " ") }
    return Element(String(decoding: letters, as: UTF8.self)) != nil
  }

  private static func isBracketed(_ bytes: [UInt8]) -> Bool {
    guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return false }
    var depth = 0
    for (i, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth -= 1 }
      if depth == 0, i < bytes.count - 1 { return false }
    }
    return true
  }
}
