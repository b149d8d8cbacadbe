import Chemistry
import TestSupport
import Testing

@Suite struct CompositionTests {
  private func composition(_ formula: String) throws -> Composition { try Composition(formula: formula) }
  private func element(_ symbol: String) throws -> Element { try #require(Element(symbol)) }

  @Test func formulasAndMassesAreThoseOfPymatgen() throws {
    let table = try GoldenTable(folder: #filePath, "formulas.csv")
    #expect(table.rows.count > 170)
    for row in table.rows {
      let composition = try composition(row[0])
      if row[1].contains(".") {
        // pymatgen writes Ti1 where we write Ti when other amounts are not whole.
        #expect(try composition.isClose(to: Composition(formula: row[1])), "\(row[0])")
      } else {
        #expect(composition.reducedFormula == row[1], "\(row[0])")
      }
      #expect(composition.hillFormula == row[2], "\(row[0])")
      #expect(composition.anonymizedFormula == row[3], "\(row[0])")
      #expect(isClose(composition.molarMass, Double(row[4]) ?? .nan, relative: 1e-12), "\(row[0])")
    }
  }

  @Test func fractionsAndWeightFractions() throws {
    let oxide = try composition("Li2O")
    let lithium = try element("Li")
    #expect(oxide.fraction(of: lithium) == 2.0 / 3)
    #expect(isClose(oxide.weightFraction(of: lithium), 2 * 6.941 / (2 * 6.941 + 15.9994)))
    #expect(try oxide.fraction(of: element("H")) == 0)
    #expect(oxide.normalized.atomCount == 1)
    #expect(oxide.chemicalSystem == "Li-O")
    #expect(try composition("Li3PO4").chemicalSystem == "Li-O-P")
  }

  @Test func arithmeticAddsAtoms() throws {
    let sum = try 3 * composition("Li2S") + composition("P2S5")
    #expect(try sum == composition("Li6P2S8"))
    #expect(try sum == composition("P2S5") + 3 * composition("Li2S"))
    #expect(try (0.5 * composition("Li2O")).atomCount == 1.5)
  }

  @Test func scaledFormulasHaveTheSameFractions() throws {
    let a = try composition("FeO")
    for text in ["Fe2O2", "Fe0.5O0.5", "Fe1/3O1/3", "OFe"] {
      #expect(try a.hasSameFractions(as: composition(text)), "\(text)")
    }
    #expect(try !a.hasSameFractions(as: composition("Fe1.001O")))
    #expect(try !a.isClose(to: composition("Fe2O2")))
    #expect(try a.isClose(to: composition("Fe1.000000001O")))
    #expect(try a != composition("Fe1.000000001O"))
  }

  @Test(arguments: [
    ("Li0.5La0.5TiO3", "LiLaTi2O6"), ("Li6.4La3Zr1.4Ta0.6O12", "Li32La15Zr7Ta3O60"),
    ("Li1/3O1/6", "Li2O"), ("Li3PS4", "Li3PS4"), ("Li1.3Al0.3Ti1.7(PO4)3", "Li13Ti17Al3(PO4)30"),
  ])
  func integerReducedFormulaHasWholeAmounts(formula: String, expected: String) throws {
    let written = try composition(formula)
    let whole = try composition(written.integerReducedFormula())
    #expect(whole.hasSameFractions(as: written))
    #expect(whole.entries.allSatisfy { $0.amount == $0.amount.rounded() })
    #expect(written.integerReducedFormula() == expected)
  }

  @Test func impossibleAmountsMakeNoComposition() throws {
    let lithium = try element("Li")
    #expect(Composition([(lithium, -1)]) == nil)
    #expect(Composition([(lithium, .nan)]) == nil)
    #expect(Composition([(lithium, .infinity)]) == nil)
    #expect(Composition([(lithium, 0)]) == nil)
    #expect(Composition([(Element, Double)]()) == nil)
    #expect(Composition([(lithium, .greatestFiniteMagnitude), (lithium, .greatestFiniteMagnitude)]) == nil)
    #expect(Composition([(lithium, 1), (lithium, 2)])?[lithium] == 3)
  }
}
