import Chemistry
import Descriptors
import Foundation
import TestSupport
import Testing

@Suite struct LithiumDescriptorsTests {
  private func values(_ featurizer: some Featurizer, _ formula: String) throws -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(featurizer.labels, featurizer.values(for: try Composition(formula: formula))))
  }

  private func lithium(_ formula: String) throws -> [String: Double] { try values(LithiumDescriptors(), formula) }

  @Test func contracts() throws {
    try expectFeaturizerContract(LithiumDescriptors())
    try expectFeaturizerContract(FamilyDescriptors())
    try expectFeaturizerContract(IonDescriptors())
    try expectFeaturizerContract(OxidationDescriptors())
    try expectFeaturizerContract(BondingDescriptors())
    try expectFeaturizerContract(MeredigDescriptors())
    try expectFeaturizerContract(MiedemaDescriptors())
    try expectFeaturizerContract(OliynykDescriptors())
    try expectFeaturizerContract(WeightedDescriptors())
  }

  @Test func ratiosOfArgyrodite() throws {
    let own = try lithium("Li6PS5Cl")
    #expect(isClose(own["lithium fraction"] ?? .nan, 6.0 / 13))
    #expect(isClose(own["lithium per anion"] ?? .nan, 1))
    #expect(isClose(own["lithium share of cations"] ?? .nan, 6.0 / 7))
    #expect(isClose(own["anion share S"] ?? .nan, 5.0 / 6))
    #expect(isClose(own["bound in PS4"] ?? .nan, 4.0 / 6))
    #expect(isClose(own["anion mixing entropy"] ?? .nan, -(5 * log(5.0 / 6) + log(1.0 / 6)) / 6))
    // Pauling: χ of Li 0.98, of S 2.58, of Cl 3.16.
    let anion = (5 * 2.58 + 3.16) / 6
    #expect(isClose(own["lithium-anion ionicity"] ?? .nan, 1 - exp(-(anion - 0.98) * (anion - 0.98) / 4)))
    // Shannon's radii in sixfold coordination: Li 0.76, P 0.38, S 1.84, Cl 1.81.
    let radius = (5 * 1.84 + 1.81) / 6
    let packing = 4 * 2.0.squareRoot() * pow(radius, 3)
    let ions = 4 / 3 * Double.pi * (6 * pow(0.76, 3) + pow(0.38, 3) + 5 * pow(1.84, 3) + pow(1.81, 3)) / 6
    #expect(isClose(own["close-packed volume per anion"] ?? .nan, packing))
    #expect(isClose(own["ion volume over packing"] ?? .nan, ions / packing))
    #expect(isClose(own["free volume per lithium"] ?? .nan, packing - ions))
    #expect(isClose(own["filled share of holes"] ?? .nan, 7.0 / 18))
  }

  @Test(arguments: [
    ("Li3PO4", "bound in PO4", 1.0), ("LiTi2(PO4)3", "bound in PO4", 1.0), ("Li3PS4", "bound in PS4", 1.0),
    ("Li4SiO4", "bound in SiO4 or GeO4", 1.0), ("Li3BO3", "bound in BO3", 1.0), ("Li2SO4", "bound in SO4 or SeO4", 1.0),
    ("Li4GeS4", "bound in other thioanions", 1.0), ("LiBH4", "bound in BH4", 1.0), ("Li2CO3", "bound in other oxoanions", 1.0),
    ("Li7La3Zr2O12", "bound in polyanions", 0.0), ("Li3YCl6", "bound in polyanions", 0.0), ("Li3OCl", "bound in polyanions", 0.0),
    ("Li10GeP2S12", "bound in polyanions", 1.0),
  ])
  func polyanions(formula: String, column: String, share: Double) throws {
    let own = try lithium(formula)
    #expect(isClose(own[column] ?? .nan, share), "\(own)")
    #expect(isClose(own["bound in polyanions"] ?? .nan, column == "bound in polyanions" ? share : 1))
  }

  @Test func dopingShowsAgainstTheParent() throws {
    let parent = try lithium("Li7La3Zr2O12")
    for column in [
      "distance to parent", "lithium over parent per anion", "cations exchanged per anion",
      "framework charge over parent per anion", "anions exchanged per anion",
    ] { #expect(abs(parent[column] ?? .nan) < 1e-6, "\(column)") }
    // 0.12 Ta5+ for Zr4+ takes 0.12 Li+ away, on 12 oxygen.
    let doped = try lithium("Li6.88La3Zr1.88Ta0.12O12")
    #expect(isClose(doped["lithium over parent per anion"] ?? .nan, -0.01))
    #expect(isClose(doped["cations exchanged per anion"] ?? .nan, 0.01))
    #expect(isClose(doped["framework charge over parent per anion"] ?? .nan, 0.01))
  }

  @Test(arguments: [
    ("Li6.25La3Zr2Al0.25O12", "garnet"), ("Li1.3Al0.3Ti1.7(PO4)3", "NASICON"), ("Li10SnP2S12", "LGPS"),
    ("Li6PS5Br", "argyrodite"), ("Li0.35La0.55TiO3", "perovskite"), ("Li3OBr", "anti-perovskite"), ("Li3YBr6", "halide"),
  ])
  func families(formula: String, family: String) throws {
    let own = try values(FamilyDescriptors(), formula).filter { $0.key.hasPrefix("family ") }
    #expect(isClose(own.values.reduce(0, +), 1))
    #expect(own.max { $0.value < $1.value }?.key == "family \(family)", "\(own)")
  }

  @Test func imputedValuesAreNamed() throws {
    let set = try DescriptorSet(named: "magpie,bonding")
    #expect(set.imputationNote(for: try Composition(formula: "Li2O")) == nil)
    let note = try #require(set.imputationNote(for: try Composition(formula: "LiHe")))
    #expect(note.contains("magpie of He"))
    let ions = try values(IonDescriptors(), "Li3P")
    #expect(isClose(ions["imputed ion radii"] ?? .nan, 0.25))
    #expect(try values(IonDescriptors(), "Li2O")["imputed ion radii"] == 0)
  }
}
