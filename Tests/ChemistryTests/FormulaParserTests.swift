import Chemistry
import LinearAlgebra
import Testing

@Suite struct FormulaParserTests {
  /// Texts and the plain formula they mean.
  @Test(arguments: [
    ("Li7La3Zr2O12", "Li7La3Zr2O12"), ("NaN", "Na1N1"), ("NO", "N1O1"), ("InF", "In1F1"), ("No", "No1"),
    ("Ca(OH)2", "CaO2H2"), ("Li[Ni1/3Mn1/3Co1/3]O2", "Li3NiMnCoO6"), ("{[(Li2)2]2}2O", "Li16O"),
    ("Li.5La.5TiO3", "LiLaTi2O6"), ("(Li0.5La0.5)TiO3", "LiLaTi2O6"), ("Li2.O", "Li2O"),
    (" Li2 O ", "Li2O"), ("Li 2 O 1", "Li2O"), ("(Li2O)50 (Al2O3)2 (P2O5)48", "Li100Al4P96O296"),
    ("\"(Li2S)0.8 (P2S5)0.2\"", "Li8P2S9"), ("Li₇La₃Zr₂O₁₂", "Li7La3Zr2O12"), ("Li₆.₄O", "Li6.4O"),
    ("Li$_{7}$La$_3$Zr$_{2}$O$_{12}$", "Li7La3Zr2O12"), ("Li_7La_{3}O_{7.5}", "Li14La6O15"),
    ("$\\mathrm{Li_{7}La_{3}Zr_{2}O_{12}}$", "Li7La3Zr2O12"), ("Li<sub>2</sub>O", "Li2O"),
    ("CuSO4·5H2O", "CuSO9H10"), ("CuSO4*5H2O", "CuSO9H10"), ("CuSO4•5(H2O)", "CuSO9H10"),
    ("CuSO4.5H2O", "CuSO9H10"), ("LiOH.H2O", "LiO2H3"), ("CaSO4·0.5H2O", "Ca2S2O9H2"),
    ("CaSO4.0.5H2O", "Ca2S2O9H2"), ("CaSO4·1/2H2O", "Ca2S2O9H2"), ("CaSO4·½H2O", "Ca2S2O9H2"),
    ("MgCl2.6H2O", "MgCl2H12O6"), ("Na2S.9H2O", "Na2SH18O9"), ("KAl(SO4)2.12H2O", "KAlS2O20H24"),
    ("Mg(NO3)2.6H2O", "MgN2O12H12"), ("3CdSO4·8H2O", "Cd3S3O20H16"), ("(CuSO4·5H2O)2", "Cu2S2O18H20"),
    ("Li4SiO4.Li3PO4", "Li7SiPO8"), ("D2O", "H2O"), ("HDO", "H2O"), ("LiT", "LiH"),
    ("Li1e-1O1E-1", "LiO"), ("Sr2FeMoO5.5F0.5", "Sr4Fe2Mo2O11F"), ("LiO0.5F0.5", "Li2OF"),
    ("Li２Ｏ", "Li2O"), ("Li\u{200B}2O\u{A0}", "Li2O"), ("Mg(OH)1.5Cl0.5", "Mg2O3H3Cl"), ("Li0Na2O", "Na2O"),
    ("FeO1.5OH", "Fe2O5H2"),
    ("Li6.4□0.6La3Zr2O12", "Li6.4La3Zr2O12"), ("(Li0.3□₀.₇)TiO3", "Li0.3TiO3"), ("Li□$_{1/3}$O", "LiO"),
    ("Li⁺", "Li"), ("PO₄³⁻", "PO4"), ("PO4^3-", "PO4"), ("Fe^{3+}O1.5", "Fe2O3"), ("2Li^+O", "Li2O2"),
  ])
  func reads(text: String, meaning: String) throws {
    let a = try Composition(formula: text)
    let b = try Composition(formula: meaning)
    #expect(a.hasSameFractions(as: b, tolerance: 1e-12), "\(text) was read as \(a)")
  }

  @Test(arguments: [
    ("Li6PS5Qq", FormulaError.Kind.unknownElement("Qq"), 7), ("LI7La3Zr2O12", .unknownElement("L"), 1),
    ("LiQqO", .unknownElement("Qq"), 3), ("Lithium", .unknownElement("Lithium"), 1), ("", .empty, 1),
    ("  ", .empty, 1), ("Li0", .empty, 1), ("Li(PO4", .unbalancedBracket, 3),
    ("LiPO4)", .unbalancedBracket, 6), ("Li(PO4]3", .unbalancedBracket, 7), ("Li[PO4)3", .unbalancedBracket, 7), ("{Li)", .unbalancedBracket, 4), ("Li()O", .emptyBrackets, 3),
    ("Li-1O", .negativeAmount, 3), ("Li-.5O", .negativeAmount, 3), ("Li2C03", .badAmount("03"), 5),
    ("Li1/O", .badAmount("1/"), 3), ("Li1/0O", .badAmount("1/0"), 3), ("Li2,O", .unexpected(","), 4),
    ("Li₂O#", .unexpected("#"), 5), ("Li2O·", .unexpectedEnd, 6), ("·Li2O", .unexpected("·"), 1),
    ("2", .unexpectedEnd, 2), ("li2O", .unexpected("l"), 1), ("Li🔋", .unexpected("🔋"), 3),
    ("Li1e400", .badAmount("1e400"), 3), ("Li2S 3P2S5", .ambiguous("Li2S3P2S5", or: "Li2S·3P2S5"), 6),
    ("LiCl0.5H2O", .ambiguous("LiCl·0.5H2O", or: "Li(Cl0.5)H2O"), 6), ("é", .unexpected("é"), 1),
    ("Na2SO4.5Li2O", .ambiguous("Na2SO4·5Li2O", or: "Na2S(O4.5)Li2O"), 7), ("Li\nO?", .unexpected("?"), 5),
    ("C□o", .unexpected("o"), 3), ("□0.5", .empty, 1), ("Li□1.5H2O", .badAmount("vacancy before water"), 3),
    ("Li²O", .unexpected("²"), 3), ("Li^2O", .unexpected("^"), 3), ("Li\u{1}O", .unexpected("\u{1}"), 3),
  ])
  func refuses(text: String, kind: FormulaError.Kind, position: Int) {
    do {
      let composition = try Composition(formula: text)
      Issue.record("\(text) was read as \(composition)")
    } catch {
      #expect(error.kind == kind, "\(text)")
      #expect(error.position == position, "\(text): \(error)")
      #expect(error.text == text)
    }
  }

  @Test(arguments: [
    ("LI7La3Zr2O12", "Li7La3Zr2O12"), ("li2o", "Li2O"), ("NACL", "NaCl"), ("Li2C03", "Li2CO3"),
    ("Li(PO4", "Li(PO4)"), ("LiPO4)", "LiPO4"), ("Li2O,", "Li2O"), ("Lil.3Al", "Li1.3Al"),
    ("Сa3N2", "Ca3N2"), ("iL2O", "Li2O"), ("Li2O·", "Li2O"), ("Li()O", "LiO"), ("Li2S-P2S5", "Li2S·P2S5"),
    ("2Li2S+P2S5", "2Li2S + P2S5"), ("Li6.4Va0.6La3Zr2O12", "Li6.4Vac0.6La3Zr2O12"), ("LiQq", nil), ("?", nil),
  ])
  func suggests(text: String, suggestion: String?) {
    #expect(throws: FormulaError.self) { try Composition(formula: text) }
    do { _ = try Composition(formula: text) } catch { #expect(error.suggestion == suggestion) }
  }

  @Test func errorsSayWhereWhatAndTheWayOut() {
    func message(_ text: String) -> String {
      do { return "\(try Composition(formula: text))" } catch { return "\(error)" }
    }
    #expect(
      message("Li6PS5Qq")
        == "unknown element \"Qq\" at character 7 of \"Li6PS5Qq\"; correct the symbol or remove the row")
    #expect(
      message("LI7La3Zr2O12")
        == "unknown element \"L\" at character 1 of \"LI7La3Zr2O12\"; did you mean \"Li7La3Zr2O12\"?")
    #expect(
      message("LiCl0.5H2O")
        == "\"LiCl0.5H2O\" can mean LiCl·0.5H2O or Li(Cl0.5)H2O; write LiCl·0.5H2O or Li(Cl0.5)H2O")
  }

  @Test func aCaretPointsAtTheCharacter() {
    do { _ = try Composition(formula: "Li6PS5Qq") } catch { #expect(error.marked == "Li6PS5Qq\n      ^") }
    let long = String(repeating: "Li2O ", count: 40) + "Qq" + String(repeating: " Li2O", count: 40)
    do { _ = try Composition(formula: long) } catch {
      let lines = error.marked.split(separator: "\n")
      #expect(lines.count == 2 && lines[0].count <= 78)
      let column = lines[1].count - 1
      #expect(String(Array(lines[0])[column...(column + 1)]) == "Qq")
    }
  }

  @Test func everyReadingOfAnAmbiguityCanBeRead() throws {
    for text in ["LiCl0.5H2O", "Na2SO4.5Li2O", "Li2S 3P2S5", "Li2(PO4)0.5H2O", "Li3YCl5.5H2O"] {
      do { _ = try Composition(formula: text) } catch {
        guard case .ambiguous(let a, let b) = error.kind else {
          Issue.record("\(error)")
          continue
        }
        let both = try (Composition(formula: a), Composition(formula: b))
        #expect(!both.0.hasSameFractions(as: both.1), "\(text)")
      }
    }
  }

  @Test func hugeInputsAreRefusedAtOnce() {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "Li", count: 100_000),
      String(repeating: "(Li", count: 5_000), String(repeating: "₂", count: 100_000),
      "Li" + String(repeating: "9", count: 9_000), String(repeating: "1/", count: 4_000) + "2Li",
    ] {
      #expect(throws: FormulaError.self) { try Composition(formula: text) }
    }
    // At the limits.
    let deep = String(repeating: "(", count: 64) + "Li" + String(repeating: ")", count: 64)
    #expect((try? Composition(formula: deep))?.formula == "Li")
    #expect((try? Composition(formula: String(repeating: "Li", count: 5_000)))?.formula == "Li5000")
  }

  @Test(arguments: ["(Li1.5)H2O", "(Li0.5)H2O", "NaLi21.5H2O0.5", "Na2(Li2.5)H2O"])
  func printedFormulasBeforeWaterAreUnambiguous(text: String) throws {
    let composition = try Composition(formula: text)
    #expect(try Composition(formula: composition.formula) == composition)
  }

  @Test func printedFormulasReadBackBitByBit() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<2_000 {
      let amounts = (0..<1 + generator.index(below: 6)).map { _ in
        let scale = [1, 1e-6, 1e3, 1e20][generator.index(below: 4)]
        return (Element.all[generator.index(below: 118)], generator.uniform() * scale + 1e-12)
      }
      let composition = try #require(Composition(amounts))
      #expect(try Composition(formula: composition.formula) == composition)
    }
  }
}
