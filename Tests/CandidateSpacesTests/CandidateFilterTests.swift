import CandidateSpaces
import Chemistry
import Testing

@Suite struct CandidateFilterTests {
  private func reason(_ formula: String, _ filter: String) throws -> String? {
    let file = try space("[[space]]\nkind = \"list\"\nformulas = [\"\(formula)\"]\n[filter]\n\(filter)")
    return file.filter.rejects(try Composition(formula: formula))?.rawValue
  }

  @Test(arguments: [
    ("Li3PS4", "exclude = [\"S\"]", "element"), ("Li3PS4", "only = [\"Li\", \"P\", \"O\"]", "element"),
    ("Li3PS4", "exclude = [\"O\"]", nil), ("LiThO3", "", "radioactivity"), ("LiTcO4", "", "radioactivity"),
    ("LiThO3", "radioactive = true", nil),
    // Ontario: cadmium 0.002 mg/m³; IARC: group 1.
    ("Li2CdCl4", "min-exposure-limit = 0.01", "toxicity"), ("Li2CdCl4", "min-exposure-limit = 0.001", nil),
    ("Li2CdCl4", "carcinogens = false", "toxicity"), ("Li3PS4", "carcinogens = false", nil),
    ("Li10GeP2S12", "max-price = 1", "price"), ("Li3PS4", "max-price = 1000", nil),
    ("Li3InCl6", "min-abundance = 1", "abundance"), ("Li3PS4", "min-abundance = 1", nil),
    ("Li7La3Zr2O12", "max-supply-risk = 9000", "supply"), ("Li3PS4", "charge-neutral = true", nil),
    ("Li9CaO2", "charge-neutral = true", "charge"), ("Li6.4La3Zr1.4Ta0.6O12", "charge-neutral = true", nil),
    ("Li3PS4", "moisture-stable = true", "moisture"), ("Li3PO4", "moisture-stable = true", nil),
    ("Li2SO4", "moisture-stable = true", nil), ("Li3YCl6", "moisture-stable = true", "moisture"),
    ("LiF", "moisture-stable = true", nil),
  ] as [(String, String, String?)]) func reasons(formula: String, filter: String, expected: String?) throws {
    #expect(try reason(formula, filter) == expected)
  }
}
