import Chemistry

/// The equilibria that a material passes through as ions are taken up or given away.
///
/// Each state is stable over a range of voltage. Between neighbouring states lies a plateau: there both
/// coexist and the ions move at constant voltage. Voltages are against the metal of the ion, whose
/// energy is the reference 0; equilibria are those of the known phases at 0 K, other elements staying
/// in place.
public struct VoltageProfile: Hashable, Sendable {
  public struct State: Hashable, Sendable {
    /// Volts; the lowest is 0, the upper end of the last state is infinity.
    public let voltages: ClosedRange<Double>
    /// Ions in the products for one formula unit of the material as written.
    public let ions: Double
    /// mAh taken up per gram of the material as written; negative where ions have left.
    public let capacity: Double
    /// Phases and their formula units for one formula unit of the material.
    public let products: [Reaction.Term]
    /// Energy of the products, eV for one formula unit of the material, ions counted as metal.
    public let energy: Double
  }

  public struct Plateau: Hashable, Sendable {
    public let voltage: Double
    /// mAh taken up per gram before and after, going down in voltage.
    public let capacities: ClosedRange<Double>
  }

  /// The material as written.
  public let composition: Composition
  public let ion: MobileIon
  /// By ascending voltage, so from the most to the least ions.
  public let states: [State]

  /// One between each two states, by ascending voltage.
  public var plateaus: [Plateau] {
    zip(states, states.dropFirst()).map { below, above in
      Plateau(voltage: below.voltages.upperBound, capacities: above.capacity...below.capacity)
    }
  }

  /// The state at a voltage of 0 or more; on a plateau the one above it.
  public func state(at voltage: Double) -> State? {
    voltage >= 0 ? states.last { $0.voltages.lowerBound <= voltage } : nil
  }

  /// Energy set free when a material with a formation energy, eV/atom, turns into its equilibrium at
  /// a voltage.
  ///
  /// - Returns: eV/atom of the material, at or above 0 for a material on or above the hull; nil for a
  ///   negative voltage.
  public func drivingForce(energy: Double, at voltage: Double) -> Double? {
    guard let state = state(at: voltage) else { return nil }
    let potential = Double(ion.charge) * voltage
    let material = energy * composition.atomCount + potential * composition[ion.element]
    return (material - state.energy - potential * state.ions) / composition.atomCount
  }

  /// Charge of a mole of electrons in mAh: the Faraday constant (exact since 2019) / 3.6.
  static let milliampereHoursPerMole = 96_485.332_123_310_018 / 3.6
}

extension PhaseDiagram {
  /// All equilibria of a material open to a mobile ion, from 0 V up.
  ///
  /// - Parameters:
  ///   - composition: any formula; it need not be in the table. Capacities are per gram of it.
  ///   - ion: the mobile one; voltages are against its metal.
  /// - Throws: `StabilityError.missingElements`, `.onlyMobileIon`.
  /// - Complexity: two linear programs for each state.
  public func voltageProfile(
    of composition: Composition, ion: MobileIon = .lithium
  ) throws(StabilityError) -> VoltageProfile {
    guard composition.entries.contains(where: { $0.element != ion.element }) else {
      throw .onlyMobileIon(ion.element)
    }
    var open = try OpenSubsystem(self, set: ElementSet(composition), ion: ion, asked: composition)
    guard let target = open.target(composition) else { throw .onlyMobileIon(ion.element) }
    let charge = Double(ion.charge)
    let pieces = try Envelope.pieces(from: 0, to: PhaseDiagram.highestVoltage) {
      voltage throws(StabilityError) -> Envelope.Line<OpenSubsystem.Equilibrium> in
      let found = try open.equilibrium(of: target, voltage: voltage).0
      return Envelope.Line(intercept: found.energy, slope: charge * found.ions, content: found)
    }
    let others = composition.atomCount - composition[ion.element]
    let mass = composition.molarMass
    let states = pieces.enumerated().map { k, piece in
      let ions = piece.line.content.ions * others
      let difference = ions - composition[ion.element]
      // What rounding leaves of the state of the material itself.
      let taken = abs(difference) < 1e-9 * composition.atomCount ? 0 : difference
      let isLast = k == pieces.count - 1
      return VoltageProfile.State(
        voltages: piece.lower...(isLast ? .infinity : piece.upper), ions: ions,
        capacity: taken * charge * VoltageProfile.milliampereHoursPerMole / mass,
        products: terms(piece.line.content, others: others, ion: ion.element),
        energy: piece.line.content.energy * others)
    }
    return VoltageProfile(composition: composition, ion: ion, states: states)
  }

  /// Beyond the reach of any chemistry: formation energies are some eV per atom.
  static let highestVoltage = 100.0

  /// Formula units of each phase where `others` atoms other than the ion are present.
  func terms(_ equilibrium: OpenSubsystem.Equilibrium, others: Double, ion: Element) -> [Reaction.Term] {
    equilibrium.shares.map { share in
      let composition = phases[share.phase].composition
      let perFormula = composition.atomCount - composition[ion]
      return Reaction.Term(share.amount * others / perFormula, of: composition)
    }
    .filter { $0.amount > Reaction.smallestAmount }
    .sorted { $0.formula < $1.formula }
  }
}
