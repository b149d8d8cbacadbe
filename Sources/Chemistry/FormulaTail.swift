/// What follows a dot whose meaning is not clear, up to the end of the part.
struct FormulaTail {
  /// The part is one molecule of water.
  let isWater: Bool
  /// The part is a compound of two or more elements, oxygen among them, and does not begin with OH.
  let isOxide: Bool
  private let start: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    self.start = start
    var end = start
    var letters = 0
    var hasOxygen = false
    var isPlain = true
    while end < bytes.count, bytes[end] != UInt8(ascii: "*") {
      let byte = bytes[end]
      // A dot between letters, or after a digit and before one, ends the part as well.
      if byte == UInt8(ascii: "."), !(end + 1 < bytes.count && bytes[end + 1] &- 48 < 10) { break }
      if byte &- 65 < 26 {
        letters += 1
        let isAlone = end + 1 == bytes.count || bytes[end + 1] &- 97 >= 26
        if byte == UInt8(ascii: "O"), isAlone { hasOxygen = true }
      } else if !(byte &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: ".") || byte == 32) {
        isPlain = false
      }
      end += 1
    }
    while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    let tail = bytes[start..<end]
    isWater = ["H2O", "D2O", "(H2O)", "(D2O)", "OH2"].contains { tail.elementsEqual($0.utf8) }
    isOxide = isPlain && letters >= 2 && hasOxygen && !tail.starts(with: "OH".utf8)
  }

  enum Reading { case separator, decimalPoint, undecided }

  /// Which of the two readings of the dot is charge neutral with common oxidation states.
  func neutralReading(_ bytes: UnsafeBufferPointer<UInt8>, dot: Int) -> Reading {
    // What stands before the dot, and the same with the digits after it.
    func isNeutral(_ range: Range<Int>) -> Bool {
      let copy = Array(bytes[range])
      guard case .success(let composition) = copy.withUnsafeBufferPointer(FormulaScanner.composition)
      else { return false }
      return OxidationStates.uniformCharges(of: composition, tolerance: 1e-6) != nil
    }
    switch (isNeutral(0..<dot), isNeutral(0..<start)) {
    case (true, false): return .separator
    case (false, true): return .decimalPoint
    default: return .undecided
    }
  }
}
