import Chemistry
import Testing

@Suite struct IonTests {
  private func ion(_ symbol: String, _ charge: Int) throws -> Ion {
    Ion(element: try #require(Element(symbol)), charge: charge)
  }

  @Test(arguments: [
    ("Ti", 4, false), ("Ti", 3, true), ("Fe", 3, true), ("Zn", 2, false), ("Cu", 1, false), ("Cu", 2, true),
    ("La", 3, false), ("Gd", 3, false), ("Al", 3, false), ("Nb", 5, false), ("V", 4, true), ("Sn", 2, false),
  ])
  func openDShells(symbol: String, charge: Int, isOpen: Bool) throws {
    #expect(try ion(symbol, charge).hasOpenDShell == isOpen)
  }

  @Test func usualChargesOccurMoreOften() throws {
    #expect(try ion("P", 5).occurrence > ion("P", 3).occurrence)
    #expect(try ion("Ge", 4).occurrence > 0.5 && ion("Ge", 2).occurrence < 0.1)
    #expect(try ion("Li", 5).occurrence < 1e-5)
  }

  @Test(arguments: [
    ("Li6PS5Cl", [1, 5, -2, -1]), ("LiTi2(PO4)3", [1, -2, 5, 4]), ("Li7La3Zr2O12", [1, -2, 4, 3]),
    ("Li6PS5Cl0.5Br0.5", [1, 5, -2, -1, -1]), ("Li3YCl6", [1, -1, 3]), ("Li3N", [1, -3]),
  ])
  func theMostUsualChargesBalance(formula: String, charges: [Int]) throws {
    #expect(try OxidationStates.uniformCharges(of: Composition(formula: formula)) == charges)
  }

  @Test(arguments: ["Li2Cl", "Fe3O4", "LiHe"])
  func oneChargeForEachElementCannotBalanceEverything(formula: String) throws {
    #expect(try OxidationStates.uniformCharges(of: Composition(formula: formula)) == nil)
  }
}
