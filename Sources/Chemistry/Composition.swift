/// Amounts of elements, without structure: what a chemical formula says.
///
///     let llzo = try Composition(formula: "Li7La3Zr2O12")
///     llzo[lithium]                 // 7
///     llzo.fraction(of: oxygen)     // 0.5
///     llzo.hillFormula              // "La3Li7O12Zr2"
///
/// Entries are kept in order of atomic number, so equal contents make equal values. Equality is
/// exact; compare `normalized` values to ask whether two formulas name the same material.
public struct Composition: Hashable, Sendable {
  /// An element and its amount, always positive.
  public struct Entry: Hashable, Sendable {
    public let element: Element
    public let amount: Double
  }

  /// By ascending atomic number; each element once.
  public let entries: [Entry]

  /// Amounts of one element add up; amounts of zero are dropped.
  ///
  /// - Returns: nil when an amount is negative, NaN or infinite, or nothing is left.
  public init?(_ amounts: some Sequence<(Element, Double)>) {
    var kept: [Entry] = []
    for (element, amount) in amounts {
      guard amount >= 0, amount.isFinite else { return nil }
      guard amount > 0 else { continue }
      let place = kept.firstIndex { $0.element >= element } ?? kept.count
      if place < kept.count, kept[place].element == element {
        kept[place] = Entry(element: element, amount: kept[place].amount + amount)
      } else {
        kept.insert(Entry(element: element, amount: amount), at: place)
      }
    }
    guard !kept.isEmpty, kept.allSatisfy(\.amount.isFinite) else { return nil }
    entries = kept
  }

  private init(entries: [Entry]) { self.entries = entries }

  /// The amount of an element, 0 when it is absent. O(entries).
  public subscript(element: Element) -> Double {
    entries.first { $0.element == element }?.amount ?? 0
  }

  /// Sum of all amounts.
  public var atomCount: Double { entries.reduce(0) { $0 + $1.amount } }

  /// Share of the atoms, 0 to 1.
  public func fraction(of element: Element) -> Double { self[element] / atomCount }

  public var elements: [Element] { entries.map(\.element) }

  /// Mass of one mole of formula units, in g/mol.
  public var molarMass: Double { entries.reduce(0) { $0 + $1.amount * $1.element.mass } }

  /// Share of the mass, 0 to 1.
  public func weightFraction(of element: Element) -> Double { self[element] * element.mass / molarMass }

  /// Every amount times a positive, finite factor; nil for another factor.
  public func scaled(by factor: Double) -> Composition? {
    Composition(entries.map { ($0.element, $0.amount * factor) })
  }

  /// The sum of two compositions, amount by amount.
  public static func + (a: Composition, b: Composition) -> Composition {
    var entries = a.entries
    for entry in b.entries {
      let place = entries.firstIndex { $0.element >= entry.element } ?? entries.count
      if place < entries.count, entries[place].element == entry.element {
        entries[place] = Entry(element: entry.element, amount: entries[place].amount + entry.amount)
      } else {
        entries.insert(entry, at: place)
      }
    }
    return Composition(entries: entries)
  }

  /// Atomic fractions, rounded to a multiple of 1e-9: equal for formulas of one material.
  ///
  /// Li2O, Li4O2 and Li0.6666666667O0.3333333333 have one normalized composition.
  public var normalized: Composition {
    let total = atomCount
    return Composition(
      entries: entries.map { Entry(element: $0.element, amount: ($0.amount / total * 1e9).rounded() / 1e9) })
  }

  /// The elements with hyphens between, alphabetically: `La-Li-O-Zr`.
  public var chemicalSystem: String { elements.map(\.symbol).sorted().joined(separator: "-") }
}
