import Chemistry
import Stability
import Testing

struct PhaseLabelTests {
  @Test(arguments: [
    ("Cl1Li6P1S5", "Li6PS5Cl"), ("La3Li7O12Zr2", "Li7La3Zr2O12"), ("O8Li6P2", "Li3PO4"),
    ("O", "O2"), ("S8", "S"), ("H2O1", "H2O"), ("Li0.33La0.56TiO3", "Li0.33La0.56TiO3"),
    ("Fe1Li1O4P1", "LiFePO4"), ("Co1Li1O2", "LiCoO2"), ("Cl6Li3Y1", "Li3YCl6"), ("Si1C1", "SiC"),
  ])
  func formulaeAreReducedAndOrderedByElectropositivity(written: String, label: String) {
    #expect(composition(written).phaseLabel == label)
  }
}
