import Chemistry
import LinearAlgebra
import Stability
import TestSupport
import Testing

struct PhaseDiagramTests {
  @Test func halfwayBetweenTwoPhasesIsTheirMean() throws {
    let diagram = try PhaseDiagram([phase("Li2O", -2), phase("LiO", -1.65)])
    // Li3O2 is three atoms of Li2O and two of LiO.
    let found = try diagram.decomposition(of: composition("Li3O2"))
    expectClose([found.energy], [-2 * 0.6 - 1.65 * 0.4])
    #expect(found.products.map(\.phase.name) == ["Li2O", "LiO"])
    expectClose(found.products.map(\.atomFraction), [0.6, 0.4])
    #expect(found.description == "0.6 Li2O + 0.4 LiO")
  }

  @Test(arguments: [2, 3, 4])
  func hullAgreesWithTryingEveryMixture(elements count: Int) throws {
    let symbols = Array(["Li", "P", "S", "O"].prefix(count))
    var generator = SeededGenerator(seed: UInt64(count))
    for _ in 0..<12 {
      // Small amounts make many collinear compositions and duplicates.
      let phases = randomPhases(symbols, count: 9, largest: 3, generator: &generator)
      let references = symbols.map { phase($0, 0) }
      let diagram = try PhaseDiagram(phases + references)
      for target in randomPhases(symbols, count: 6, largest: 4, generator: &generator) + phases {
        let expected = exhaustiveHull(
          phases + references, elements: symbols.map { element($0) }, at: target.composition)
        let found = try diagram.decomposition(of: target.composition)
        #expect(abs(found.energy - expected) < 1e-10, "\(target.name) among \(phases.map(\.name))")
        expectBalanced(found, target.composition)
      }
    }
  }

  @Test func hullWithoutItselfAgreesWithTryingEveryMixture() throws {
    let symbols = ["Li", "P", "S"]
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<10 {
      let phases = randomPhases(symbols, count: 9, largest: 3, generator: &generator)
      let references = symbols.map { phase($0, 0) }
      let diagram = try PhaseDiagram(phases)
      for target in phases {
        let others = phases.filter { other in
          symbols.map { element($0) }.contains {
            abs(other.composition.fraction(of: $0) - target.composition.fraction(of: $0)) > 1e-9
          }
        }
        let expected = exhaustiveHull(
          others + references, elements: symbols.map { element($0) }, at: target.composition)
        let found = try diagram.hullEnergyExcludingSelf(at: target.composition)
        #expect(abs(found - expected) < 1e-10, "\(target.name)")
      }
    }
  }

  @Test func stableCompoundIsOnTheHullAndBelowItsCompetitors() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5), phase("LiS", -0.9), phase("LiS2", -0.9)])
    #expect(try diagram.energyAboveHull(of: composition("Li2S"), energy: -1.5) == 0)
    // Without itself Li2S is two atoms of LiS and one of Li.
    expectClose(
      [try diagram.decompositionEnergy(of: composition("Li2S"), energy: -1.5)], [-1.5 + 0.6])
    // LiS lies between Li2S (3 atoms of 6) and LiS2 (3 of 6).
    expectClose(
      [try diagram.decompositionEnergy(of: composition("LiS"), energy: -0.9)], [-0.9 + 1.2])
    expectClose([try diagram.energyAboveHull(of: composition("LiS"), energy: -0.9)], [0.3])
  }

  @Test func energyAboveHullIgnoresFormulaScaling() throws {
    let diagram = try PhaseDiagram([phase("Li3P", -0.9), phase("LiP", -0.6), phase("Li2S", -1.4)])
    let reference = try diagram.energyAboveHull(of: composition("Li5PS"), energy: -1)
    for formula in ["Li10P2S2", "Li2.5P0.5S0.5", "Li0.05P0.01S0.01"] {
      expectClose([try diagram.energyAboveHull(of: composition(formula), energy: -1)], [reference])
    }
  }

  @Test func orderOfRowsIsIrrelevant() throws {
    var generator = SeededGenerator(seed: 3)
    let phases = randomPhases(["Li", "La", "Zr", "O"], count: 60, largest: 4, generator: &generator)
    let queries = randomPhases(["Li", "La", "Zr", "O"], count: 60, largest: 9, generator: &generator)
      .map(\.composition)
    let diagram = try PhaseDiagram(phases)
    let shuffled = try PhaseDiagram(phases.shuffled(using: &generator))
    #expect(diagram.decompositions(of: queries) == shuffled.decompositions(of: queries))
    #expect(diagram.phases == shuffled.phases)
  }

  @Test func answersDoNotDependOnThreads() throws {
    var generator = SeededGenerator(seed: 4)
    let phases = randomPhases(["Li", "P", "S", "Cl", "O"], count: 80, largest: 3, generator: &generator)
    var queries = randomPhases(["Li", "P", "S", "Cl", "O"], count: 900, largest: 9, generator: &generator)
      .map(\.composition)
    queries.append(composition("NaCl"))
    let diagram = try PhaseDiagram(phases)
    let one = diagram.decompositions(of: queries, threads: 1)
    #expect(one == diagram.decompositions(of: queries, threads: 3))
    #expect(one.last == .failure(.missingElements([element("Na")], composition: "NaCl")))
    for (query, answer) in zip(queries, one).dropLast() {
      #expect(try answer.get() == diagram.decomposition(of: query))
    }
  }

  @Test func lowestPolymorphCounts() throws {
    let high = Phase("beta", composition: composition("Li3PS4"), formationEnergy: -0.80)
    let low = Phase("gamma", composition: composition("Li6P2S8"), formationEnergy: -0.85)
    let diagram = try PhaseDiagram([high, low, high])
    #expect(diagram.phase(at: composition("Li3PS4"))?.name == "gamma")
    #expect(diagram.phases.count == 4)
    expectClose([try diagram.energyAboveHull(of: high.composition, energy: -0.80)], [0.05])
    // Without itself means without every polymorph: only the elements are left.
    #expect(try diagram.hullEnergyExcludingSelf(at: high.composition) == 0)
  }

  @Test func elementsAreTheirOwnReferences() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5), phase("S", 0.02)])
    #expect(try diagram.hullEnergy(at: composition("Li")) == 0)
    #expect(try diagram.energyAboveHull(of: composition("S8"), energy: 0.02) == 0.02)
    #expect(try diagram.decomposition(of: composition("S8")).description == "S")
    #expect(throws: StabilityError.elementHasNoCompetitors(element("S"))) {
      try diagram.hullEnergyExcludingSelf(at: composition("S"))
    }
  }

  @Test func missingElementsAreNamed() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5)])
    let expected = StabilityError.missingElements(
      [element("P"), element("Ge")], composition: "Li10GeP2S12")
    #expect(throws: expected) { try diagram.hullEnergy(at: composition("Li10GeP2S12")) }
    #expect(expected.description.contains("no phase with P, Ge"))
    #expect(throws: StabilityError.missingElements([element("Li")], composition: "Li")) {
      try PhaseDiagram([]).hullEnergy(at: composition("Li"))
    }
  }

  @Test func unusableEnergiesAreRefused() {
    #expect(throws: StabilityError.energyNotFinite(phase: "Li2S")) {
      try PhaseDiagram([phase("Li2S", .nan)])
    }
    #expect(throws: StabilityError.elementBelowReference(phase: "Li", energy: -1.9)) {
      try PhaseDiagram([phase("Li", -1.9)])
    }
  }

  @Test func tenComponentsDecompose() throws {
    let symbols = ["Li", "Mg", "Al", "Ti", "V", "Cr", "Mn", "Fe", "Ni", "O"]
    var generator = SeededGenerator(seed: 10)
    var phases: [Phase] = []
    for (i, first) in symbols.enumerated() {
      for second in symbols.dropFirst(i + 1) {
        phases.append(phase("\(first)\(second)2", Double.random(in: -2...0, using: &generator)))
        phases.append(phase("\(first)3\(second)", Double.random(in: -2...0, using: &generator)))
      }
    }
    let diagram = try PhaseDiagram(phases)
    let target = composition("Li0.1Mg0.1Al0.1Ti0.1V0.1Cr0.1Mn0.1Fe0.1Ni0.1O0.1")
    let found = try diagram.decomposition(of: target)
    expectBalanced(found, target)
    // A witness that nothing is cheaper: no phase lies below the supporting plane, found by moving
    // the composition a little towards each phase.
    for phase in phases {
      let towards = Composition(
        target.entries.map { ($0.element, $0.amount) }
          + phase.composition.entries.map { ($0.element, 1e-3 * $0.amount / phase.composition.atomCount) })
      let moved = try diagram.hullEnergy(at: try #require(towards))
      #expect(moved * 1.001 <= found.energy + 1e-3 * phase.formationEnergy + 1e-12)
    }
  }

  @Test func compositionsOnALineDoNotCycle() throws {
    // All on Li2O–P2O5, with equal energies on the tie line: every basis is degenerate.
    let phases = [
      phase("Li2O", -2), phase("P2O5", -2), phase("Li3PO4", -2), phase("LiPO3", -2),
      phase("Li4P2O7", -2), phase("Li6P2O8", -2), phase("LiP3O8", -2), phase("Li2P4O11", -2),
    ]
    let diagram = try PhaseDiagram(phases)
    for p in phases {
      expectClose([try diagram.hullEnergy(at: p.composition)], [-2], p.name)
      expectClose([try diagram.hullEnergyExcludingSelf(at: p.composition)], [
        p.name == "Li2O" || p.name == "P2O5" ? try withoutEnd(diagram, p) : -2
      ])
    }
  }

  /// The ends of the line are made by a phase of the line and an element: at least not below −2.
  private func withoutEnd(_ diagram: PhaseDiagram, _ p: Phase) throws -> Double {
    let rest = try PhaseDiagram(diagram.phases.filter { $0.name != p.name })
    let energy = try rest.hullEnergy(at: p.composition)
    #expect(energy > -2)
    return energy
  }

  @Test func stablePhasesLieOnTheHull() throws {
    let diagram = try PhaseDiagram([
      phase("Li2S", -1.5), phase("LiS", -0.9), phase("LiS2", -0.9), phase("Na2S", -1.2),
    ])
    let stable = try diagram.stablePhases(among: [element("S"), element("Li")])
    #expect(Set(stable.map(\.name)) == ["Li", "S", "Li2S", "LiS2"])
  }

  private func expectBalanced(
    _ found: Decomposition, _ target: Composition, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.products.count <= target.entries.count, sourceLocation: sourceLocation)
    expectClose(
      target.elements.map { element in
        found.products.reduce(0) { $0 + $1.atomFraction * $1.phase.composition.fraction(of: element) }
      },
      target.elements.map { target.fraction(of: $0) }, absolute: 1e-9, "balance",
      sourceLocation: sourceLocation)
    expectClose(
      [found.products.reduce(0) { $0 + $1.atomFraction * $1.phase.formationEnergy }], [found.energy],
      absolute: 1e-7, "energy", sourceLocation: sourceLocation)
  }
}
