extension Composition {
  /// The formula with all amounts as they are, from the least to the most electronegative element:
  /// `Li6.4La3Zr1.4Ta0.6O12`.
  ///
  /// `Composition(formula:)` reads it back to the same value, bit by bit.
  public var formula: String {
    let ordered = electronegativityOrder
    var items = ordered.map { $0.element.symbol + Composition.exactText($0.amount) }
    // Li1.5H2O could be Li1 and five waters: the brackets say that it is not.
    let last = items.count - 3
    if last >= 0, items.suffix(2) == ["H2", "O"], ordered[last].amount.rounded() != ordered[last].amount {
      items[last] = "(" + items[last] + ")"
    }
    return items.joined()
  }

  /// The formula divided by its largest whole divisor, written as pymatgen does: from the least to
  /// the most electronegative element, an anion group that occurs several times in brackets
  /// (`LiTi2(PO4)3`), and molecules such as O2 and Li2O2 left whole. Amounts that are not whole stay.
  public var reducedFormula: String {
    guard let amounts = wholeAmounts(tolerance: 1e-8) else {
      return electronegativityOrder.map { $0.element.symbol + Composition.text($0.amount) }.joined()
    }
    let text = Composition.reduced(amounts).formula
    return Composition.unreduced[text] ?? text
  }

  /// `reducedFormula` after scaling the amounts to whole numbers: `Li0.5La0.5TiO3` gives `LiLaTi2O6`.
  ///
  /// - Parameter largestFactor: amounts that are not whole, to 1e-6, after multiplication with any
  ///   number up to this stay as they are.
  /// - Complexity: O(largestFactor · entries).
  public func integerReducedFormula(largestFactor: Int = 1000) -> String {
    let total = atomCount
    let smallest = entries.map(\.amount).min() ?? 1
    // The least abundant element fixes which multiples can be whole.
    for count in 1...max(1, largestFactor) {
      let factor = Double(count) / smallest
      let scaled = entries.map { $0.amount * factor }
      guard scaled.allSatisfy({ $0 < 1e9 }) else { break }
      if scaled.allSatisfy({ abs($0 - $0.rounded()) <= 1e-6 * max(1, $0 / total) }) {
        return Composition(
          ordered: zip(entries, scaled).map { Entry(element: $0.element, amount: $1.rounded()) }
        ).reducedFormula
      }
    }
    return reducedFormula
  }

  /// Hill's order: carbon, hydrogen, then by symbol; without carbon all by symbol (E. A. Hill, 1900).
  public var hillFormula: String {
    var ordered = entries.sorted { $0.element.symbol < $1.element.symbol }
    let carbon = Element(unchecked: 6)
    if contains(carbon) {
      func rank(_ element: Element) -> Int { element == carbon ? 0 : element.atomicNumber == 1 ? 1 : 2 }
      ordered.sort {
        (rank($0.element), $0.element.symbol) < (rank($1.element), $1.element.symbol)
      }
    }
    return ordered.map { $0.element.symbol + Composition.text($0.amount) }.joined()
  }

  /// Amounts in ascending order with letters for elements: `ABC3` for every ternary perovskite.
  /// Divided by the largest whole divisor. Beyond 26 elements, letters repeat with a prime.
  public var anonymizedFormula: String {
    let divisor = wholeAmounts(tolerance: 1e-8).map { Composition.commonDivisor($0.map(\.amount)) } ?? 1
    let amounts = entries.map { $0.amount / Double(divisor) }.sorted()
    return amounts.enumerated().map { index, amount in
      let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
      return letter + String(repeating: "'", count: index / 26) + Composition.text(amount)
    }.joined()
  }

  /// The symbols in alphabetical order: `Li-O-P`.
  public var chemicalSystem: String { entries.map(\.element.symbol).sorted().joined(separator: "-") }

  // MARK: Parts

  /// Pauling's electronegativity, then the symbol; elements without a value stand last.
  private var electronegativityOrder: [Entry] {
    entries.sorted { Composition.precedes($0.element, $1.element) }
  }

  private static func precedes(_ a: Element, _ b: Element) -> Bool {
    (a.electronegativity ?? .infinity, a.symbol) < (b.electronegativity ?? .infinity, b.symbol)
  }

  private typealias Whole = (element: Element, amount: Int)

  /// The amounts in the order of formulas if all are whole.
  private func wholeAmounts(tolerance: Double) -> [Whole]? {
    var amounts: [Whole] = []
    for entry in electronegativityOrder {
      let rounded = entry.amount.rounded()
      guard abs(entry.amount - rounded) < tolerance, rounded < 1e15 else { return nil }
      if rounded > 0 { amounts.append((entry.element, Int(rounded))) }
    }
    return amounts.isEmpty ? nil : amounts
  }

  private static func commonDivisor(_ amounts: [Int]) -> Int {
    var divisor = 0
    for amount in amounts {
      var (a, b) = (divisor, amount)
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    return max(1, divisor)
  }

  private static func reduced(_ amounts: [Whole]) -> (formula: String, divisor: Int) {
    let divisor = commonDivisor(amounts.map(\.amount))
    var amounts = amounts
    var anions = ""
    // The two most electronegative elements make a group when their electronegativities are near.
    if amounts.count >= 3 {
      let pair = Array(amounts.suffix(2))
      let step =
        (pair[1].element.electronegativity ?? .nan) - (pair[0].element.electronegativity ?? .nan)
      if step < 1.65 {
        let group = reduced(pair.map { ($0.element, $0.amount / divisor) })
        if group.divisor != 1 {
          anions = "(\(group.formula))\(group.divisor)"
          amounts.removeLast(2)
        }
      }
    }
    let rest = amounts.map { entry in
      entry.element.symbol + (entry.amount == divisor ? "" : String(entry.amount / divisor))
    }
    return (rest.joined() + anions, divisor)
  }

  /// Formulas of molecules and peroxides that are not divided further.
  private static let unreduced = [
    "LiO": "Li2O2", "NaO": "Na2O2", "KO": "K2O2", "HO": "H2O2", "CsO": "Cs2O2", "RbO": "Rb2O2",
    "O": "O2", "N": "N2", "F": "F2", "Cl": "Cl2", "H": "H2",
  ]

  /// Up to eight decimals, nothing for one.
  static func text(_ amount: Double) -> String {
    let rounded = (amount * 1e8).rounded() / 1e8
    return exactText(amount < 1e7 && rounded > 0 ? rounded : amount)
  }

  /// The shortest digits that read back as the same number, nothing for one.
  static func exactText(_ amount: Double) -> String {
    if amount == 1 { return "" }
    if amount == amount.rounded(), amount < 1e15 { return String(Int(amount)) }
    return "\(amount)"
  }
}

extension Composition: CustomStringConvertible {
  public var description: String { formula }
}
