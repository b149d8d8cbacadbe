extension Composition {
  /// Smallest whole amounts, where the amounts are in whole ratios; nil otherwise.
  ///
  /// Li8P4O14 gives Li4P2O7. A ratio counts as whole within one part in 10⁶, for a common
  /// denominator of at most 1000.
  public var reducedAmounts: [Int]? {
    guard let smallest = entries.map(\.amount).min() else { return nil }
    for multiplier in 1...1000 {
      let scaled = entries.map { $0.amount / smallest * Double(multiplier) }
      guard scaled.allSatisfy({ $0 < 1e6 }) else { return nil }
      if scaled.allSatisfy({ abs($0 - $0.rounded()) <= 1e-6 * $0 }) {
        let whole = scaled.map { Int($0.rounded()) }
        let divisor = whole.reduce(0, greatestCommonDivisor)
        return whole.map { $0 / divisor }
      }
    }
    return nil
  }

  /// The formula with the smallest whole amounts, electropositive elements first: `Li3PS4`.
  ///
  /// Compositions in no whole ratio keep their amounts as they are.
  public var reducedFormula: String {
    let amounts = reducedAmounts.map { $0.map(Double.init) } ?? entries.map(\.amount)
    let order = entries.indices.sorted {
      entries[$0].element.formulaOrder < entries[$1].element.formulaOrder
    }
    return Composition.text(order.map { (entries[$0].element, amounts[$0]) })
  }

  /// The formula with the amounts as they are, electropositive elements first.
  public var formula: String {
    Composition.text(
      entries.sorted { $0.element.formulaOrder < $1.element.formulaOrder }.map { ($0.element, $0.amount) })
  }

  /// Carbon first and hydrogen second if there is carbon, the rest by symbol
  /// (E. A. Hill, J. Am. Chem. Soc. 22 (1900) 478).
  public var hillFormula: String {
    let symbols = Set(elements.map(\.symbol))
    func key(_ symbol: String) -> (Int, String) {
      guard symbols.contains("C") else { return (2, symbol) }
      return (symbol == "C" ? 0 : symbol == "H" ? 1 : 2, symbol)
    }
    return Composition.text(
      entries.sorted { key($0.element.symbol) < key($1.element.symbol) }.map { ($0.element, $0.amount) })
  }

  /// Symbols with their amounts; an amount of one is not written.
  private static func text(_ parts: [(Element, Double)]) -> String {
    parts.map { $0.symbol + ($1 == 1 ? "" : amountText($1)) }.joined()
  }

  /// An amount in digits without an exponent, so that a parser of formulas reads it back.
  static func amountText(_ amount: Double) -> String {
    if amount == amount.rounded(), amount < 1e15 { return String(Int64(amount)) }
    let text = "\(amount)"
    guard let mark = text.firstIndex(where: { $0 == "e" }), let exponent = Int(text[text.index(after: mark)...])
    else { return text }
    let digits = text[..<mark].filter { $0 != "." }
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let fraction = text[..<mark].split(separator: ".").dropFirst().first?.count ?? 0
    return digits + String(repeating: "0", count: max(0, exponent - fraction))
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
