import Chemistry

/// At what temperature a material gives off gas or falls apart: an estimate.
public struct ThermalDecomposition: Sendable, Hashable {
  public let composition: Composition
  /// Kelvin; nil where it holds up to the highest temperature asked.
  public let onset: Double?
  /// What it turns into just above the onset.
  public let reaction: Reaction?
  /// Milligrams of gas for each gram.
  public let gasMilligramsPerGram: Double
  public let assumptions: [String]
}

extension PhaseDiagram {
  /// The lowest temperature at which other phases and gases are more stable than the material.
  ///
  /// Bisection on the Gibbs energy of decomposition, which gases only lower with temperature.
  /// - Parameters:
  ///   - composition: any formula; it need not be in the table.
  ///   - energy: formation energy of the material, eV/atom; nil as in `interface`.
  ///   - range: Kelvin.
  ///   - pressure: of all gases, bar.
  /// - Throws: `StabilityError.missingElements`, `.elementHasNoCompetitors`.
  public func thermalDecomposition(
    of composition: Composition, energy: Double? = nil, range: ClosedRange<Double> = 298.15...1500,
    pressure: Double = 1
  ) throws(StabilityError) -> ThermalDecomposition {
    let own = try materialEnergy(of: composition, given: energy)
    let label = composition.phaseLabel
    let relevant = try restricted(to: ElementSet(composition), asked: composition)
    func products(_ temperature: Double) throws(StabilityError) -> (Double, Decomposition) {
      let hot = try relevant.adding([Phase(label, composition: composition, formationEnergy: own)])
        .atTemperature(GasConditions(temperature: temperature, otherPressure: pressure))
      let free = hot.phase(at: composition)?.formationEnergy ?? 0
      let others = try hot.decomposition(of: composition, excludingSelf: true)
      return (free - others.energy, others)
    }
    var assumptions = PhaseDiagram.temperatureAssumptions
    assumptions.append("all gases at \(pressure) bar; melting, sublimation and oxygen of the air are left out")
    if energy == nil, phase(at: composition) == nil {
      assumptions.append("\(label) is not in the table: the energy of its competing phases stands for it")
    }
    var (low, high) = (range.lowerBound, range.upperBound)
    guard try products(high).0 > 1e-9 else {
      return ThermalDecomposition(
        composition: composition, onset: nil, reaction: nil, gasMilligramsPerGram: 0, assumptions: assumptions)
    }
    if try products(low).0 > 1e-9 {
      high = low
    } else {
      while high - low > 0.5 {
        let middle = (low + high) / 2
        if try products(middle).0 > 1e-9 { high = middle } else { low = middle }
      }
    }
    let atoms = composition.atomsPerLabel
    let terms = try products(high).1.products.map { product in
      Reaction.Term(
        product.atomFraction * atoms / product.phase.composition.atomCount, of: product.phase.composition)
    }
    let mass = composition.molarMass / composition.commonDivisor
    let gas = terms.filter { PhaseDiagram.isGas($0.composition) }.reduce(0) { $0 + $1.amount * $1.composition.molarMass }
    return ThermalDecomposition(
      composition: composition, onset: high,
      reaction: Reaction(reactants: [Reaction.Term(1 / composition.commonDivisor, of: composition)], products: terms),
      gasMilligramsPerGram: gas / mass * 1e3, assumptions: assumptions)
  }

  /// The diagram of these elements alone.
  func restricted(to set: ElementSet, asked: Composition) throws(StabilityError) -> PhaseDiagram {
    try PhaseDiagram(subsystem(of: set, asked: asked).phases.map { phases[$0] })
  }
}
