import Chemistry

/// A set of elements in two machine words: the key of a chemical system.
package struct ElementSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  package init() {}

  package init(_ elements: some Sequence<Element>) {
    for element in elements { insert(element) }
  }

  package init(_ composition: Composition) {
    for entry in composition.entries { insert(entry.element) }
  }

  package mutating func insert(_ element: Element) {
    let bit = element.atomicNumber - 1
    if bit < 64 { low |= 1 << UInt64(bit) } else { high |= 1 << UInt64(bit - 64) }
  }

  package func contains(_ element: Element) -> Bool {
    let bit = element.atomicNumber - 1
    return bit < 64 ? low >> UInt64(bit) & 1 == 1 : high >> UInt64(bit - 64) & 1 == 1
  }

  package func isSubset(of other: ElementSet) -> Bool {
    low & ~other.low == 0 && high & ~other.high == 0
  }

  package func union(_ other: ElementSet) -> ElementSet {
    var result = self
    result.low |= other.low
    result.high |= other.high
    return result
  }

  package var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }

  /// By ascending atomic number.
  package var elements: [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for (word, offset) in [(low, 1), (high, 65)] {
      var rest = word
      while rest != 0 {
        result.append(Element(unchecked: rest.trailingZeroBitCount + offset))
        rest &= rest - 1
      }
    }
    return result
  }
}

extension ElementSet {
  /// A total order: fewer elements first, then the numerical value of the bits.
  func precedes(_ other: ElementSet) -> Bool {
    if count != other.count { return count < other.count }
    if high != other.high { return high < other.high }
    return low < other.low
  }
}
