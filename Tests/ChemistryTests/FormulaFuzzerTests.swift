import Chemistry
import LinearAlgebra
import Testing

@Suite struct FormulaFuzzerTests {
  /// The long run is `make fuzz`.
  @Test func noTextBreaksARule() {
    var fuzzer = FormulaFuzzer(generator: SeededGenerator(seed: 7))
    let totals = fuzzer.run(20_000)
    #expect(totals.failures.isEmpty, "\(totals.failures.joined(separator: "\n"))")
    #expect(totals.texts == 20_000 && totals.read + totals.refused == 20_000)
    #expect(totals.read > 6_000 && totals.plain > 1_000 && totals.mixtures > 300 && totals.ambiguous > 50)
  }

  /// What the long run found.
  @Test(arguments: [
    "0PEO + 4 PVDF4 PVDF", "PEO + 0LLZO", "8 LATP + 0P + 0PAN", "0 P + Pd7Lr104000000",
    "50P.7P0.297*75(1/3F*50Li2/5Zr0.12N*34567890123456789F.1)*12.5C6Sg0Rg.8",
  ])
  func foundBefore(text: String) {
    var totals = FormulaFuzzer<SeededGenerator>.Totals()
    #expect(FormulaFuzzer<SeededGenerator>.check(text, &totals) == nil)
    #expect(totals.read == 1)
  }

  @Test func aBrokenRuleWouldBeSeen() {
    var totals = FormulaFuzzer<SeededGenerator>.Totals()
    #expect(FormulaFuzzer<SeededGenerator>.check("Li7La3Zr2O12", &totals) == nil)
    #expect(FormulaFuzzer<SeededGenerator>.check("Li7La3Qq", &totals) == nil)
    #expect(totals.texts == 2 && totals.read == 1 && totals.refused == 1 && totals.plain == 1)
  }
}
