import Chemistry

/// Between which voltages a material neither takes up nor gives away the mobile ion.
///
///     let window = try diagram.electrochemicalWindow(of: Composition(formula: "Li6PS5Cl"))
///     window.reduction?.voltage      // V vs Li/Li⁺; nil: stable against the metal
///     window.oxidation?.reaction     // what it turns into above the window
///
/// A thermodynamic limit: reactions that kinetics forbid are counted, polarisation is not. For a
/// material that is not on the hull it is the window of the phase equilibria at its composition, what
/// the material has become; a width of zero means that those already touch the limit.
public struct ElectrochemicalWindow: Hashable, Sendable {
  public struct Limit: Hashable, Sendable {
    /// Volts against the metal of the ion.
    public let voltage: Double
    /// Of one formula unit, in reduced formula units.
    public let reaction: Reaction
  }

  /// Where ions are first taken up going down; nil when the metal itself is no threat.
  public let reduction: Limit?
  /// Where ions first leave going up; nil when none can leave.
  public let oxidation: Limit?
  /// What the known phases make of this composition without exchange of ions.
  public let decomposition: Decomposition
  public let profile: VoltageProfile

  /// Volts of the limits: 0 for stability against the metal, infinity for no oxidation.
  public var voltages: ClosedRange<Double> {
    let low = reduction?.voltage ?? 0
    return low...max(low, oxidation?.voltage ?? .infinity)
  }
}

extension PhaseDiagram {
  /// The electrochemical window of a material.
  ///
  /// - Parameters:
  ///   - composition: any formula; it need not be in the table.
  ///   - ion: the mobile one; voltages are against its metal.
  ///   - tolerance: ions per atom of the material that may be exchanged unnoticed. Formulae of
  ///     disordered materials are rounded: Li0.33La0.56TiO3 has 0.01 electron too many, which would
  ///     be a trace of some reduced phase and set the limit. 0 for exact formulae.
  /// - Throws: `StabilityError.missingElements`, `.onlyMobileIon`.
  public func electrochemicalWindow(
    of composition: Composition, ion: MobileIon = .lithium, tolerance: Double = 0.003
  ) throws(StabilityError) -> ElectrochemicalWindow {
    let profile = try voltageProfile(of: composition, ion: ion)
    let decomposition = try decomposition(of: composition)
    let own = composition[ion.element]
    // Rounding of the linear programs is far below this.
    let slack = max(1e-7, tolerance) * composition.atomCount
    var reduction: ElectrochemicalWindow.Limit?
    var oxidation: ElectrochemicalWindow.Limit?
    if let state = profile.states.last(where: { $0.ions > own + slack }) {
      reduction = limit(state.voltages.upperBound, profile, state)
    }
    if let state = profile.states.first(where: { $0.ions < own - slack }) {
      oxidation = limit(state.voltages.lowerBound, profile, state)
    }
    return ElectrochemicalWindow(
      reduction: reduction, oxidation: oxidation, decomposition: decomposition, profile: profile)
  }

  private func limit(
    _ voltage: Double, _ profile: VoltageProfile, _ state: VoltageProfile.State
  ) -> ElectrochemicalWindow.Limit {
    let divisor = profile.composition.commonDivisor
    let taken = (state.ions - profile.composition[profile.ion.element]) / divisor
    var reactants = [Reaction.Term(1 / divisor, of: profile.composition)]
    var products = state.products.map { Reaction.Term($0, dividedBy: divisor) }
    if let metal = Composition([(profile.ion.element, 1)]) {
      let ions = Reaction.Term(abs(taken), of: metal)
      if taken > 0 { reactants.append(ions) } else { products.append(ions) }
    }
    return .init(voltage: voltage, reaction: Reaction(reactants: reactants, products: products))
  }
}

extension Reaction.Term {
  init(_ term: Reaction.Term, dividedBy divisor: Double) {
    amount = term.amount / divisor
    formula = term.formula
    composition = term.composition
  }
}
