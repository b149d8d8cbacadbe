/// Amounts of elements, without structure: what a chemical formula says.
///
///     let llzo = try Composition(formula: "Li7La3Zr2O12")
///     llzo[lithium]                 // 7
///     llzo.fraction(of: oxygen)     // 0.5
///     llzo.reducedFormula           // "Li7La3Zr2O12"
///
/// Entries are kept in order of atomic number, so equal contents make equal values. `==` compares
/// amounts bit by bit; `isClose(to:tolerance:)` allows for rounding.
public struct Composition: Hashable, Sendable {
  /// An element and its amount, always positive and finite.
  public struct Entry: Hashable, Sendable {
    public let element: Element
    public let amount: Double

    @inlinable package init(element: Element, amount: Double) {
      self.element = element
      self.amount = amount
    }
  }

  /// By ascending atomic number; each element once.
  public let entries: [Entry]

  /// The components, where the formula named them: `PEO + LiTFSI (EO:Li=18)`. Arithmetic drops them.
  public let mixture: Mixture?

  /// Amounts of one element add up; amounts of zero are dropped.
  ///
  /// - Returns: nil when an amount is negative, NaN or infinite, or nothing is left.
  public init?(_ amounts: some Sequence<(Element, Double)>) {
    var sums = [Double](repeating: 0, count: Element.count + 1)
    for (element, amount) in amounts {
      guard amount >= 0, amount.isFinite else { return nil }
      sums[element.atomicNumber] += amount
    }
    let kept = (1...Element.count).filter { sums[$0] > 0 }
    guard !kept.isEmpty, kept.allSatisfy({ sums[$0].isFinite }) else { return nil }
    entries = kept.map { Entry(element: Element(unchecked: $0), amount: sums[$0]) }
    mixture = nil
  }

  /// Entries that already are in order, distinct and positive.
  package init(ordered entries: [Entry], mixture: Mixture? = nil) {
    self.entries = entries
    self.mixture = mixture
  }

  /// The amount of an element, 0 when it is absent. O(entries).
  public subscript(element: Element) -> Double {
    for entry in entries where entry.element == element { return entry.amount }
    return 0
  }

  /// Sum of all amounts.
  public var atomCount: Double {
    var sum = 0.0
    for entry in entries { sum += entry.amount }
    return sum
  }

  /// The share of an element among the atoms.
  public func fraction(of element: Element) -> Double { self[element] / atomCount }

  public var elements: [Element] { entries.map(\.element) }

  public func contains(_ element: Element) -> Bool { entries.contains { $0.element == element } }

  /// Grams per mole of the formula as written.
  public var molarMass: Double { entries.reduce(0) { $0 + $1.amount * $1.element.atomicMass } }

  /// The share of an element in the mass.
  public func weightFraction(of element: Element) -> Double {
    self[element] * element.atomicMass / molarMass
  }

  /// The same elements, amounts adding up to 1.
  public var normalized: Composition {
    let total = atomCount
    return Composition(ordered: entries.map { Entry(element: $0.element, amount: $0.amount / total) })
  }

  /// Whether two compositions have the same atomic fractions, none of which differs by more than
  /// `tolerance`.
  ///
  /// The default, 1e-8, is beyond the digits that formulas are written with.
  public func hasSameFractions(as other: Composition, tolerance: Double = 1e-8) -> Bool {
    normalized.isClose(to: other.normalized, tolerance: tolerance)
  }

  /// Whether two compositions have the same amounts, each to within `tolerance`.
  public func isClose(to other: Composition, tolerance: Double = 1e-8) -> Bool {
    entries.allSatisfy { abs($0.amount - other[$0.element]) <= tolerance }
      && other.entries.allSatisfy { abs($0.amount - self[$0.element]) <= tolerance }
  }

  /// The sum of absolute differences of atomic fractions: 0 for the same, 2 where no element is shared.
  public func fractionDistance(to other: Composition) -> Double {
    let (m, n) = (atomCount, other.atomCount)
    var sum = 0.0
    for entry in entries { sum += abs(entry.amount / m - other[entry.element] / n) }
    for entry in other.entries where !contains(entry.element) { sum += entry.amount / n }
    return sum
  }

  // MARK: Arithmetic

  /// All atoms of both.
  public static func + (a: Composition, b: Composition) -> Composition {
    var sum: [Entry] = []
    sum.reserveCapacity(a.entries.count + b.entries.count)
    var (i, j) = (0, 0)
    while i < a.entries.count || j < b.entries.count {
      if j == b.entries.count || (i < a.entries.count && a.entries[i].element < b.entries[j].element) {
        sum.append(a.entries[i])
        i += 1
      } else if i == a.entries.count || b.entries[j].element < a.entries[i].element {
        sum.append(b.entries[j])
        j += 1
      } else {
        sum.append(
          Entry(element: a.entries[i].element, amount: a.entries[i].amount + b.entries[j].amount))
        i += 1
        j += 1
      }
    }
    return Composition(ordered: sum)
  }

  /// `factor` times every amount; the factor has to be positive and finite.
  public static func * (factor: Double, a: Composition) -> Composition {
    precondition(factor > 0 && factor.isFinite, "a composition times \(factor)")
    return Composition(
      ordered: a.entries.map { Entry(element: $0.element, amount: factor * $0.amount) })
  }
}
