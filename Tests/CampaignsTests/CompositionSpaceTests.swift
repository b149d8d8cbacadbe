import Chemistry
import Descriptors
import TestSupport
import Testing

import Campaigns

@Suite struct CompositionSpaceTests {
  static let formulas = ["Li6PS5Cl", "Li6PS5Br", "Li7La3Zr2O12", "Li10GeP2S12", "Li3N", "LiTi2(PO4)3", "Li3YCl6"]

  static func compositions() throws -> [Composition] { try formulas.map { try Composition(formula: $0) } }

  @Test(arguments: ["composition", "magpie", "composition,magpie", "learned"])
  func membersAreOneApartOnAverage(descriptors: String) throws {
    let pool = try Self.compositions()
    let points = try CompositionSpace(pool: pool, descriptors: descriptors).embed(pool)
    let distances = points.distances(to: points)
    var sum = 0.0
    for i in 0..<pool.count {
      #expect(distances[i, i] == 0)
      for j in 0..<i {
        sum += distances[i, j]
        #expect(isClose(distances[i, j], distances[j, i], relative: 1e-6))
        for k in 0..<pool.count { #expect(distances[i, j] <= distances[i, k] + distances[k, j] + 1e-5) }
      }
    }
    #expect(isClose(sum / Double(pool.count * (pool.count - 1) / 2), 1, relative: 1e-5))
  }

  @Test func likeChemistryIsNear() throws {
    let pool = try Self.compositions()
    let points = try CompositionSpace(pool: pool).embed(pool)
    let d = points.distances(to: points)
    // Chlorine for bromine is a smaller step than to any oxide, nitride or halide.
    for other in 2..<pool.count { #expect(d[0, 1] < d[0, other]) }
    let scaled = try CompositionSpace(pool: pool).embed([try Composition(formula: "Li12P2S10Cl2")])
    #expect(scaled.distances(to: points)[0, 0] < 1e-6)
  }

  @Test func unknownDescriptorsAreRefused() throws {
    let pool = try Self.compositions()
    #expect(throws: DescriptorError.self) { try CompositionSpace(pool: pool, descriptors: "composition,magpi") }
  }

  @Test func numbersAreAPartOfTheirOwn() throws {
    let pool = try Self.compositions()
    let temperatures = (0..<pool.count).map { [500 + 50 * Double($0)] }
    let space = try CompositionSpace(pool: pool, numbers: temperatures)
    #expect(space.parts.last == "numbers")
    let same = space.embed([pool[0], pool[0]], numbers: [[500], [900]])
    #expect(same.distances(to: same)[0, 1] > 0.1)
  }
}
