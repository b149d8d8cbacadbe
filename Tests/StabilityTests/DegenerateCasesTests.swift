import Chemistry
import LinearAlgebra
import Stability
import TestSupport
import Testing

/// Questions that break careless phase diagrams.
struct DegenerateCasesTests {
  @Test func emptyDiagramKnowsNoElement() throws {
    let empty = try PhaseDiagram([])
    #expect(empty.phases.isEmpty)
    #expect(throws: StabilityError.missingElements([element("Li"), element("S")], composition: "Li2S")) {
      try empty.decomposition(of: composition("Li2S"))
    }
    #expect(try empty.stablePhases(among: []).isEmpty)
    #expect(empty.decompositions(of: []).isEmpty)
  }

  @Test func emptySystemFallsApartIntoItsElements() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5), phase("NaCl", -2)])
    #expect(try diagram.decomposition(of: composition("Na2Li")).description == "0.6667 Na + 0.3333 Li")
    #expect(try diagram.hullEnergy(at: composition("Na2Li")) == 0)
  }

  @Test func tenComponentsAgreeWithTheExhaustiveHull() throws {
    // Binaries of a ten-component alloy: the optimum is checked by its own prices.
    let symbols = ["Li", "Mg", "Al", "Ti", "V", "Mn", "Fe", "Co", "Ni", "O"]
    var generator = SeededGenerator(seed: 10)
    let phases = randomPhases(symbols, count: 300, largest: 2, generator: &generator)
      + symbols.flatMap { a in symbols.filter { $0 > a }.map { phase("\(a)\($0)", Double.random(in: -2 ... -0.1, using: &generator)) } }
    let diagram = try PhaseDiagram(phases)
    let whole = composition("LiMgAlTiVMnFeCoNiO")
    let found = try diagram.decomposition(of: whole)
    #expect(found.products.count <= 10)
    expectClose([found.products.reduce(0) { $0 + $1.atomFraction }], [1])
    for symbol in symbols {
      let held = found.products.reduce(0) { $0 + $1.atomFraction * $1.phase.composition.fraction(of: element(symbol)) }
      expectClose([held], [0.1], absolute: 1e-9)
    }
    // No exchange of any mixture against one more phase gains: adding a phase on the hull changes nothing,
    // one a little below it does.
    let same = try diagram.adding([Phase(whole, formationEnergy: found.energy)])
    expectClose([try same.hullEnergy(at: whole)], [found.energy])
    let lower = try diagram.adding([Phase(whole, formationEnergy: found.energy - 0.01)])
    expectClose([try lower.hullEnergy(at: whole)], [found.energy - 0.01])
    for _ in 0..<20 {
      // The hull is convex: no mixture of two points lies below it.
      let (a, b) = (phases.randomElement(using: &generator), phases.randomElement(using: &generator))
      guard let a, let b else { continue }
      let middle = a.composition.normalized + b.composition.normalized
      let mean = (try diagram.hullEnergy(at: a.composition) + diagram.hullEnergy(at: b.composition)) / 2
      #expect(try diagram.hullEnergy(at: middle) <= mean + 1e-10)
    }
  }

  @Test func collinearPhasesAtOneEnergyShareTheLine() throws {
    // Four compositions on one straight tie line: every answer has the energy of the line.
    let phases = [phase("Li2S", -1.5), phase("Li3PS4", -1.1), phase("P2S5", -0.5)]
    let diagram = try PhaseDiagram(phases)
    let between = composition("Li7PS6")
    let energy = try diagram.hullEnergy(at: between)
    let padded = try diagram.adding([Phase(between, formationEnergy: energy)])
    expectClose([try padded.hullEnergyExcludingSelf(at: between)], [energy])
    expectClose([try padded.decompositionEnergy(of: between, energy: energy)], [0], absolute: 1e-10)
  }

  @Test func thousandDuplicatesAreOne() throws {
    let copies = (0..<1000).map { Phase("copy \($0)", composition: composition("Li\(2 * ($0 % 7 + 1))S\($0 % 7 + 1)"), formationEnergy: -1.5) }
    let diagram = try PhaseDiagram(copies)
    #expect(diagram.phases.count == 3)
    #expect(try diagram.hullEnergyExcludingSelf(at: composition("Li2S")) == 0)
  }
}
