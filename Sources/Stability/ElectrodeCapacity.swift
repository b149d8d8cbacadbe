import Chemistry

/// What a material stores as an electrode, by its formula and the energies of known phases.
public struct ElectrodeCapacity: Sendable, Hashable {
  public let composition: Composition
  public let ion: MobileIon
  /// Ions it can give away, for one reduced formula unit.
  public let extractableIons: Double
  /// mAh/g when all of them leave.
  public let extraction: Double
  /// mAh/g taken up down to 0 V; 0 where nothing is.
  public let insertion: Double
  /// Mean voltage of giving all ions away against the metal, V; nil without ions or energies.
  public let extractionVoltage: Double?
  /// Mean voltage of taking ions up to 0 V.
  public let insertionVoltage: Double?
}

extension PhaseDiagram {
  /// Capacities from the formula; voltages from the energies of the equilibria, not of the host lattice.
  ///
  /// Where a host keeps its lattice, its own charged phase sets the voltage: give both with
  /// `averageVoltage(from:to:)`.
  /// The metal of the ion gives all of itself at 0 V.
  /// - Throws: `StabilityError.missingElements`.
  public func electrodeCapacity(
    of composition: Composition, ion: MobileIon = .lithium
  ) throws(StabilityError) -> ElectrodeCapacity {
    if composition.elements == [ion.element] {
      let perGram = Double(ion.charge) * VoltageProfile.milliampereHoursPerMole / ion.element.atomicMass
      return ElectrodeCapacity(
        composition: composition, ion: ion, extractableIons: 1, extraction: perGram, insertion: 0, extractionVoltage: 0,
        insertionVoltage: nil)
    }
    let profile = try voltageProfile(of: composition, ion: ion)
    let own = composition[ion.element]
    let divisor = composition.commonDivisor
    let charge = Double(ion.charge)
    let perGram = charge * VoltageProfile.milliampereHoursPerMole / composition.molarMass
    let energy = try materialEnergy(of: composition, given: nil) * composition.atomCount
    var inserted = 0.0
    var insertionVoltage: Double?
    if let full = profile.states.first, full.ions > own + 1e-9 {
      inserted = full.ions - own
      insertionVoltage = (energy - full.energy) / (inserted * charge)
    }
    var extractionVoltage: Double?
    if own > 0, let empty = profile.states.last, empty.ions < 1e-9 {
      extractionVoltage = (empty.energy - energy) / (own * charge)
    }
    return ElectrodeCapacity(
      composition: composition, ion: ion, extractableIons: own / divisor, extraction: own * perGram,
      insertion: inserted * perGram, extractionVoltage: extractionVoltage, insertionVoltage: insertionVoltage)
  }

  /// Mean voltage between a charged and a discharged material that differ in the ion alone, V:
  /// −[E(discharged) − E(charged) − Δn·E(ion)] / (z·Δn), M. K. Aydinol et al., Phys. Rev. B 56, 1354 (1997).
  ///
  /// - Returns: nil when they do not differ in the ion alone, or not in it.
  /// - Throws: `StabilityError.missingElements`.
  public func averageVoltage(
    from charged: Composition, to discharged: Composition, ion: MobileIon = .lithium
  ) throws(StabilityError) -> Double? {
    func others(_ c: Composition) -> Double { c.atomCount - c[ion.element] }
    guard others(charged) > 0, others(discharged) > 0 else { return nil }
    let scale = others(charged) / others(discharged)
    for element in ElementSet(charged).union(ElementSet(discharged)).elements where element != ion.element {
      guard abs(charged[element] - scale * discharged[element]) < 1e-6 * charged.atomCount else { return nil }
    }
    let moved = scale * discharged[ion.element] - charged[ion.element]
    guard moved > 1e-9 else { return nil }
    let high = try materialEnergy(of: charged, given: nil) * charged.atomCount
    let low = try materialEnergy(of: discharged, given: nil) * discharged.atomCount * scale
    return (high - low) / (moved * Double(ion.charge))
  }
}
