import Chemistry
import Testing

@Suite struct AbbreviationTests {
  @Test func everyNameIsReadOrExplained() throws {
    #expect(Abbreviation.all.count > 45)
    for entry in Abbreviation.all {
      #expect(!entry.meaning.isEmpty && !entry.source.isEmpty, "\(entry.name)")
      switch entry.kind {
      case .family, .ambiguous:
        if entry.name != "PC" { #expect(throws: FormulaError.self) { try Composition(formula: entry.name) } }
      case .copolymer:
        #expect(throws: FormulaError.self) { try Composition(formula: entry.name) }
        #expect(try Composition(formula: "\(entry.name) (HFP=10 mol%)").entries.count > 1)
      default:
        let composition = try Composition(formula: entry.name)
        #expect(composition == entry.composition, "\(entry.name)")
      }
    }
  }

  @Test(arguments: [
    ("PEO", "C2H4O"), ("PVDF", "C2H2F2"), ("PAN", "C3H3N"), ("PMMA", "C5H8O2"), ("LiTFSI", "LiC2F6NO4S2"), ("LiFSI", "LiF2NO4S2"),
    ("LiBOB", "LiBC4O8"), ("LLZO", "Li7La3Zr2O12"), ("LGPS", "Li10GeP2S12"), ("PPC", "C4H6O3"), ("PEC", "C3H4O3"),
  ])
  func meaning(name: String, formula: String) throws {
    #expect(try Composition(formula: name) == Composition(formula: formula))
  }

  /// Names that are also spellings with symbols hide no formula that balances.
  @Test func namesHideNoFormulas() throws {
    for entry in Abbreviation.all where entry.composition != nil && !entry.name.contains("-") {
      // With an amount on the last symbol the name is no name any more.
      guard let spelled = try? Composition(formula: entry.name + "1") else { continue }
      let hasHeavyHydrogen = entry.name.contains("D") || entry.name.contains("T")
      #expect(hasHeavyHydrogen || OxidationStates.uniformCharges(of: spelled) == nil, "\(entry.name)")
    }
    #expect(try Composition(formula: "PC") == Composition(formula: "P1C1"))
    #expect(try Composition(formula: "SN") == Composition(formula: "S1N1"))
  }

  @Test func families() {
    do { _ = try Composition(formula: "PC + LiTFSI (O:Li=10)") } catch {
      guard case .noComposition(let reason) = error.kind else {
        Issue.record("\(error)")
        return
      }
      #expect(reason.contains("propylene carbonate"))
    }
  }
}
