/// Amounts of elements, without structure: what a chemical formula says.
///
///     let llzo = try Composition(formula: "Li7La3Zr2O12")
///     llzo[.init("Li")!]            // 7
///     llzo.fraction(of: oxygen)     // 0.5
///
/// Entries are kept in order of atomic number, so equal contents make equal values.
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
    var sums = [Int: Double]()
    for (element, amount) in amounts {
      guard amount >= 0, amount.isFinite else { return nil }
      sums[element.atomicNumber, default: 0] += amount
    }
    let kept = sums.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    guard !kept.isEmpty, kept.allSatisfy({ $0.value.isFinite }) else { return nil }
    entries = kept.map { Entry(element: Element(unchecked: $0.key), amount: $0.value) }
  }

  /// The amount of an element, 0 when it is absent. O(log entries).
  public subscript(element: Element) -> Double {
    entries.first { $0.element == element }?.amount ?? 0
  }

  /// Sum of all amounts.
  public var atomCount: Double { entries.reduce(0) { $0 + $1.amount } }

  public func fraction(of element: Element) -> Double { self[element] / atomCount }

  public var elements: [Element] { entries.map(\.element) }
}
