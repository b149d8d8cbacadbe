import Chemistry

/// What moist air does to a material: an estimate.
public struct Hydrolysis: Sendable, Hashable {
  /// A gas that the reaction sets free.
  public struct Gas: Sendable, Hashable {
    public let formula: String
    /// Millimoles for each gram of the material.
    public let millimolesPerGram: Double
    /// Milligrams for each gram of the material.
    public let milligramsPerGram: Double
  }

  public let composition: Composition
  public let conditions: GasConditions
  /// Gibbs energy for one reduced formula unit, eV: below 0, moisture attacks it.
  public let energyPerFormula: Double
  /// The same in kJ for each mole of water taken up; nil where none is.
  public let energyPerWater: Double?
  public let reaction: Reaction?
  public let gases: [Gas]
  public let assumptions: [String]

  public var isStable: Bool { reaction == nil }
}

extension Hydrolysis {
  /// Water vapour and acid gases at the pressures that are assumed unless stated, bar.
  ///
  /// Not measurements but choices: water near half the saturation pressure of a warm day, acid gases at a
  /// hundred parts per million, the air's oxygen left out because it would oxidise what water does not
  /// touch.
  public static let ambient = GasConditions(
    temperature: 298.15, pressures: ["H2O": 0.016], otherPressure: 1e-4)
}

extension PhaseDiagram {
  /// The reaction with water vapour that sets most energy free for each formula unit.
  ///
  /// - Parameters:
  ///   - composition: any formula; it need not be in the table.
  ///   - energy: formation energy of the material, eV/atom; nil as in `interface`.
  ///   - conditions: temperature and the pressures of the gases.
  /// - Throws: `StabilityError.missingElements`, also where the table has no hydrogen or oxygen.
  public func hydrolysis(
    of composition: Composition, energy: Double? = nil, conditions: GasConditions = Hydrolysis.ambient
  ) throws(StabilityError) -> Hydrolysis {
    let water = Composition(ordered: [.init(element: .hydrogen, amount: 2), .init(element: Element(unchecked: 8), amount: 1)])
    let own = try materialEnergy(of: composition, given: energy)
    let whole = Phase(composition, formationEnergy: own)
    let set = ElementSet(composition).union(ElementSet(water))
    let wet = try restricted(to: set, asked: composition + water).adding([whole]).atTemperature(conditions)
    let contact = try wet.interface(between: composition, and: water)
    // Per formula unit of the material the optimum over the amount of water is at a kink, too.
    let atoms = composition.atomsPerLabel
    let best = contact.kinks.filter { $0.fraction > 1e-6 }
      .min { $0.energy / $0.fraction < $1.energy / $1.fraction }
    var assumptions = PhaseDiagram.temperatureAssumptions
    let pressure = conditions.pressures["H2O"] ?? conditions.otherPressure
    assumptions.append("water vapour at \(pressure) bar, other gases at \(conditions.otherPressure) bar, \(conditions.temperature) K")
    if energy == nil, phase(at: composition) == nil {
      assumptions.append("\(composition.phaseLabel) is not in the table: the energy of its competing phases stands for it")
    }
    guard let best, best.energy < -1e-6, best.fraction < 1 - 1e-9 else {
      return Hydrolysis(
        composition: composition, conditions: conditions, energyPerFormula: 0, energyPerWater: nil,
        reaction: nil, gases: [], assumptions: assumptions)
    }
    let perFormula = best.energy / best.fraction * atoms
    let used = best.reaction.reactants.dropFirst().first?.amount ?? 0
    let mass = composition.molarMass / composition.commonDivisor
    let gases = best.reaction.products.filter { PhaseDiagram.isGas($0.composition) && $0.formula != "H2O" }
      .map { term in
        let moles = term.amount / mass
        return Hydrolysis.Gas(
          formula: term.formula, millimolesPerGram: moles * 1e3,
          milligramsPerGram: moles * term.composition.molarMass * 1e3)
      }
    return Hydrolysis(
      composition: composition, conditions: conditions, energyPerFormula: perFormula,
      energyPerWater: used > 0 ? perFormula / used * GasSpecies.joulesPerElectronvolt / 1000 : nil,
      reaction: best.reaction, gases: gases, assumptions: assumptions)
  }
}
