import Chemistry
import TestSupport
import Testing

@Suite struct MixtureTests {
  private func mixture(_ text: String) throws -> Mixture { try #require(Composition(formula: text).mixture, "\(text)") }
  private func composition(_ formula: String) throws -> Composition { try Composition(formula: formula) }

  @Test func polymerSaltAndFiller() throws {
    let text = "PEO + LiTFSI (EO:Li=18) + 10 wt% Li6.4La3Zr1.4Ta0.6O12"
    let mixture = try mixture(text)
    #expect(mixture.components.map(\.role) == [.matrix, .salt, .activeFiller])
    #expect(mixture.components.map(\.name) == ["PEO", "LiTFSI", "Li6.4La3Zr1.4Ta0.6O12"])
    #expect(mixture.components.prefix(2).map(\.moles) == [18, 1])
    #expect(isClose(mixture.massFraction(of: .activeFiller), 0.1, relative: 1e-12))
    #expect(mixture.etherOxygenPerLithium == 18 && mixture.oxygenPerLithium == 18)
    let polymer = try 18 * composition("C2H4O") + composition("LiN(SO2CF3)2")
    let garnet = try composition("Li6.4La3Zr1.4Ta0.6O12")
    let whole = polymer + (polymer.molarMass / 9 / garnet.molarMass) * garnet
    #expect(try composition(text).isClose(to: whole, tolerance: 1e-10))
  }

  @Test(arguments: [
    "PEO + LiTFSI (EO/Li = 18)", "PEO + LiTFSI ([EO]/[Li] = 18)", "PEO + LiTFSI (EO:Li=18:1)", "PEO + LiTFSI (Li:EO=1:18)",
    "PEO + LiTFSI (O:Li=18)", "P(EO)18LiTFSI", "PEO18LiTFSI", "(PEO)18-LiTFSI", "PEO18LiN(SO2CF3)2", "18 PEO + 1 LiTFSI",
    "18 mol PEO + 1 mol LiTFSI", "PEG + LiTFSI (EO:Li=18)", "PEO + LiTFSI (EO:Li=x); x=18",
  ])
  func sameElectrolyte(text: String) throws {
    let mixture = try mixture(text)
    #expect(mixture.etherOxygenPerLithium == 18, "\(text)")
    #expect(mixture.components.map(\.role) == [.matrix, .salt], "\(text)")
    #expect(try composition(text).entries == composition("C36H72O18LiN(SO2CF3)2").entries, "\(text)")
  }

  @Test func sharesByMassMoleAndVolume() throws {
    let mass = try mixture("90 wt% Li6PS5Cl + 10 wt% Al2O3")
    #expect(mass.components.map(\.role) == [.matrix, .inertFiller])
    #expect(isClose(mass.massFraction(of: .inertFiller), 0.1, relative: 1e-12))
    let behind = try mixture("Li6PS5Cl + Al2O3 (10 wt%)")
    #expect(isClose(behind.massFraction(of: .inertFiller), 0.1, relative: 1e-12))
    #expect(behind.components[0].moles == 1)

    let mole = try mixture("75 mol% Li2S + 25 mol% P2S5")
    #expect(mole.components.map(\.role) == [.matrix, .matrix])
    #expect(try mole.composition.hasSameFractions(as: composition("Li3PS4"), tolerance: 1e-12))

    // Densities from the table: Li2O 2.013, Al2O3 3.97 g/cm³ or as the table has them.
    let volume = try mixture("LiF (2.0 g/cm3) + 50 vol% MgO (4.0 g/cm3)")
    #expect(isClose(volume.massFraction(of: .inertFiller), 2.0 / 3, relative: 1e-12))
    #expect(try mixture("LiF + 50 vol% MgO").massFraction(of: .inertFiller) > 0.5)
  }

  @Test func glasses() throws {
    for text in ["75Li2S-25P2S5", "75Li2S·25P2S5", "0.75Li2S·0.25P2S5", "75Li2S – 25P2S5", "75 Li2S + 25 P2S5"] {
      let mixture = try mixture(text)
      #expect(mixture.components.map(\.name) == ["Li2S", "P2S5"], "\(text)")
      #expect(isClose(mixture.moleFraction(of: .matrix), 1), "\(text)")
      #expect(try mixture.composition.hasSameFractions(as: composition("Li3PS4"), tolerance: 1e-12), "\(text)")
    }
    let nested = try mixture("0.7(0.75Li2S·0.25P2S5)·0.3LiI")
    #expect(nested.components.map(\.name) == ["Li2S", "P2S5", "LiI"])
    for (part, moles) in zip(nested.components, [0.525, 0.175, 0.3]) { #expect(isClose(part.moles, moles, relative: 1e-14)) }
    for text in ["CuSO4·5H2O", "3CdSO4·8H2O", "Li4SiO4·Li3PO4", "(Li2S)0.8(P2S5)0.2", "Li7La3Zr2O12", "2Li2O", "Li2O"] {
      #expect(try composition(text).mixture == nil, "\(text)")
    }
  }

  @Test(arguments: [
    ("PAN + LiClO4 (O:Li=10)", "PAN has no such oxygen"), ("PEO + LiTFSI", "the amount of PEO is missing"),
    ("PEO + 10% LiTFSI", "per cent of what? Write wt%, vol% or mol%"), ("90 wt% PEO + 5 wt% LiTFSI", "the shares add up to 95%, not 100%"),
    ("PEO + 60 wt% LiTFSI + 50 wt% SiO2", "the shares add up to 110% and leave nothing for the rest"),
    ("PEO + 10 wt% LiTFSI + 10 vol% SiO2", "shares of two kinds, give all in wt%, vol% or mol%"),
    ("LiTFSI (EO:Li=18)", "a ratio needs one polymer with oxygen, such as PEO"),
    ("PEO + NaCl (EO:Li=18)", "the salt of a ratio needs lithium"),
    ("PEO + 10 vol% Li6.4La3Zr1.4Ta0.6O12",
      "shares by volume need the density of PEO, write it as PEO (5.1 g/cm3)"),
    ("PVDF-HFP + 20 wt% LiTFSI", "the share of the second unit of PVDF-HFP is missing: write PVDF-HFP (HFP=10 mol%)"),
    ("PEO +  + LiTFSI", "nothing between two +"), ("PEO + 10 wt%", "an amount of nothing"),
  ])
  func whatIsMissingIsSaid(text: String, reason: String) {
    do {
      Issue.record("\(text) was read as \(try Composition(formula: text))")
    } catch { #expect(error.kind == .badMixture(reason), "\(text): \(error)") }
  }

  @Test func copolymers() throws {
    let mixture = try mixture("PVDF-HFP (HFP=12 wt%) + 30 wt% LiTFSI")
    #expect(mixture.components.map(\.role) == [.matrix, .salt])
    let (vdf, hfp) = try (composition("C2H2F2"), composition("C3F6"))
    let share = 0.12 / hfp.molarMass / (0.12 / hfp.molarMass + 0.88 / vdf.molarMass)
    #expect(isClose(mixture.components[0].composition[try #require(Element("F"))], 2 + 4 * share, relative: 1e-12))
  }

  @Test func rolesCanBeGiven() throws {
    #expect(try mixture("PEO + LiTFSI (EO:Li=16) + 5 wt% LiI (active filler)").components.map(\.role) == [.matrix, .salt, .activeFiller])
    #expect(try mixture("PEO + LiTFSI (EO:Li=16) + 5 wt% EC").components[2].role == .plasticizer)
    #expect(try mixture("PEO + Li2B12H12 (EO:Li=16)").components[1].role == .salt)
    #expect(try mixture("LLZO + 5 wt% Li3BO3").components.map(\.role) == [.matrix, .activeFiller])
  }

  @Test(arguments: [
    "PEO + LiTFSI (EO:Li=18) + 10 wt% Li6.4La3Zr1.4Ta0.6O12", "0.7(0.75Li2S·0.25P2S5)·0.3LiI", "LLZO + 5 wt% Li3BO3",
    "PVDF-HFP (HFP=12 wt%) + 30 wt% LiTFSI + 5 wt% EC", "PEO + Li2B12H12 (EO:Li=16)", "75Li2S-25P2S5",
    "PEO + LiTFSI (EO:Li=16) + 5 wt% LiI (active filler)", "PMMA + LiClO4 (O:Li=7.3)", "75P1C1-25Li2S",
  ])
  func printedMixturesReadBack(text: String) throws {
    let composition = try composition(text)
    let printed = try #require(composition.mixture).description
    #expect(try Composition(formula: printed) == composition, "\(printed)")
  }

  @Test func errorsInComponentsPointIntoTheCell() {
    do { _ = try Composition(formula: "PEO + LiTFSI (EO:Li=18) + 10 wt% Li6Qq") } catch {
      #expect(error.kind == .unknownElement("Qq") && error.position == 37, "\(error)")
    }
  }
}
