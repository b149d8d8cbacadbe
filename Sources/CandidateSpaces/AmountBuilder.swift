import Chemistry

/// Collects amounts of elements, in any order, into a composition; one allocation for each.
struct AmountBuilder {
  private var entries: [Composition.Entry] = []

  init(capacity: Int) { entries.reserveCapacity(capacity) }

  /// Amounts of one element add up.
  mutating func add(_ amount: Double, of element: Element) {
    var place = entries.count
    while place > 0, entries[place - 1].element > element { place -= 1 }
    if place > 0, entries[place - 1].element == element {
      entries[place - 1] = Composition.Entry(element: element, amount: entries[place - 1].amount + amount)
    } else {
      entries.insert(Composition.Entry(element: element, amount: amount), at: place)
    }
  }

  /// Amounts rounded to nine decimals, so that 0.1 + 0.2 is 0.3; what is then zero is dropped.
  ///
  /// - Returns: nil when an amount is negative, or nothing is left.
  mutating func composition() -> Composition? {
    var kept = 0
    for entry in entries {
      let amount = SpaceTable.rounded(entry.amount)
      if amount < 0 { return nil }
      if amount > 0 {
        entries[kept] = Composition.Entry(element: entry.element, amount: amount)
        kept += 1
      }
    }
    entries.removeLast(entries.count - kept)
    return entries.isEmpty ? nil : Composition(ordered: entries)
  }
}
