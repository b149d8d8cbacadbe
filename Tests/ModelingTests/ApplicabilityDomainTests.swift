import Chemistry
import LinearAlgebra
import Modeling
import TestSupport
import Testing

@Suite struct ApplicabilityDomainTests {
  static func compositions(_ formulas: [String]) throws -> [Composition] {
    try formulas.map { try Composition(formula: $0) }
  }

  @Test func distancesAreSumsOfAbsoluteDifferences() throws {
    let known = try CompositionNeighbours(Self.compositions(["Li2O", "Li2S", "NaCl", "Li3N", "Li4O2"]))
    let nearest = known.nearest(to: try Composition(formula: "Li3O"), limit: 5)
    #expect(nearest.map(\.index) == [0, 4, 3, 1, 2])
    // Li 3/4 against 2/3 and O 1/4 against 1/3; Li3N shares 3/4 of lithium; NaCl nothing.
    expectClose(nearest.map(\.distance), [1.0 / 6, 1.0 / 6, 0.5, 2.0 / 3, 2], absolute: 1e-6)
    let without = known.nearest(to: try Composition(formula: "Li3O"), limit: 1) { $0 == 0 || $0 == 4 }
    #expect(without.map(\.index) == [3])
  }

  @Test func scoresFallFromOneToZeroWithDistance() throws {
    let compositions = try Self.compositions(
      (1...40).map { "Li\(100 + $0)O\(100 - $0)" } + ["Li7La3Zr2O12", "LiTi2P3O12"])
    let domain = ApplicabilityDomain(compositions, groups: Array(0..<42), seed: 1)
    #expect(domain.scores(of: [compositions[3]]) == [1])
    #expect(domain.score(distance: 2) < 0.1)
    let scores = [0.0, 0.001, 0.02, 0.5, 1, 1.9].map(domain.score)
    #expect(scores == scores.sorted(by: >))
    #expect(scores[0] == 1 && (scores.last ?? 1) < 0.1)
  }

  /// Rows of one publication do not vouch for each other.
  @Test func neighboursOfTheSameGroupDoNotCount() throws {
    let compositions = try Self.compositions(["Li2O", "Li2.01O", "NaCl", "NaCl1.01"])
    let alone = ApplicabilityDomain(compositions, groups: [0, 1, 2, 3], seed: 0)
    let grouped = ApplicabilityDomain(compositions, groups: [0, 0, 1, 1], seed: 0)
    #expect(alone.score(distance: 1) < grouped.score(distance: 1))
  }

  /// Passing over what cannot be near changes nothing: the same answers as comparing with every composition.
  @Test(arguments: [1, 3, 8]) func nearestAreThoseOfAFullSearch(limit: Int) throws {
    var generator = SeededGenerator(seed: 4)
    func random() -> Composition? {
      let elements = generator.permutation(12).prefix(1 + generator.index(below: 4))
      return Composition(elements.compactMap { z in
        Element(atomicNumber: z + 3).map { ($0, Double(1 + generator.index(below: 5))) }
      })
    }
    let all = (0..<400).compactMap { _ in random() }
    let known = CompositionNeighbours(all)
    for i in 0..<60 {
      let query = try #require(i % 2 == 0 ? all[i] : random())
      let found = known.nearest(to: query, limit: limit) { $0 == i }
      // In single precision, as the search counts.
      let distances = all.indices.filter { $0 != i }.map { all[$0].fractionDistance(to: query) }.sorted().prefix(limit)
      #expect(found.count == limit)
      #expect(zip(found, distances).allSatisfy { abs($0.distance - $1) < 1e-5 })
      #expect(found.allSatisfy { abs(all[$0.index].fractionDistance(to: query) - $0.distance) < 1e-5 && $0.index != i })
    }
  }
}
