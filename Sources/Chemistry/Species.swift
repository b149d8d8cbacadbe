/// A formula with a charge: an ion, of one element or several.
///
///     try Species(formula: "PO4^3-").charge      // -3
///
/// A formula without a charge at its end is neutral. Where digits could be a charge or an amount, see
/// <doc:FormulaGrammar>.
public struct Species: Hashable, Sendable {
  public let composition: Composition
  /// In elementary charges.
  public let charge: Int

  public init(composition: Composition, charge: Int) {
    self.composition = composition
    self.charge = charge
  }

  /// - Throws: `FormulaError`, also for mixtures' ranges of parameters.
  public init(formula: String) throws(FormulaError) {
    let (composition, charge) = try FormulaReader(formula).species()
    self.init(composition: composition, charge: charge)
  }
}

extension Species: CustomStringConvertible {
  /// Such as `PO4^3-`, which reads back to the same value.
  public var description: String {
    guard charge != 0 else { return composition.formula }
    let size = abs(charge) == 1 ? "" : "\(abs(charge))"
    return composition.formula + "^" + size + (charge > 0 ? "+" : "-")
  }
}
