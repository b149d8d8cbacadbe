import Chemistry
import Descriptors
import LinearAlgebra
import Testing

@Suite struct DescriptorSetTests {
  @Test func setsCombineInTheOrderOfTheirNames() throws {
    let set = try DescriptorSet(named: " valence, Stoichiometry ,valence")
    #expect(set.featurizers.map(\.name) == ["valence", "stoichiometry"])
    #expect(set.count == 14 && set.labels.count == 14 && set.units.count == 14)
    let composition = try Composition(formula: "Li3PS4")
    let parts = set.featurizers.flatMap { $0.values(for: composition) }
    #expect(set.values(for: composition) == parts)
  }

  @Test func allHasEverySetAndEachLabelOnce() throws {
    let set = try DescriptorSet(named: "all")
    #expect(set.featurizers.map(\.name) == DescriptorSet.names)
    #expect(Set(set.labels).count == set.count)
  }

  @Test func unknownNamesAreRefusedWithTheNearestOne() {
    #expect(throws: DescriptorError.unknown("Magpi", suggestion: "magpie")) {
      try DescriptorSet(named: "Magpi")
    }
    #expect(throws: DescriptorError.unknown("", suggestion: nil)) { try DescriptorSet(named: "magpie,") }
    #expect(throws: DescriptorError.unknown("zzzzzzzz", suggestion: nil)) {
      try DescriptorSet(named: "zzzzzzzz")
    }
  }

  @Test func threadsDoNotChangeTheMatrix() throws {
    let set = try DescriptorSet(named: "all")
    var generator = SeededGenerator(seed: 3)
    let compositions = (0..<1_500).compactMap { _ in
      Composition((0..<4).map { _ in (Element.all[generator.index(below: 94)], generator.uniform() + 0.01) })
    }
    #expect(compositions.count == 1_500)
    let one = set.matrix(for: compositions, threads: 1)
    #expect(one == set.matrix(for: compositions, threads: 4))
    #expect(one.row(1_499) == set.values(for: compositions[1_499]))
    #expect(one.firstNonFinite == nil)
    #expect(set.matrix(for: []).rows == 0)
  }
}
