import Chemistry
import Stability
import TestSupport
import Testing

/// The answers of pymatgen to the same questions on the bundled phases; see `Golden/Golden.md`.
struct PymatgenParityTests {
  static let diagram: Result<PhaseDiagram, any Error> = Result { try PhaseDiagram(PhaseTable.bundled().phases) }

  @Test func hullsAndDecompositions() throws {
    let diagram = try Self.diagram.get()
    let golden = try GoldenTable(folder: #filePath, "hull-pymatgen.csv")
    #expect(golden.rows.count > 2000)
    var worst = 0.0
    var systems = Set<Set<Element>>()
    for row in golden.rows {
      let material = composition(row[0])
      systems.insert(Set(material.elements))
      let found = try diagram.decomposition(of: material)
      let reference = try #require(Double(row[2]))
      if let energy = Double(row[1]) {
        worst = max(worst, abs(energy - found.energy - reference))
        let separation = try #require(Double(row[3]))
        worst = max(worst, abs(try diagram.decompositionEnergy(of: material, energy: energy) - separation))
      } else {
        worst = max(worst, abs(found.energy - reference))
      }
      let products = row[4].split(separator: "|").map { $0.split(separator: ":") }
      #expect(products.count == found.products.count, "\(row[0]): \(found) for \(row[4])")
      for product in products {
        let expected = composition(String(product[0]))
        let share = try #require(Double(product[1]))
        let own = found.products.first { $0.phase.composition.hasSameFractions(as: expected, tolerance: 1e-6) }
        #expect(own.map { abs($0.atomFraction - share) < 1e-6 } == true, "\(row[0]): \(found) for \(row[4])")
      }
    }
    #expect(systems.count >= 300)
    #expect(worst < 1e-6)
    print("worst difference to pymatgen: \(worst) eV/atom, \(golden.rows.count) compounds in \(systems.count) systems")
  }

  @Test func voltageProfiles() throws {
    let diagram = try Self.diagram.get()
    let golden = try GoldenTable(folder: #filePath, "voltage-pymatgen.csv")
    #expect(golden.rows.count >= 200)
    let lithium = element("Li")
    for row in golden.rows {
      let material = composition(row[0])
      let profile = try diagram.voltageProfile(of: material)
      let steps = try row[1].split(separator: "|").map { step -> (Double, Double) in
        let parts = step.split(separator: ":")
        return (try #require(Double(parts[0])), try #require(Double(parts[1])))
      }
      #expect(steps.count == profile.states.count, "\(row[0])")
      for (state, step) in zip(profile.states, steps) {
        #expect(abs(state.voltages.lowerBound - step.0) < 1e-6, "\(row[0])")
        #expect(abs(state.ions - material[lithium] - step.1) < 1e-5, "\(row[0])")
      }
    }
  }

  @Test func interfaces() throws {
    let diagram = try Self.diagram.get()
    let golden = try GoldenTable(folder: #filePath, "interface-pymatgen.csv")
    #expect(golden.rows.count >= 200)
    var open = 0
    for row in golden.rows {
      let (first, second) = (composition(row[0]), composition(row[1]))
      let voltage = Double(row[2])
      if voltage != nil { open += 1 }
      // pymatgen was asked with the energies of the hull on both sides.
      let contact = try diagram.interface(
        between: first, and: second,
        energies: (try diagram.hullEnergy(at: first), try diagram.hullEnergy(at: second)),
        openTo: voltage.map { .init(voltage: $0) })
      let kinks = try row[3].split(separator: "|").map { kink -> (Double, Double) in
        let parts = kink.split(separator: ":")
        return (try #require(Double(parts[0])), try #require(Double(parts[1])))
      }
      let own = contact.kinks.reversed()
      #expect(own.count == kinks.count, "\(row[0]) | \(row[1])")
      // pymatgen counts the share by all atoms, its energy is the mutual part.
      func others(_ c: Composition) -> Double { voltage == nil ? 1 : 1 - c.fraction(of: element("Li")) }
      for (kink, reference) in zip(own, kinks) {
        let atoms = (kink.fraction / others(first), (1 - kink.fraction) / others(second))
        #expect(abs(atoms.0 / (atoms.0 + atoms.1) - reference.0) < 1e-6, "\(row[0]) | \(row[1])")
        #expect(abs(kink.mutualEnergy - reference.1) < 1e-6, "\(row[0]) | \(row[1])")
      }
    }
    #expect(open > 40)
  }
}
