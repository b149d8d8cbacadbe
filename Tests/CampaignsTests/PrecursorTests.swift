import Campaigns
import Chemistry
import TestSupport
import Testing

@Suite struct PrecursorTests {
  static let shelf = PrecursorList([
    Precursor(formula: "Li2S"), Precursor(formula: "P2S5"), Precursor(formula: "LiCl"), Precursor(formula: "LiBr"),
    Precursor(formula: "Li2CO3", releases: "CO2", purity: 0.99), Precursor(formula: "La2O3"), Precursor(formula: "ZrO2"),
  ])

  /// 5/2 Li2S + 1/2 P2S5 + LiCl → Li6PS5Cl.
  @Test func argyroditeFromSulfidesAndChloride() throws {
    let target = try Composition(formula: "Li6PS5Cl")
    let plan = try #require(Self.shelf.plan(for: target, grams: 5))
    #expect(plan.items.map(\.formula) == ["Li2S", "P2S5", "LiCl"])
    expectClose(plan.items.map(\.moles), [2.5, 0.5, 1], relative: 1e-9)
    // Nothing leaves, so the masses add up to the product.
    #expect(isClose(plan.items.reduce(0) { $0 + $1.grams }, 5, relative: 1e-6))
    let share = 0.5 * (try Composition(formula: "P2S5")).molarMass / target.molarMass
    #expect(isClose(plan.items[1].grams, 5 * share, relative: 1e-9))
    #expect(plan.missing.isEmpty && plan.releases.isEmpty)
    let double = try #require(Self.shelf.plan(for: try Composition(formula: "Li12P2S10Cl2"), grams: 5))
    expectClose(double.items.map(\.grams), plan.items.map(\.grams), relative: 1e-9)
  }

  /// 7/2 Li2CO3 + 3/2 La2O3 + 2 ZrO2 → Li7La3Zr2O12 + 7/2 CO2.
  @Test func garnetFromCarbonateLosesItsGas() throws {
    let target = try Composition(formula: "Li7La3Zr2O12")
    let plan = try #require(Self.shelf.plan(for: target, grams: 5))
    let moles = Dictionary(uniqueKeysWithValues: plan.items.map { ($0.formula, $0.moles) })
    #expect(isClose(moles["Li2CO3"] ?? 0, 3.5, relative: 1e-9))
    #expect(isClose(moles["La2O3"] ?? 0, 1.5, relative: 1e-9))
    #expect(isClose(moles["ZrO2"] ?? 0, 2, relative: 1e-9))
    #expect(plan.releases == ["CO2"])
    let gas = 3.5 * (try Composition(formula: "CO2")).molarMass / target.molarMass * 5
    let carbonate = try #require(plan.items.first { $0.formula == "Li2CO3" })
    let weighed = plan.items.reduce(0) { $0 + $1.grams } - 0.01 * carbonate.grams
    #expect(isClose(weighed, 5 + gas, relative: 1e-6))
  }

  /// Every element that goes in comes out, for whatever the list can make.
  @Test(arguments: ["Li6PS5Br0.5Cl0.5", "Li3PS4", "Li5.5PS4.5Cl1.5", "Li6.4La3Zr1.4O11.1", "Li10GeP2S12", "Li3N"])
  func atomsBalance(formula: String) throws {
    let target = try Composition(formula: formula)
    for list in [Self.shelf, .bundledBinaries] {
      guard let plan = list.plan(for: target, grams: 2) else { continue }
      var atoms: [Element: Double] = [:]
      for item in plan.items {
        for entry in try Composition(formula: item.formula).entries { atoms[entry.element, default: 0] += item.moles * entry.amount }
      }
      for entry in target.entries where !plan.releases.contains("CO2") || entry.element.symbol != "O" {
        #expect(isClose(atoms[entry.element] ?? 0, entry.amount, relative: 1e-6), "\(entry.element) of \(formula)")
      }
    }
  }

  @Test func whatTheListLacksIsNamed() throws {
    #expect(Self.shelf.plan(for: try Composition(formula: "Li10GeP2S12"), grams: 5) == nil)
    let lacking = PrecursorList([Precursor(formula: "Li2S"), Precursor(formula: "LiGeCl3")])
    let plan = try #require(lacking.plan(for: try Composition(formula: "Li4GeS4"), grams: 5))
    #expect(plan.missing.contains("Ge"))
  }
}
