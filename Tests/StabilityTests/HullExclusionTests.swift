import Chemistry
import Stability
import Testing

/// Hulls without a phase and its neighbour, against diagrams that never had them.
@Suite struct HullExclusionTests {
  private let table = [
    ("Li2O", -2.0), ("Li2O2", -1.6), ("LiO2", -0.9), ("Na2O", -1.4), ("Na2O2", -1.3), ("LiNaO", -1.75), ("LiNaO2", -1.5),
  ]

  private func phases(without hidden: Set<String>) throws -> [Phase] {
    try table.filter { !hidden.contains($0.0) }.map { Phase(try Composition(formula: $0.0), formationEnergy: $0.1) }
  }

  @Test func leavesBothOut() throws {
    let whole = try PhaseDiagram(phases(without: []))
    for own in ["LiNaO", "Li2O2", "LiNaO2"] {
      for other in ["Li2O", "Na2O", "LiO2", "Na2O2"] where own != other {
        let composition = try Composition(formula: own)
        let both = try whole.hullEnergiesExcludingSelf(at: [composition], and: [Composition(formula: other)])[0].get()
        let expected = try PhaseDiagram(phases(without: [own, other])).hullEnergy(at: composition)
        #expect(abs(both - expected) < 1e-9, "\(own) without \(other)")
      }
    }
  }

  @Test func theOtherMayBeUnknown() throws {
    let whole = try PhaseDiagram(phases(without: []))
    let composition = try Composition(formula: "LiNaO")
    let pair = try whole.hullEnergiesExcludingSelf(at: [composition], and: [Composition(formula: "MgO")])[0].get()
    #expect(try pair == whole.hullEnergyExcludingSelf(at: composition))
  }

  @Test func fractionDistance() throws {
    let (oxide, sulfide) = (try Composition(formula: "Li2O"), try Composition(formula: "Li2S"))
    #expect(abs(oxide.fractionDistance(to: sulfide) - 2.0 / 3) < 1e-12)
    #expect(oxide.fractionDistance(to: try Composition(formula: "Li4O2")) < 1e-12)
    #expect(abs(oxide.fractionDistance(to: try Composition(formula: "NaCl")) - 2) < 1e-12)
  }
}
