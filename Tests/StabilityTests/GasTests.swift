import BundledData
import Chemistry
import Stability
import TestSupport
import Testing

struct GasTests {
  @Test func gasesHaveTheirTabulatedEnthalpyAndEntropy() throws {
    let table = BundledData.gases.table
    #expect(GasSpecies.bundled.count == table.rows.count)
    for (k, gas) in GasSpecies.bundled.enumerated() {
      // The polynomials begin at 298.15 or 300 K; the columns were computed apart from them at 298.15 K.
      let enthalpy = try #require(table.numbers("enthalpy_298_kJ_mol")[k])
      let entropy = try #require(table.numbers("entropy_298_J_mol_K")[k])
      #expect(abs(gas.enthalpy(at: 298.15) / 1000 - enthalpy) < 0.01, "\(gas.formula)")
      #expect(abs(gas.entropy(at: 298.15) - entropy) < 0.01, "\(gas.formula)")
    }
  }

  @Test func entropyIsTheSlopeOfTheChemicalPotential() throws {
    for gas in GasSpecies.bundled {
      for temperature in [350.0, 900, 1400] where gas.range.contains(temperature) {
        let slope = (gas.chemicalPotential(at: temperature + 0.5) - gas.chemicalPotential(at: temperature - 0.5))
        expectClose([-slope * 96485.33212331], [gas.entropy(at: temperature)], relative: 1e-5, gas.formula)
      }
    }
  }

  @Test func polynomialsMeetInTheMiddle() {
    for gas in GasSpecies.bundled {
      #expect(abs(gas.enthalpy(at: 999.999) - gas.enthalpy(at: 1000.001)) < 100, "\(gas.formula)")
    }
  }

  @Test func standardReactionHasItsTabulatedGibbsEnergy() throws {
    // H2 + ½ O2 → H2O: the same from the diagram at temperature as from the gases themselves.
    let diagram = try PhaseDiagram([phase("H2O", -0.835)]).atTemperature(GasConditions(temperature: 1000))
    func potential(_ formula: String) throws -> Double {
      try #require(GasSpecies.bundled.first { $0.formula == formula }).chemicalPotential(at: 1000)
    }
    let expected = try potential("H2O") - potential("H2") - potential("O2") / 2
    let found = try #require(diagram.phase(at: composition("H2O"))).formationEnergy * 3
    expectClose([found], [expected])
    // CRC and JANAF have −192.6 kJ/mol at 1000 K.
    #expect(found < -1.99 && found > -2.01)
  }

  @Test func carbonateLosesItsGasEarlierAtLowPressure() throws {
    let diagram = try PhaseDiagram(PhaseTable.bundled().phases)
    let one = try diagram.thermalDecomposition(of: composition("Li2CO3"))
    let low = try diagram.thermalDecomposition(of: composition("Li2CO3"), pressure: 0.001)
    #expect(one.reaction?.description == "Li2CO3 → CO2 + Li2O")
    #expect(try #require(low.onset) < #require(one.onset))
    // 44.01 of 73.89 u.
    #expect(abs(one.gasMilligramsPerGram - 595.6) < 0.5)
    #expect(!one.assumptions.isEmpty)
    #expect(try diagram.thermalDecomposition(of: composition("LiF")).onset == nil)
  }

  @Test func sulfidesGiveHydrogenSulfideAndFluoridesDoNot() throws {
    let diagram = try PhaseDiagram(PhaseTable.bundled().phases)
    let sulfide = try diagram.hydrolysis(of: composition("Li3PS4"))
    let reaction = try #require(sulfide.reaction)
    expectBalanced(reaction)
    #expect(sulfide.energyPerFormula < -1 && sulfide.gases.first?.formula == "H2S")
    // Four H2S of 34.08 u for one Li3PS4 of 180.06 u.
    expectClose([sulfide.gases[0].milligramsPerGram], [4 * 34.0809 / 180.0626 * 1000], relative: 1e-3)
    #expect(try diagram.hydrolysis(of: composition("LiF")).isStable)
    #expect(try !diagram.hydrolysis(of: composition("Li2O")).isStable)
    #expect(sulfide.assumptions.contains { $0.contains("bar") })
  }

  @Test func drierAirIsMilder() throws {
    let diagram = try PhaseDiagram(PhaseTable.bundled().phases)
    var dry = Hydrolysis.ambient
    dry.pressures["H2O"] = 1e-6
    let (wet, arid) = (
      try diagram.hydrolysis(of: composition("Li6PS5Cl")),
      try diagram.hydrolysis(of: composition("Li6PS5Cl"), conditions: dry)
    )
    #expect(wet.energyPerFormula < arid.energyPerFormula)
  }
}
