import Chemistry
import Descriptors
import LinearAlgebra
import Testing

@Suite struct MendeleevNeighboursTests {
  private func compositions(_ formulas: [String]) throws -> [Composition] {
    try formulas.map { try Composition(formula: $0) }
  }

  /// The definition as a transport of the fractions, in ascending order of the scale: on a line, greedy is best.
  private func transport(_ a: Composition, _ b: Composition, scale: [Double]) -> Double {
    func sorted(_ c: Composition) -> [(Double, Double)] {
      c.entries.map { (scale[$0.element.atomicNumber - 1], c.fraction(of: $0.element)) }.sorted { $0.0 < $1.0 }
    }
    var (left, right) = (sorted(a), sorted(b))
    var cost = 0.0
    while let (x, p) = left.first, let (y, q) = right.first {
      let moved = min(p, q)
      cost += moved * abs(x - y)
      if p - moved < 1e-12 { left.removeFirst() } else { left[0].1 -= moved }
      if q - moved < 1e-12 { right.removeFirst() } else { right[0].1 -= moved }
    }
    return cost
  }

  private func random(_ count: Int, seed: UInt64) -> [Composition] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).compactMap { _ in
      let elements = generator.permutation(90).prefix(1 + generator.index(below: 5))
      return Composition(
        elements.compactMap { z in Element(atomicNumber: z + 1).map { ($0, Double(1 + generator.index(below: 6))) } })
    }
  }

  @Test func findsTheSameAsBruteForceOnTheTransportDefinition() {
    let known = random(3000, seed: 1)
    let scale = ElementVectors.mendeleevNumbers
    let index = MendeleevNeighbours(known)
    for query in random(40, seed: 2) {
      let exact = known.map { transport(query, $0, scale: scale) }
      let found = index.nearest(to: query, limit: 7)
      let best = exact.sorted().prefix(7)
      #expect(zip(found, best).allSatisfy { abs($0.distance - $1) < 1e-3 })
      #expect(found.allSatisfy { abs(exact[$0.index] - $0.distance) < 1e-3 })
      #expect(found.map(\.distance) == found.map(\.distance).sorted())
    }
  }

  @Test func aSimilarElementIsNearerThanAnother() throws {
    let index = MendeleevNeighbours(try compositions(["Li2O", "LiBr", "CsAu"]))
    let query = try Composition(formula: "LiCl")
    #expect(index.nearest(to: query, limit: 3).map(\.index).first == 1)
  }

  @Test func scaleOfTheFormulaDoesNotMatterAndExcludedRowsAreLeftOut() throws {
    let known = try compositions(["Li6PS5Cl", "Li12P2S10Cl2", "Li3PS4"])
    let index = MendeleevNeighbours(known)
    let all = index.nearest(to: known[1], limit: 2)
    #expect(all.map(\.index) == [0, 1])
    #expect(all.allSatisfy { $0.distance < 1e-5 })
    #expect(index.nearest(to: known[0], limit: 5) { $0 < 2 }.map(\.index) == [2])
  }

  @Test func manyAtOnceAreTheSameAsOneByOne() {
    let known = random(100, seed: 3)
    let index = MendeleevNeighbours(known)
    let all = index.nearest(toEach: known, limit: 4) { $0 == $1 }
    for (i, one) in known.enumerated() { #expect(all[i] == index.nearest(to: one, limit: 4) { $0 == i }) }
    #expect(MendeleevNeighbours([]).nearest(to: known[0], limit: 3).isEmpty)
  }
}
