import Chemistry
import LinearAlgebra
import Stability
import TestSupport
import Testing

struct ElectrochemicalWindowTests {
  let sulfides: PhaseDiagram

  init() throws {
    sulfides = try PhaseDiagram([
      phase("Li2S", -1.5), phase("Li3P", -0.9), phase("LiP", -0.7), phase("P2S5", -0.4),
      phase("Li3PS4", -1.1),
    ])
  }

  @Test func sulfurBecomesLithiumSulfideAtItsFormationEnergy() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5)])
    let profile = try diagram.voltageProfile(of: composition("S8"))
    // 2 Li + S → Li2S sets free 4.5 eV for two electrons.
    expectClose(profile.plateaus.map(\.voltage), [2.25])
    // 16 electrons for 8 sulfur atoms of 32.065 u.
    expectClose(
      profile.states.map(\.capacity), [2 * 96485.33212 / 3.6 / 32.065, 0], relative: 1e-3, absolute: 1e-9)
    #expect(profile.states.map { $0.products.map(\.formula) } == [["Li2S"], ["S"]])
    expectClose(profile.states[0].products.map(\.amount), [8])
    #expect(profile.states.last?.voltages.upperBound == .infinity)
  }

  @Test func limitsAreReactionEnergiesPerElectron() throws {
    let window = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    // Li3PS4 + 5 Li → 4 Li2S + P, and Li3PS4 → 0.5 P2S5 + 1.5 S + 3 Li.
    let reduction = try #require(window.reduction)
    expectClose([reduction.voltage], [-(4 * 3 * -1.5 - 8 * -1.1) / 5])
    #expect(reduction.reaction.description == "Li3PS4 + 5 Li → 4 Li2S + P")
    let oxidation = try #require(window.oxidation)
    expectClose([oxidation.voltage], [(0.5 * 7 * -0.4 - 8 * -1.1) / 3])
    #expect(oxidation.reaction.description == "Li3PS4 → 0.5 P2S5 + 1.5 S + 3 Li")
    #expect(window.decomposition.description == "Li3PS4")
  }

  @Test func limitsAreSlopesOfTheHullInTheIonContent() throws {
    let window = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    let step = 1e-4
    func total(_ lithium: Double) throws -> Double {
      let moved = try #require(
        Composition([(element("Li"), lithium), (element("P"), 1), (element("S"), 4)]))
      return try sulfides.hullEnergy(at: moved) * moved.atomCount
    }
    let down = -(try total(3 + step) - total(3)) / step
    let up = -(try total(3) - total(3 - step)) / step
    expectClose([window.voltages.lowerBound, window.voltages.upperBound], [down, up], relative: 1e-7)
  }

  @Test func profileConservesEnergy() throws {
    let diagram = try PhaseDiagram([
      phase("Li2S", -1.5), phase("Li3P", -0.9), phase("LiP", -0.7), phase("P2S5", -0.4),
      phase("Li3PS4", -1.1), phase("Li7P3S11", -0.95), phase("Li4P2S6", -1.0), phase("Li3P7", -0.4),
    ])
    let profile = try diagram.voltageProfile(of: composition("Li7P3S11"))
    #expect(profile.states.count > 3)
    for (below, above) in zip(profile.states, profile.states.dropFirst()) {
      #expect(below.ions > above.ions)
      #expect(below.voltages.upperBound == above.voltages.lowerBound)
      // Charge moved at the plateau is the energy set free.
      expectClose(
        [(below.ions - above.ions) * below.voltages.upperBound], [above.energy - below.energy],
        relative: 1e-8)
    }
    for state in profile.states {
      for other in [element("P"), element("S")] {
        expectClose(
          [state.products.reduce(0) { $0 + $1.amount(of: other) }], [composition("Li7P3S11")[other]],
          relative: 1e-7)
      }
      expectClose(
        [state.products.reduce(0) { $0 + $1.amount(of: element("Li")) }], [state.ions], absolute: 1e-6)
    }
  }

  @Test func everyStateIsTheHullAtItsIonContent() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<20 {
      let phases = randomPhases(["Li", "P", "S"], count: 14, largest: 4, generator: &generator)
      let diagram = try PhaseDiagram(phases + [phase("Li", 0), phase("P", 0), phase("S", 0)])
      let profile = try diagram.voltageProfile(of: composition("LiPS2"))
      for state in profile.states {
        let held = try #require(
          Composition([(element("Li"), state.ions), (element("P"), 1), (element("S"), 2)]))
        let hull = try diagram.hullEnergy(at: held) * held.atomCount
        expectClose([state.energy], [hull], absolute: 1e-8)
      }
      // Between two states the hull is a straight line: no state has been missed.
      for (below, above) in zip(profile.states, profile.states.dropFirst()) {
        let ions = (below.ions + above.ions) / 2
        let held = try #require(
          Composition([(element("Li"), ions), (element("P"), 1), (element("S"), 2)]))
        let hull = try diagram.hullEnergy(at: held) * held.atomCount
        expectClose([(below.energy + above.energy) / 2], [hull], absolute: 1e-8)
      }
    }
  }

  @Test func unknownMaterialHasTheWindowOfItsEquilibrium() throws {
    // Li5PS4.. is absent; Li7PS6 is Li3PS4 + 2 Li2S.
    let window = try sulfides.electrochemicalWindow(of: composition("Li7PS6"))
    #expect(window.decomposition.products.map(\.phase.name) == ["Li3PS4", "Li2S"])
    let known = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    expectClose([window.voltages.lowerBound], [known.voltages.lowerBound])
    // Li2S gives its lithium away before Li3PS4 does: at 2.25 V.
    expectClose([window.voltages.upperBound], [2.25])
    #expect(window.oxidation?.reaction.description == "Li7PS6 → Li3PS4 + 2 S + 4 Li")
  }

  @Test func materialInsideAFullFacetHasNoWidth() throws {
    // Li4PS4 is Li3PS4 with a little Li2S and P: lithium has one chemical potential there.
    let window = try sulfides.electrochemicalWindow(of: composition("Li4PS4"))
    #expect(window.voltages.lowerBound == window.voltages.upperBound)
    let reference = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    expectClose([window.voltages.upperBound], [reference.voltages.lowerBound])
  }

  @Test func toleranceForgivesRoundedFormulae() throws {
    let rounded = composition("Li3.01PS4")
    let sharp = try sulfides.electrochemicalWindow(of: rounded, tolerance: 0)
    #expect(sharp.voltages.lowerBound == sharp.voltages.upperBound)
    let forgiving = try sulfides.electrochemicalWindow(of: rounded)
    let exact = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    expectClose(
      [forgiving.voltages.lowerBound, forgiving.voltages.upperBound],
      [exact.voltages.lowerBound, exact.voltages.upperBound])
  }

  @Test func scalingTheFormulaKeepsWindowAndCapacities() throws {
    let one = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    let two = try sulfides.electrochemicalWindow(of: composition("Li6P2S8"))
    expectClose(
      [one.voltages.lowerBound, one.voltages.upperBound],
      [two.voltages.lowerBound, two.voltages.upperBound])
    expectClose(one.profile.states.map(\.capacity), two.profile.states.map(\.capacity))
    #expect(one.reduction?.reaction.description == two.reduction?.reaction.description)
  }

  @Test func divalentIonsMoveTwoElectrons() throws {
    let diagram = try PhaseDiagram([phase("MgS", -1.8)])
    let profile = try diagram.voltageProfile(of: composition("S"), ion: MobileIon(element("Mg")))
    expectClose(profile.plateaus.map(\.voltage), [1.8])
    expectClose([profile.states[0].capacity], [2 * 96485.33212 / 3.6 / 32.065], relative: 1e-3)
    #expect(throws: StabilityError.unknownIonCharge(element("U"))) { try MobileIon(element("U")) }
  }

  @Test func metalStableMaterialHasNoReductionLimit() throws {
    let window = try sulfides.electrochemicalWindow(of: composition("Li2S"))
    #expect(window.reduction == nil)
    #expect(window.voltages == 0...2.25)
    let inert = try PhaseDiagram([phase("Al2O3", -3.4), phase("Li2O", -2)])
    #expect(try inert.electrochemicalWindow(of: composition("Al2O3")).oxidation == nil)
    // Al2O3 + 6 Li → 3 Li2O + 2 Al.
    let voltages = try inert.electrochemicalWindow(of: composition("Al2O3")).voltages
    expectClose([voltages.lowerBound], [(9 * 2 - 5 * 3.4) / 6])
    #expect(voltages.upperBound == .infinity)
  }

  @Test func drivingForceIsZeroInTheWindowAndGrowsOutside() throws {
    let window = try sulfides.electrochemicalWindow(of: composition("Li3PS4"))
    let profile = window.profile
    let middle = (window.voltages.lowerBound + window.voltages.upperBound) / 2
    expectClose([try #require(profile.drivingForce(energy: -1.1, at: middle))], [0], absolute: 1e-10)
    // At 0 V: Li3PS4 + 8 Li → 4 Li2S + Li3P.
    expectClose(
      [try #require(profile.drivingForce(energy: -1.1, at: 0))],
      [(8 * -1.1 - 12 * -1.5 - 4 * -0.9) / 8])
    #expect(profile.drivingForce(energy: -1.1, at: -1) == nil)
  }

  @Test func ionAloneHasNoProfile() throws {
    #expect(throws: StabilityError.onlyMobileIon(element("Li"))) {
      try sulfides.voltageProfile(of: composition("Li"))
    }
    #expect(throws: StabilityError.missingElements([element("Na")], composition: "Li3PS4")) {
      try sulfides.voltageProfile(of: composition("Li3PS4"), ion: .sodium)
    }
  }
}
