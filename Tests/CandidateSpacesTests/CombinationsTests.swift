import CandidateSpaces
import Chemistry
import Testing

/// Grids and subsets, seen through the spaces that use them.
@Suite struct CombinationsTests {
  @Test func simplexGridHoldsEverySumOnce() throws {
    let file = try space("[[space]]\nkind = \"solid-solution\"\nendmembers = [\"LiF\", \"NaF\", \"KF\", \"RbF\"]\ndivisions = 7")
    #expect(file.space.count == 120)  // 10 over 3
    var seen = Set<Composition>()
    for index in 0..<file.space.count {
      let candidate = try #require(file.space.candidate(at: index))
      #expect(candidate[Element("F")!] == 7)
      #expect(candidate.atomCount == 14)
      seen.insert(candidate)
    }
    #expect(seen.count == 120)
  }

  @Test func subsetsComeInOrder() throws {
    let file = try space("[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"Na\", \"Cl\", \"Br\"]\narity = 2\nmax-amount = 1")
    var formulas: [String] = []
    file.space.forEach(in: 0..<file.space.count) { formulas.append($1.formula) }
    #expect(file.space.count == 6)
    // The palette is by atomic number: Li, Na, Cl, Br.
    #expect(Array(formulas.prefix(4)) == ["LiCl", "LiBr", "NaCl", "NaBr"])
  }

  @Test func aTrillionCandidatesAreIndexed() throws {
    let file = try space(
      """
      [[space]]
      kind = "solid-solution"
      endmembers = ["LiF", "NaF", "KF", "RbF", "CsF", "MgF2", "CaF2", "SrF2"]
      divisions = 280
      """)
    #expect(file.space.count > 20_000_000_000_000)
    for index in [0, 1, 123_456_789_012, file.space.count - 1] {
      let candidate = try #require(file.space.candidate(at: index))
      let cations = candidate.entries.filter { $0.element.symbol != "F" }
      #expect(cations.reduce(0) { $0 + $1.amount } == 280)
    }
  }
}
