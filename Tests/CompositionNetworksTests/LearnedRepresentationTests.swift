import Chemistry
import CompositionNetworks
import Descriptors
import Testing

@Suite struct LearnedRepresentationTests {
  @Test func comesWithTheProgramUnderItsName() throws {
    let learned = try #require(LearnedRepresentation.bundled)
    #expect(learned.count == 322)
    let set = try DescriptorSet(naming: "magpie, learned")
    #expect(set.count == 132 + 322 && Set(set.labels).count == set.count)
    #expect(throws: DescriptorError.self) { _ = try DescriptorSet(naming: "learned,magpi") }
    #expect(try DescriptorSet(naming: "magpie").labels == DescriptorSet(named: "magpie").labels)
  }

  @Test func dependsOnFractionsAlone() throws {
    let learned = try #require(LearnedRepresentation.bundled)
    let once = learned.values(for: try Composition(formula: "Li6PS5Cl"))
    let twice = learned.values(for: try Composition(formula: "Li12P2S10Cl2"))
    let bromide = learned.values(for: try Composition(formula: "Li6PS5Br"))
    #expect(once == twice)
    #expect(once.allSatisfy(\.isFinite) && once != bromide)
    // Lithium's own vector is zero without lithium only.
    let lithium = 192..<256
    #expect(lithium.contains { once[$0] != 0 })
    let salt = learned.values(for: try Composition(formula: "NaCl"))
    #expect(salt[lithium].allSatisfy { $0 == 0 })
  }

  /// More elements than the usual workspace has room for, and threads that share the workspaces.
  @Test func manyElementsAndManyRows() throws {
    let set = try DescriptorSet(naming: "learned")
    let crowd = try Composition(formula: "LiNaKMgCaSrBaAlSiPSClBrO24")
    let rows = [crowd] + (0..<600).map { _ in crowd }
    let matrix = set.matrix(for: rows)
    let isFinite = matrix.elements.allSatisfy(\.isFinite)
    #expect(isFinite)
    let first = matrix.row(0)
    for row in 1..<rows.count { #expect(matrix.row(row) == first) }
  }

  /// The energies it has learned are those of chemistry: fluorides and oxides lie deep, iodides less so.
  @Test func outputOrdersKnownCompounds() throws {
    let learned = try #require(LearnedRepresentation.bundled)
    func output(_ formula: String) throws -> Double { learned.values(for: try Composition(formula: formula))[320] }
    let halides = try ["LiF", "LiCl", "LiI"].map(output)
    #expect(halides == halides.sorted())
    let others = try ["Li2O", "Li2S", "Li3P"].map(output)
    #expect(others == others.sorted())
  }
}
