import Chemistry
import Descriptors
import Testing

@Suite struct ElementFractionsTests {
  @Test func contracts() throws {
    try expectFeaturizerContract(ElementFractions())
    try expectFeaturizerContract(StoichiometryNorms())
    try expectFeaturizerContract(ValenceOrbitals())
  }

  @Test func fractionsStandAtTheirElements() throws {
    let values = ElementFractions().values(for: try Composition(formula: "Li3PS4"))
    #expect(values[2] == 3.0 / 8 && values[14] == 1.0 / 8 && values[15] == 0.5)
    #expect(values.reduce(0, +) == 1)
  }
}
