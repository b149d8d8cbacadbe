import Chemistry
import LinearAlgebra
import Stability
import TestSupport
import Testing

struct InterfaceTests {
  let diagram: PhaseDiagram

  init() throws {
    diagram = try PhaseDiagram([
      phase("Li2S", -1.5), phase("Li3P", -0.9), phase("P2S5", -0.4), phase("Li3PS4", -1.1), phase("CoO", -1.3),
      phase("CoS", -0.7), phase("Li2O", -2), phase("Li3PO4", -2.7),
    ])
  }

  @Test func lithiumReducesAnElectrolyteCompletely() throws {
    let contact = try diagram.interface(between: composition("Li3PS4"), and: composition("Li"))
    // Li3PS4 + 8 Li → 4 Li2S + Li3P: half of the 16 atoms are the electrolyte's.
    expectClose([contact.worst.energy], [(12 * -1.5 + 4 * -0.9 - 8 * -1.1) / 16])
    expectClose([contact.worst.fraction], [0.5])
    #expect(contact.worst.reaction.description == "Li3PS4 + 8 Li → 4 Li2S + Li3P")
  }

  @Test func materialsOfOneTieLineCoexist() throws {
    let contact = try diagram.interface(between: composition("Li2S"), and: composition("Li3PS4"))
    #expect(contact.worst.energy == 0 && contact.kinks.count == 2)
  }

  @Test func exchangingTheMaterialsMirrorsTheLine() throws {
    let there = try diagram.interface(between: composition("Li3PS4"), and: composition("CoO"))
    let back = try diagram.interface(between: composition("CoO"), and: composition("Li3PS4"))
    expectClose(there.kinks.map(\.energy), back.kinks.reversed().map(\.energy), absolute: 1e-10)
    expectClose(there.kinks.map(\.fraction), back.kinks.reversed().map { 1 - $0.fraction }, absolute: 1e-9)
    #expect(there.worst.energy < -0.1)
  }

  @Test func energyIsThatOfTheHullAndNoKinkIsMissed() throws {
    var generator = SeededGenerator(seed: 5)
    for round in 0..<15 {
      let phases = randomPhases(["Li", "Co", "O", "S"], count: 18, largest: 3, generator: &generator)
      let diagram = try PhaseDiagram(phases + ["Li", "Co", "O", "S"].map { phase($0, 0) })
      let (a, b) = (phases[0].composition, phases[1].composition)
      guard !a.hasSameFractions(as: b) else { continue }
      let contact = try diagram.interface(between: a, and: b)
      for kink in contact.kinks { expectBalanced(kink.reaction) }
      for step in 0...40 {
        let x = Double(step) / 40
        guard let upper = contact.kinks.lastIndex(where: { $0.fraction >= x - 1e-12 }) else { continue }
        let above = contact.kinks[upper]
        let below = contact.kinks[min(upper + 1, contact.kinks.count - 1)]
        let width = above.fraction - below.fraction
        let interpolated = width > 1e-12 ? below.energy + (x - below.fraction) / width * (above.energy - below.energy) : above.energy
        let parts = [(a.normalized, x), (b.normalized, 1 - x)].filter { $0.1 > 0 }.map { $0.1 * $0.0 }
        let mixture = parts.count == 2 ? parts[0] + parts[1] : parts[0]
        let ends = x * (try energy(a, diagram)) + (1 - x) * (try energy(b, diagram))
        #expect(abs(try diagram.hullEnergy(at: mixture) - ends - interpolated) < 1e-8, "round \(round), x \(x)")
      }
    }
  }

  private func energy(_ composition: Composition, _ diagram: PhaseDiagram) throws -> Double {
    try diagram.phase(at: composition)?.formationEnergy ?? diagram.hullEnergy(at: composition)
  }

  @Test func openInterfaceAtZeroVoltsIsThatWithTheMetal() throws {
    // Open to lithium at 0 V both sides turn into what the metal makes of them.
    let open = try diagram.interface(
      between: composition("Li3PS4"), and: composition("CoO"), openTo: .init(voltage: 0))
    for kink in open.kinks { expectBalanced(kink.reaction) }
    let first = try #require(open.kinks.first)
    let profile = try diagram.voltageProfile(of: composition("Li3PS4"))
    let driving = try #require(profile.drivingForce(energy: -1.1, at: 0))
    // For each of the five other atoms, not of eight.
    expectClose([first.energy], [-driving * 8 / 5])
    #expect(open.kinks.allSatisfy { $0.mutualEnergy <= 1e-10 })
  }

  @Test func aMetastableMaterialReactsAlone() throws {
    let contact = try diagram.interface(
      between: composition("Li3PS4"), and: composition("Li2S"), energies: (-1.0, nil))
    expectClose([contact.kinks[0].energy], [-0.1])
    #expect(contact.kinks.allSatisfy { abs($0.mutualEnergy) < 1e-10 })
  }

  @Test func badQuestionsSayWhy() throws {
    #expect(throws: StabilityError.sameComposition("Li2S")) {
      try diagram.interface(between: composition("Li2S"), and: composition("Li4S2"))
    }
    #expect(throws: StabilityError.onlyMobileIon(element("Li"))) {
      try diagram.interface(between: composition("Li2S"), and: composition("Li"), openTo: .init(voltage: 0))
    }
    #expect(throws: StabilityError.self) {
      try diagram.interface(between: composition("NaCl"), and: composition("Li2S"))
    }
  }

  @Test func coatingsAreRankedByTheirWorseSide() throws {
    let search = try diagram.coatings(
      ["CoO", "Li3PO4", "Li2O", "NaCl"].map(composition), electrolyte: composition("Li3PS4"),
      electrode: composition("CoO"))
    #expect(search.candidates.first?.composition == composition("Li3PO4"))
    #expect(search.candidates.allSatisfy { $0.worst <= 0 })
    let energies = search.candidates.map(\.worst)
    #expect(energies == energies.sorted(by: >))
    // The electrode as its own layer is no better than the bare contact.
    let same = search.candidates.first { $0.composition == composition("CoO") }
    #expect(same == nil || same.map { $0.worst <= search.bare.mutualEnergy + 1e-12 } == true)
    #expect(search.failures.count >= 1)
  }
}

/// Both sides hold the same atoms.
func expectBalanced(_ reaction: Reaction, sourceLocation: SourceLocation = #_sourceLocation) {
  let elements = Set((reaction.reactants + reaction.products).flatMap(\.composition.elements))
  for element in elements {
    let left = reaction.reactants.reduce(0) { $0 + $1.amount(of: element) }
    let right = reaction.products.reduce(0) { $0 + $1.amount(of: element) }
    #expect(abs(left - right) < 1e-5, "\(element) in \(reaction)", sourceLocation: sourceLocation)
  }
}
