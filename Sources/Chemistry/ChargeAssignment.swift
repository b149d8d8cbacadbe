import Foundation

/// Neutral oxidation states of a composition.
public struct ChargeAssignment: Sendable, Equatable {
  /// An oxidation state and the share of an element's atoms that have it.
  public struct StateShare: Sendable, Equatable {
    public let charge: Int
    /// 0...1; adding up to 1.
    public let share: Double
  }

  public struct ElementCharge: Sendable, Equatable {
    public let element: Element
    /// In elementary charges for each atom.
    public let meanCharge: Double
    /// One state, or the two that make the mean.
    public let states: [StateShare]
  }

  /// What the assignment had to allow.
  public enum Method: String, Sendable, Equatable {
    /// Each atom of the whole formula has a usual state.
    case whole
    /// Shares of atoms have usual states: fractional amounts, or mixed valence.
    case mixed
    /// Usual states, neutral but for 1% of a charge per atom, as formulas with rounded amounts are.
    case rounded
    /// Shares of atoms, states that are rare in the ICSD too.
    case rare
  }

  /// By atomic number.
  public let elements: [ElementCharge]
  public let method: Method
  /// The mean over the atoms of how often the state they were given is counted in the ICSD; what
  /// assignments of one composition are ranked by.
  public let score: Double
  /// How usual the states are: the geometric mean over the atoms of the share of their state among
  /// the element's charged states in the ICSD. 1 where every element has its only state.
  public let probability: Double
  /// Charge per atom that rounding of the formula leaves.
  public let residual: Double

  /// The mean charge of an element, nil when it is not there.
  public subscript(element: Element) -> Double? { elements.first { $0.element == element }?.meanCharge }

  func hasSameCharges(as other: ChargeAssignment) -> Bool {
    zip(elements, other.elements).allSatisfy { abs($0.meanCharge - $1.meanCharge) < 1e-9 }
  }

  /// - Parameters:
  ///   - charges: mean charges of the entries.
  ///   - atoms: whole numbers of atoms of the entries, for `whole`.
  init(
    _ composition: Composition, charges: [Double], atoms wholeAtoms: [Int]?, score: Double,
    level: OxidationSolver.Level
  ) {
    let table = level == .rare ? OxidationStateTable.extended : .usual
    var elements: [ElementCharge] = []
    var (logarithm, residual, atoms) = (0.0, 0.0, 0.0)
    for (i, (entry, mean)) in zip(composition.entries, charges).enumerated() {
      var states: [StateShare] = []
      let z = entry.element.atomicNumber
      if composition.entries.count > 1,
        let mixture = table.mixture(z, mean: mean, atoms: wholeAtoms?[i])
      {
        let (own, shares) = (table.states[z - 1], table.logShares[z - 1])
        if mixture.share < 1 { states.append(StateShare(charge: own[mixture.low].charge, share: 1 - mixture.share)) }
        if mixture.share > 0 { states.append(StateShare(charge: own[mixture.high].charge, share: mixture.share)) }
        logarithm +=
          entry.amount * ((1 - mixture.share) * shares[mixture.low] + mixture.share * shares[mixture.high])
      } else {
        states.append(StateShare(charge: Int(mean), share: 1))
      }
      atoms += entry.amount
      residual += entry.amount * mean
      elements.append(ElementCharge(element: entry.element, meanCharge: mean, states: states))
    }
    self.elements = elements
    self.score = score
    probability = exp(logarithm / atoms)
    self.residual = abs(residual / atoms) < 1e-9 ? 0 : residual / atoms
    method =
      switch level {
      case .whole: .whole
      case .mixed: .mixed
      case .rounded: .rounded
      case .rare, .unbalanced: .rare
      }
  }
}
