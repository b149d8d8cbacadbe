import Chemistry
import Testing

/// Charges, isotopes, parameters, abbreviations: what goes beyond symbols and amounts.
@Suite struct FormulaGrammarTests {
  @Test(arguments: [
    ("Li+", "Li", 1), ("Fe3+", "Fe", 3), ("Fe2+", "Fe", 2), ("Fe_2+", "Fe2", 1), ("Fe₂+", "Fe2", 1), ("O2-", "O", -2), ("Ca++", "Ca", 2),
    ("PO4^3-", "PO4", -3), ("PO43-", "PO4", -3), ("PO₄³⁻", "PO4", -3), ("PO$_4^{3-}$", "PO4", -3), ("SO42-", "SO4", -2),
    ("ClO4-", "ClO4", -1), ("PF6-", "PF6", -1), ("BF4-", "BF4", -1), ("OH-", "OH", -1), ("[Fe(CN)6]4-", "FeC6N6", -4),
    ("Hg2^2+", "Hg2", 2), ("Cr2O72-", "Cr2O7", -2), ("Li2O", "Li2O", 0), ("Fe^{3+}O1.5", "FeO1.5", 0), ("Li0.5+", "Li0.5", 1),
    ("NH4^+", "NH4", 1), ("VO2^+", "VO2", 1), ("VO^2+", "VO", 2),
  ])
  func chargesAreNoAmounts(text: String, formula: String, charge: Int) throws {
    let species = try Species(formula: text)
    #expect(species.composition == (try Composition(formula: formula)), "\(text)")
    #expect(species.charge == charge, "\(text)")
    #expect(try Species(formula: species.description) == species, "\(text) was printed as \(species)")
    #expect(try Composition(formula: text) == species.composition)
  }

  @Test(arguments: [
    ("VO2+", "VO^2+", "VO2^+"), ("NH4+", "NH^4+", "NH4^+"), ("Hg22+", "Hg2^2+", "Hg22^+"),
    ("6Li2O", "[6Li]2O", "6(Li2O)"), ("7Li3N", "[7Li]3N", "7(Li3N)"),
    ("75Li3PO4-xLi4SiO4 (x=25)", "75Li3PO4·xLi4SiO4 (x=25)", "75Li3PO(4-x)Li4SiO4 (x=25)"),
  ])
  func bothReadingsAreGiven(text: String, first: String, second: String) throws {
    do {
      let composition = try Composition(formula: text)
      Issue.record("\(text) was read as \(composition)")
    } catch { #expect(error.kind == .ambiguous(first, or: second), "\(text): \(error)") }
    let a = try? Composition(formula: first)
    let b = try? Composition(formula: second)
    #expect(a != nil || b != nil, "\(text)")
  }

  @Test(arguments: [
    ("⁷Li₃PO₄", "Li3PO4"), ("^7Li3N", "Li3N"), ("^{6}Li2CO3", "Li2CO3"), ("{}^7Li2O", "Li2O"), ("$^{7}$Li$_2$O", "Li2O"),
    ("[7Li]2O", "Li2O"), ("[6Li]2CO3", "Li2CO3"), ("[2H]2O", "H2O"), ("D2O", "H2O"), ("LiOT", "LiOH"), ("Li2^{18}O", "Li2O"),
    ("3Li2O", "Li6O3"), ("6Li2O·4B2O3", "Li12O18B8"), ("2H2O", "H4O2"), ("[3Li]", "Li3"),
    ("Li6.4Vac0.6La3Zr2O12", "Li6.4La3Zr2O12"), ("(Li0.3Vac0.7)TiO3", "Li0.3TiO3"), ("Li0.3Vac", "Li0.3"), ("VAc", "VAc"),
  ])
  func isotopesAndVacancies(text: String, formula: String) throws {
    #expect(try Composition(formula: text).entries == Composition(formula: formula).entries, "\(text)")
  }

  @Test(arguments: [
    ("Li7-xLa3Zr2-xTaxO12 (x=0.25)", "Li6.75La3Zr1.75Ta0.25O12"), ("Li7-xLa3Zr2-xTaxO12; x = 0.25", "Li6.75La3Zr1.75Ta0.25O12"),
    ("Li7-xLa3Zr2-xTaxO12, x=1/4", "Li6.75La3Zr1.75Ta0.25O12"), ("Li7-xLa3Zr2-xTaxO12 x=0.25", "Li6.75La3Zr1.75Ta0.25O12"),
    ("Li7-xLa3Zr2-xTaxO12 for x = 0.25", "Li6.75La3Zr1.75Ta0.25O12"), ("Li$_{7-x}$La$_3$Zr$_{2-x}$Ta$_x$O$_{12}$ ($x$=0.25)", nil),
    ("Li$_{7-x}$La$_3$Zr$_{2-x}$Ta$_x$O$_{12}$ (x=0.25)", "Li6.75La3Zr1.75Ta0.25O12"),
    ("Li₇₋ₓLa₃Zr₂₋ₓTaₓO₁₂ (x=0.25)", "Li6.75La3Zr1.75Ta0.25O12"),
    ("Li1+x+yAlxTi2-xP3-ySiyO12 (x=0.3, y=0.1)", "Li1.4Al0.3Ti1.7P2.9Si0.1O12"), ("(La1-xSrx)MnO3-δ (x=0.5; δ=0.125)", "La0.5Sr0.5MnO2.875"),
    ("Li3xLa2/3-xTiO3 (x=1/6)", "Li0.5La0.5TiO3"), ("LixCoO2 (x=0.5)", "Li0.5CoO2"), ("Li(7-x)/2O (x=1)", "Li3O"),
    ("Li2-2xMgxO (x=0.25)", "Li1.5Mg0.25O"), ("LiDy1-yYyO2 (y=0.5)", "LiDy0.5Y0.5O2"), ("Li2(1-x)O (x=0.5)", "LiO"),
    ("Li7-xLa3Zr2-xTaxO12 (x=0)", "Li7La3Zr2O12"), ("LiCl·xH2O (x=0.5)", "LiClHO0.5"), ("LiCl.xH2O (x=2)", "LiClH4O2"),
    ("LiO2-xF2x (x=0.25)", "LiO1.75F0.5"),
  ])
  func parametersAreReplaced(text: String, formula: String?) throws {
    guard let formula else {
      #expect(throws: FormulaError.self) { try Composition(formula: text) }
      return
    }
    let read = try Composition(formula: text)
    #expect(try read.isClose(to: Composition(formula: formula), tolerance: 1e-11), "\(text) was read as \(read)")
  }

  @Test(arguments: [
    ("Li7-xLa3Zr2-xTaxO12", FormulaError.Kind.unknownAmount("x"), 5), ("LixCoO2", .unknownAmount("x"), 3),
    ("LaMnO3-δ", .unknownAmount("δ"), 8), ("Li7-xLa3Zr2-xTaxO12 (x=2.5)", .negativeAmount, 11),
    ("Li7La3Zr2O12 (x=0.25)", .unusedParameter("x"), 15), ("Li7-xLa3Zr2-xTaxO12 (x=0:0.6)", .badParameter("0:0.6"), 24),
    ("Li7-xLa3Zr2-xTaxO12 (x=0:0.6:0.1)", .severalCompositions(7), 22), ("LixO (x=)", .badParameter(""), 9),
    ("LixyO (x=1, y=2)", .badAmount("xy"), 3), ("LixO (x=1, x=2)", .badParameter("x"), 12), ("LixO (x=1:0:0.1)", .badParameter("1:0:0.1"), 9),
    ("Li9Vac^", .unexpected("^"), 7), ("^9Li", .ambiguous("", or: ""), 0),
  ])
  func whatIsWrongWithParameters(text: String, kind: FormulaError.Kind, position: Int) {
    do {
      let composition = try Composition(formula: text)
      // 9Li is an isotope, though short-lived.
      #expect(position == 0 && composition.formula == "Li", "\(text) was read as \(composition)")
    } catch {
      #expect(error.kind == kind, "\(text): \(error.kind)")
      #expect(error.position == position, "\(text): \(error.position)")
    }
  }

  @Test func rangesMakeSeries() throws {
    let series = try FormulaSeries(formula: "Li7-xLa3Zr2-xTaxO12 (x=0:0.6:0.1)")
    #expect(series.count == 7)
    #expect(series.text(at: 3) == "Li7-xLa3Zr2-xTaxO12 (x=0.3)")
    #expect(try series.composition(at: 6) == Composition(formula: "Li6.4La3Zr1.4Ta0.6O12"))
    for i in 0..<7 { #expect(try Composition(formula: series.text(at: i)) == series.composition(at: i)) }

    let grid = try FormulaSeries(formula: "Li1+x+yAlxTi2-xP3-ySiyO12; x = 0, 0.3; y = 0:0.2:0.1")
    #expect(grid.count == 6)
    #expect(grid.text(at: 4) == "Li1+x+yAlxTi2-xP3-ySiyO12 (x=0.3, y=0.1)")
    #expect(try FormulaSeries(formula: "Li2O").count == 1)
    #expect(try FormulaSeries(formula: "Li2O").text(at: 0) == "Li2O")
    #expect(throws: FormulaError.self) { try FormulaSeries(formula: "LixNayO (x=0:1:0.001, y=0:1:0.001)") }
  }

  @Test func parameterGlasses() throws {
    let expected = try Composition(formula: "75Li2S-25P2S5")
    for text in ["xLi2S-(100-x)P2S5 (x=75)", "xLi2S·(100-x)P2S5; x=75", "(100-x)Li2S-xP2S5 (x=25)"] {
      #expect(try Composition(formula: text) == expected, "\(text)")
    }
    let glass = try Composition(formula: "(1-x)Li3PO4-xLi2SO4 (x=0.2)")
    #expect(try glass.isClose(to: Composition(formula: "Li2.8P0.8S0.2O4"), tolerance: 1e-12))
  }
}
