import Chemistry
import Screening
import Testing

@Suite struct SubstitutionSpaceTests {
  private static func candidates(_ hosts: String...) throws -> [SubstitutionSpace.Candidate] {
    try SubstitutionSpace().candidates(from: hosts.map { ($0, try Composition(formula: $0)) })
  }

  @Test func nasiconYieldsItsKnownDoping() throws {
    let all = try Self.candidates("LiTi2(PO4)3")
    let aluminium = try #require(all.first { $0.substitution == "Ti4+ → Al3+, 15%, Li balanced" })
    #expect(aluminium.composition.hasSameFractions(as: try Composition(formula: "Li1.3Al0.3Ti1.7(PO4)3")))
    #expect(aluminium.host == "LiTi2(PO4)3")
  }

  @Test func everyCandidateIsNewBalancedAndAnInsulator() throws {
    let hosts = ["Li6PS5Cl", "Li7La3Zr2O12", "Li3YCl6", "LiTi2(PO4)3", "Li3.25Ge0.25P0.75S4"]
    let all = try SubstitutionSpace().candidates(from: hosts.map { ($0, try Composition(formula: $0)) })
    #expect(all.count > 100)
    #expect(Set(all.map(\.composition.normalized)).count == all.count)
    for candidate in all {
      #expect(candidate.composition[.lithium] > 0)
      let charges = try #require(OxidationStates.uniformCharges(of: candidate.composition), "\(candidate.composition.formula)")
      for (entry, charge) in zip(candidate.composition.entries, charges) {
        #expect(!Ion(element: entry.element, charge: charge).hasOpenDShell, "\(candidate.composition.formula)")
        #expect(!SubstitutionSpace.defaultExclusions.contains(entry.element))
      }
      // Amounts are written with the digits of the host and the share, and no dust.
      #expect(candidate.composition.formula.count < 60)
    }
  }

  @Test func excludedElementsStayOutAndUnbalancedHostsYieldNothing() throws {
    var space = SubstitutionSpace()
    let tin = try #require(Element("Sn"))
    space.excluded.insert(tin)
    let host = ("Li7La3Zr2O12", try Composition(formula: "Li7La3Zr2O12"))
    #expect(space.candidates(from: [host]).allSatisfy { !$0.composition.contains(tin) })
    #expect(try Self.candidates("Li7La3Zr2O12").contains { $0.composition.contains(tin) })
    #expect(try Self.candidates("Li2Cl").isEmpty)
    #expect(try Self.candidates("ZrO2").isEmpty)
  }
}
