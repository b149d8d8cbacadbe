/// An element and its amount while a formula is read.
package struct FormulaItem {
  /// 1...118.
  package var number: UInt8
  package var amount: Double
}

/// The fast path: symbols, amounts and round or square brackets, `Li6.4La3(Zr1.4Ta0.6)O12`.
///
/// It reads a text the way `FormulaReader` does or leaves it to that. Whatever could have a second meaning
/// is left: dots before what might be water, leading numbers, letters that could be an abbreviation.
package enum PlainFormula {
  /// Items that one formula may have here; longer ones are left to `FormulaReader`.
  package static let maximumItems = 48

  /// - Returns: nil where the text is not plain.
  static func composition(_ bytes: UnsafeBufferPointer<UInt8>) -> Composition? {
    withUnsafeTemporaryAllocation(of: FormulaItem.self, capacity: maximumItems) { items -> Composition? in
      guard let count = scan(bytes, into: items) else { return nil }
      return Composition(
        ordered: [Composition.Entry](unsafeUninitializedCapacity: count) { buffer, initialized in
          for i in 0..<count {
            buffer.initializeElement(
              at: i,
              to: Composition.Entry(element: Element(unchecked: Int(items[i].number)), amount: items[i].amount))
          }
          initialized = count
        })
    }
  }

  /// Elements and amounts of a plain formula by ascending atomic number, without any allocation.
  ///
  /// - Parameter items: room for `maximumItems`.
  /// - Returns: how many were written; nil where the text is not plain.
  package static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, into items: UnsafeMutableBufferPointer<FormulaItem>
  ) -> Int? {
    guard let base = bytes.baseAddress, bytes.count <= 255 else { return nil }
    let length = bytes.count
    let symbols = SymbolTable.shared
    // Of each open bracket: eight bits of where its items start, eight of its kind.
    var starts: UInt64 = 0
    var kinds: UInt64 = 0
    var depth = 0
    var count = 0
    var hasDigits = false
    var i = 0
    while i < length {
      let byte = base[i]
      var first = count
      var element: UInt8 = 0
      if byte &- 65 < 26 {
        var second: UInt8 = 0
        i += 1
        if i < length, base[i] &- 97 < 26 {
          second = base[i]
          i += 1
          if i < length, base[i] &- 97 < 26 { return nil }
        }
        element = symbols.number(byte, second)
        guard element != 0, count < maximumItems else { return nil }
        items[count] = FormulaItem(number: element, amount: 1)
        count += 1
      } else if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") {
        guard depth < 8 else { return nil }
        starts = starts << 8 | UInt64(count)
        kinds = kinds << 8 | UInt64(byte)
        depth += 1
        i += 1
        continue
      } else if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") {
        // ( is followed by ) in ASCII, [ by ] after one more.
        guard depth > 0, byte &- UInt8(kinds & 255) == (byte == UInt8(ascii: ")") ? 1 : 2) else { return nil }
        first = Int(starts & 255)
        guard count > first else { return nil }
        starts >>= 8
        kinds >>= 8
        depth -= 1
        i += 1
      } else {
        return nil
      }

      guard i < length, base[i] &- 48 < 10 || base[i] == UInt8(ascii: ".") else { continue }
      hasDigits = true
      let start = i
      var mantissa: UInt64 = 0
      while i < length, base[i] &- 48 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(base[i] - 48)
        i += 1
      }
      guard i == start + 1 || base[start] != UInt8(ascii: "0"), i - start <= 15 else { return nil }
      var amount = Double(mantissa)
      if i < length, base[i] == UInt8(ascii: ".") {
        let dot = i
        i += 1
        while i < length, base[i] &- 48 < 10 {
          mantissa = mantissa &* 10 &+ UInt64(base[i] - 48)
          i += 1
        }
        guard i > dot + 1, i - start <= 16 else { return nil }
        // Both are exact, so the quotient is the nearest number (Clinger, PLDI 1990).
        amount = Double(mantissa) / FormulaScanner.powersOfTen[i - dot - 1]
        if i < length, base[dot + 1] != UInt8(ascii: "0"), mayBePart(base + i, length - i, after: element) {
          return nil
        }
      }
      if i < length {
        let next = base[i]
        if next == UInt8(ascii: ".") || next == UInt8(ascii: "/") { return nil }
        if next | 32 == UInt8(ascii: "e"), !(i + 1 < length && base[i + 1] &- 97 < 26) { return nil }
      }
      guard mantissa > 0 else { return nil }
      if element != 0 {
        items[first].amount = amount
      } else if amount != 1 {
        for k in first..<count { items[k].amount *= amount }
      }
    }
    guard depth == 0, hasDigits else { return nil }
    return merge(items, count)
  }

  /// Whether the `length` bytes at `tail` could be a part after a dot that separates (see `FormulaTail`): water, or
  /// after oxygen a part with oxygen of its own. `element` is 0 after a bracket.
  @inline(__always)
  private static func mayBePart(_ tail: UnsafePointer<UInt8>, _ length: Int, after element: UInt8) -> Bool {
    let second = length > 1 ? tail[1] : 0
    switch tail[0] {
    case UInt8(ascii: "H"), UInt8(ascii: "D"): if second == UInt8(ascii: "2") { return true }
    case UInt8(ascii: "O"): if second == UInt8(ascii: "H") { return true }
    case UInt8(ascii: "("), UInt8(ascii: "["): return true
    default: break
    }
    guard element == 8 else { return false }
    for k in 0..<length where tail[k] == UInt8(ascii: "O") { return true }
    return false
  }

  /// Adds up the items of each element and puts them in order of atomic number; returns how many are left.
  ///
  /// A formula has few elements: insertion keeps them in order.
  @inline(__always)
  static func merge(_ items: UnsafeMutableBufferPointer<FormulaItem>, _ count: Int) -> Int {
    var distinct = 0
    for i in 0..<count {
      let item = items[i]
      var j = distinct
      while j > 0, items[j - 1].number > item.number { j -= 1 }
      if j > 0, items[j - 1].number == item.number {
        items[j - 1].amount += item.amount
      } else {
        var k = distinct
        while k > j {
          items[k] = items[k - 1]
          k -= 1
        }
        items[j] = item
        distinct += 1
      }
    }
    return distinct
  }
}
