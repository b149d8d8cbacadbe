import Chemistry

extension Composition {
  /// Amounts divided by `commonDivisor`.
  package var reducedAmounts: [(element: Element, amount: Double)] {
    let divisor = commonDivisor
    return entries.map { ($0.element, $0.amount / divisor) }
  }

  /// Largest number that leaves whole amounts; 1 when an amount is not whole.
  ///
  /// Elements that are molecules of two atoms are counted as such: O2, not O.
  package var commonDivisor: Double {
    if entries.count == 1 {
      let isDiatomic = [1, 7, 8, 9, 17, 35, 53].contains(entries[0].element.atomicNumber)
      return isDiatomic ? entries[0].amount / 2 : entries[0].amount
    }
    var divisor = 0
    for entry in entries {
      guard entry.amount <= 1e9, entry.amount == entry.amount.rounded() else { return 1 }
      var (a, b) = (divisor, Int(entry.amount))
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    return Double(max(1, divisor))
  }

  /// Atoms in the formula that `phaseLabel` writes.
  package var atomsPerLabel: Double { atomCount / commonDivisor }

  /// The reduced formula, elements from the most to the least electropositive: `Li6PS5Cl`.
  ///
  /// The order is that of the IUPAC recommendations for formulae (Red Book 2005, Table VI): up the
  /// columns of the periodic table from right to left, hydrogen between columns 15 and 16.
  package var phaseLabel: String {
    reducedAmounts.sorted { $0.element.formulaRank < $1.element.formulaRank }
      .map { $0.element.symbol + Composition.amountText($0.amount) }
      .joined()
  }

  private static func amountText(_ amount: Double) -> String {
    if amount == 1 { return "" }
    if amount == amount.rounded(), amount < 1e15 { return String(Int(amount)) }
    let rounded = (amount * 1e6).rounded() / 1e6
    return "\(rounded)"
  }
}
