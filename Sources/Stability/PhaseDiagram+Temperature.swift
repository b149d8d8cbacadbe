import Chemistry

/// Which gases take part, how hot it is and at what pressures they are.
public struct GasConditions: Sendable, Hashable {
  /// Kelvin.
  public var temperature: Double
  /// Bar, by formula as in `GasSpecies.bundled`; others are at `otherPressure`.
  public var pressures: [String: Double]
  public var otherPressure: Double

  public init(temperature: Double, pressures: [String: Double] = [:], otherPressure: Double = 1) {
    self.temperature = temperature
    self.pressures = pressures
    self.otherPressure = otherPressure
  }

  func potential(_ gas: GasSpecies) -> Double {
    gas.chemicalPotential(at: temperature, pressure: pressures[gas.formula] ?? otherPressure)
  }
}

extension PhaseDiagram {
  /// What estimates at temperature assume; printed beside every one of them.
  public static let temperatureAssumptions = [
    "enthalpies of solids are their 0 K or 298 K energies; their heat capacities and entropies are left out",
    "gases are ideal; enthalpy and entropy from NASA TM-4513 (1993)",
    "equilibrium only: kinetics and surface layers can delay every reaction",
  ]

  /// This diagram at a temperature: gases with enthalpy and entropy, solids as they are.
  ///
  /// Energies become Gibbs energies of formation, so gaseous elements shift all their compounds.
  /// - Throws: as `init`.
  public func atTemperature(
    _ conditions: GasConditions, gases: [GasSpecies] = GasSpecies.bundled
  ) throws(StabilityError) -> PhaseDiagram {
    let usable = gases.filter { ElementSet($0.composition).isSubset(of: known) }
    // Free energy of each element's stable form, eV/atom above the solid or the gas at 298 K.
    var shift = [Double](repeating: 0, count: Element.count + 1)
    for element in elements {
      let forms = usable.filter { $0.composition.entries.count == 1 && $0.composition.contains(element) }
      let values = forms.map { conditions.potential($0) / $0.composition.atomCount }
      guard let lowest = values.min() else { continue }
      // An element that is a gas at 298 K has no other form here; others may stay condensed at 0.
      let isGas = forms.contains { abs($0.enthalpy(at: GasSpecies.standardTemperature)) < 50 }
      shift[element.atomicNumber] = isGas ? lowest : min(0, lowest)
    }
    func relative(_ energy: Double, _ composition: Composition) -> Double {
      var sum = energy * composition.atomCount
      for entry in composition.entries { sum -= entry.amount * shift[entry.element.atomicNumber] }
      return sum / composition.atomCount
    }
    let vapours = Set(usable.map { CompositionKey($0.composition) })
    var moved: [Phase] = []
    for phase in phases where phase.composition.entries.count > 1 {
      // The gas itself stands for what is a gas at 298 K; its condensed form stays for the rest.
      let isVapour = vapours.contains(CompositionKey(phase.composition)) && isGasAtRoomTemperature(phase)
      if isVapour { continue }
      moved.append(
        Phase(
          phase.name, composition: phase.composition,
          formationEnergy: relative(phase.formationEnergy, phase.composition), source: phase.source))
    }
    for gas in usable where gas.composition.entries.count > 1 {
      let energy = conditions.potential(gas) / gas.composition.atomCount
      moved.append(
        Phase(
          gas.formula + "(g)", composition: gas.composition,
          formationEnergy: relative(energy, gas.composition), source: "gas"))
    }
    return try PhaseDiagram(moved + elements.compactMap { element in
      Composition([(element, 1)]).map { Phase($0, formationEnergy: 0) }
    })
  }

  /// Whether the table's energy is that of the gas, which then counts once.
  private func isGasAtRoomTemperature(_ phase: Phase) -> Bool {
    GasSpecies.bundled.contains { gas in
      guard CompositionKey(gas.composition) == CompositionKey(phase.composition) else { return false }
      let enthalpy = gas.enthalpy(at: GasSpecies.standardTemperature) / GasSpecies.joulesPerElectronvolt
      return abs(enthalpy / gas.composition.atomCount - phase.formationEnergy) < 0.02
    }
  }

  /// Whether a composition is one of the bundled gases.
  static func isGas(_ composition: Composition) -> Bool {
    gasKeys.contains(CompositionKey(composition))
  }

  private static let gasKeys = Set(GasSpecies.bundled.map { CompositionKey($0.composition) })
}
