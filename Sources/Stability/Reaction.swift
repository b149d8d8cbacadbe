import Chemistry

/// A balanced chemical equation.
public struct Reaction: Hashable, Sendable, CustomStringConvertible {
  public struct Term: Hashable, Sendable {
    /// Formula units.
    public let amount: Double
    /// Reduced formula, which `amount` counts.
    public let formula: String
    /// Of the reduced formula.
    public let composition: Composition

    /// `amount` formula units of a composition as written; counted in reduced formula units after.
    init(_ amount: Double, of composition: Composition) {
      self.amount = amount * composition.commonDivisor
      formula = composition.phaseLabel
      self.composition =
        Composition(composition.reducedAmounts.map { ($0.element, $0.amount) }) ?? composition
    }

    /// Atoms of an element in this term.
    public func amount(of element: Element) -> Double { amount * composition[element] }
  }

  public let reactants: [Term]
  public let products: [Term]

  /// `Li6PS5Cl + 8 Li → 5 Li2S + Li3P + LiCl`.
  public var description: String {
    Reaction.side(reactants) + " → " + Reaction.side(products)
  }

  private static func side(_ terms: [Term]) -> String {
    terms.map { term in
      let amount = DecimalText.rounded(term.amount)
      return amount == "1" ? term.formula : amount + " " + term.formula
    }.joined(separator: " + ")
  }

  /// Amounts below this are rounding.
  static let smallestAmount = 1e-7
}
