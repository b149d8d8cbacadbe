/// Finds the components of glasses and other systems: `75Li2S-25P2S5`, `0.7(0.75Li2S·0.25P2S5)·0.3LiI`.
///
/// A formula is such a mixture when it has at least two parts, every one with an amount of its own, and none
/// is water; `CuSO4·5H2O` and `Li4SiO4·Li3PO4` are compounds.
enum GlassReader {
  /// - Parameter bytes: a normalized formula that the scanner has read.
  static func mixture(_ bytes: [UInt8]) -> Mixture? {
    guard bytes.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }),
      let parts = parts(bytes[...], times: 1, depth: 0), parts.count > 1
    else { return nil }
    return Mixture(
      parts.map { MixtureComponent(name: $0.composition.componentName, composition: $0.composition, moles: $0.moles, role: .matrix) })
  }

  private typealias Part = (composition: Composition, moles: Double)

  private static func parts(_ bytes: ArraySlice<UInt8>, times factor: Double, depth: Int) -> [Part]? {
    guard depth < 8 else { return nil }
    var result: [Part] = []
    for slice in split(bytes) {
      var i = slice.startIndex
      while i < slice.endIndex, slice[i] &- 48 < 10 || slice[i] == UInt8(ascii: ".") || slice[i] == UInt8(ascii: "/") { i += 1 }
      // Parameters write 675e-2.
      if i > slice.startIndex, i + 2 < slice.endIndex, slice[i] == UInt8(ascii: "e"), slice[i + 1] == UInt8(ascii: "-") {
        i += 2
        while i < slice.endIndex, slice[i] &- 48 < 10 { i += 1 }
      }
      let amounts = String(decoding: slice[..<i], as: UTF8.self).split(separator: "/").map { Double($0) }
      guard let first = amounts.first, var moles = first, amounts.count <= 2, i < slice.endIndex else { return nil }
      if amounts.count == 2 {
        guard let divisor = amounts[1], divisor > 0 else { return nil }
        moles /= divisor
      }
      moles *= factor
      let body = slice[i...]
      if let inside = inside(body), let nested = parts(inside, times: moles, depth: depth + 1), nested.count > 1 {
        result += nested
        continue
      }
      guard case .success(let composition) = Array(body).withUnsafeBufferPointer(FormulaScanner.composition),
        !isWater(composition)
      else { return nil }
      if moles > 0 { result.append((composition, moles)) }
    }
    return result
  }

  /// Cuts at separators outside brackets.
  private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    var depth = 0
    var start = bytes.startIndex
    func isDigit(_ i: Int) -> Bool { bytes.indices.contains(i) && bytes[i] &- 48 < 10 }
    for i in bytes.indices {
      let byte = bytes[i]
      if "([{".utf8.contains(byte) { depth += 1 }
      if ")]}".utf8.contains(byte) { depth -= 1 }
      let isExponent = byte == UInt8(ascii: "-") && i > bytes.startIndex && bytes[i - 1] == UInt8(ascii: "e")
        && isDigit(i - 2)
      let separates = byte == UInt8(ascii: "*") || (byte == UInt8(ascii: "-") && !isExponent)
        || (byte == UInt8(ascii: ".") && !isDigit(i + 1))
      if depth == 0, separates {
        result.append(trimmed(bytes[start..<i]))
        start = i + 1
      }
    }
    result.append(trimmed(bytes[start...]))
    return result
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return bytes
  }

  /// What is between brackets that go around the whole.
  private static func inside(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = bytes.first, "([{".utf8.contains(first), let last = bytes.last, ")]}".utf8.contains(last) else {
      return nil
    }
    var depth = 0
    for i in bytes.indices {
      if "([{".utf8.contains(bytes[i]) { depth += 1 }
      if ")]}".utf8.contains(bytes[i]) { depth -= 1 }
      if depth == 0, i < bytes.endIndex - 1 { return nil }
    }
    return bytes.dropFirst().dropLast()
  }

  private static func isWater(_ composition: Composition) -> Bool {
    composition.entries.count == 2 && composition[.hydrogen] == 2 * composition[Element(unchecked: 8)]
      && composition[.hydrogen] > 0
  }
}
