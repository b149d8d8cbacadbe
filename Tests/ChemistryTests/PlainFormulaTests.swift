import Chemistry
import Tables
import TestSupport
import Testing

/// The fast path reads as the full grammar does.
@Suite struct PlainFormulaTests {
  /// What the full grammar makes of a text: a blank before it keeps it off the fast path.
  private func full(_ text: String) -> Composition? { try? Composition(formula: " " + text) }

  @Test(arguments: [
    "Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3", "Ca(OH)2", "Li[Ni0.5Mn0.5]O2", "((Li2)2O)3", "Li.5La.5TiO3",
    "Li2O2Li2", "LiCoO2", "Sr2FeMoO5.5F0.5", "CuSO4.5H2O", "Mg(OH)1.5Cl0.5", "Li10GeP2S12", "Li1e5", "Er2O3Es1", "O12E", "LiO0.5H2O",
    "Li0O", "Li01", "Li2.", "Li.O", "Li2.5.5O", "Li123456789012345O", "Li1234567890123456O", "Li0.123456789012345O", "(Li", "Li)2", "()2",
    "Li[O)2", "Li2.0.5H2O", "LiCl1.5OH2", "Li3(PO4)1.5H2O", "NaCl", "LiFSI", "PVDF", "D2O", "Li2/3O", "Li2O3.5TiO2", "Li6.4La3Zr1.4Ta0.6O12", "LiHf1.5H", "MgSO4.5D2O", "MgCl1.5H2O", "MgCl2.5(H2O)", "LiO1.5HoO", "LiP0.5Dy2O3", "Li2S 3P2S5", "",
  ])
  func agree(text: String) {
    #expect((try? Composition(formula: text)) == full(text), "\(text)")
  }

  @Test(
    "every shared formula is read the same on both paths",
    .enabled(if: SharedData.has("formation_energy_train.csv", "obelix_train.csv"), "needs ../shared/datasets"))
  func agreeOnTheSharedFormulas() throws {
    var count = 0
    for name in ["formation_energy_train.csv", "energy_above_hull_val.csv", "obelix_train.csv", "liverpool_train.csv"] {
      let url = try #require(SharedData.url(name))
      for formula in try Table(reading: url.path).column("formula") {
        count += 1
        let fast = try? Composition(formula: formula)
        if fast != full(formula) { Issue.record("\(formula): \(String(describing: fast))") }
      }
    }
    #expect(count > 60_000)
  }
}
