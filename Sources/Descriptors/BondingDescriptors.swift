import BundledData
import Chemistry
import Foundation

/// Ionic character, band centre, cohesion and transition metals, from elements alone.
///
/// - `compound possible`: whether oxidation states balance (1 or 0); an element alone counts as 1.
/// - `max ionic char`, `avg ionic char`: 1 − exp(−(χᵢ − χⱼ)²/4) of pairs of elements (Pauling), the
///   largest, and Σ xᵢxⱼ over the pairs i < j; matminer's `IonProperty`.
/// - `band center`: geometric mean of Mulliken electronegativities, Π (½(Iᵢ + Aᵢ))^xᵢ, in eV;
///   matminer's `BandCenter` after Butler and Ginley.
/// - `mean cohesive energy`: Σ xᵢ of the elements' cohesive energies; the cohesive energy of the
///   compound lies above by its formation energy, which a composition does not tell.
/// - `transition metal fraction`: matminer's `TMetalFraction`.
///
/// Missing values of an element stand at the mean over the elements that have one.
public struct BondingDescriptors: Featurizer {
  public let name = "bonding"
  public let columns = [
    DescriptorColumn("compound possible"), DescriptorColumn("max ionic char"), DescriptorColumn("avg ionic char"),
    DescriptorColumn("band center", unit: "eV"), DescriptorColumn("mean cohesive energy", unit: "eV/atom"),
    DescriptorColumn("transition metal fraction"),
  ]
  public let count = 6
  public let citations = [
    "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)",
    "M. A. Butler, D. S. Ginley, J. Electrochem. Soc. 125, 228-232 (1978), doi 10.1149/1.2131419",
    "C. Kittel, Introduction to Solid State Physics, 8th ed. (2005), cohesive energies as in matminer 0.10.1",
    "A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanovic, Phys. Rev. B 93, 085142 (2016), as in matminer 0.10.1",
  ]
  public var needsOxidationStates: Bool { true }
  public let imputed: [Bool]

  private let facts: [Facts]
  private struct Facts: Sendable {
    var electronegativity: Double
    var logMulliken: Double
    var cohesiveEnergy: Double
    var isTransitionMetal: Double
  }

  /// As in matminer: those whose atoms can be magnetic.
  private static let transitionMetals: Set<String> = [
    "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Ta", "W", "Re", "Os",
    "Ir", "Pt",
  ]
  /// kJ/mol in an eV, as in matminer's `BandCenter`.
  private static let kilojoules = 96.48

  public init() {
    let table = BundledData.matminerElements.table
    let ionization = Imputed(table.numbers("deml_first_ionization_J_mol"))
    let affinity = Imputed(table.numbers("magpie_electron_affinity_kJ_mol"))
    let electronegativity = Imputed(Element.all.map(\.electronegativity))
    let source = BundledData.cohesiveEnergies.table
    var energies = [Double?](repeating: nil, count: Element.count)
    for (symbol, energy) in zip(source.texts("symbol"), source.numbers("cohesive_energy_eV_per_atom")) {
      if let element = Element(symbol) { energies[element.atomicNumber - 1] = energy }
    }
    let cohesive = Imputed(energies)
    facts = Element.all.indices.map { z in
      Facts(
        electronegativity: electronegativity.values[z],
        logMulliken: log(0.5 * (ionization.values[z] / 1000 + affinity.values[z]) / Self.kilojoules),
        cohesiveEnergy: cohesive.values[z],
        isTransitionMetal: Self.transitionMetals.contains(Element.all[z].symbol) ? 1 : 0)
    }
    imputed = Element.all.indices.map { z in
      ionization.isMissing[z] || affinity.isMissing[z] || electronegativity.isMissing[z] || cohesive.isMissing[z]
    }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    var (largest, average, logarithm, energy, metals) = (0.0, 0.0, 0.0, 0.0, 0.0)
    facts.withUnsafeBufferPointer { facts in
      for i in 0..<input.count {
        let own = facts[input.numbers[i] - 1]
        let x = input.fractions[i]
        logarithm += x * own.logMulliken
        energy += x * own.cohesiveEnergy
        metals += x * own.isTransitionMetal
        for j in 0..<i {
          let difference = own.electronegativity - facts[input.numbers[j] - 1].electronegativity
          let character = 1 - exp(-0.25 * difference * difference)
          largest = max(largest, character)
          average += x * input.fractions[j] * character
        }
      }
    }
    out[0] = input.isBalanced ? 1 : 0
    out[1] = largest
    out[2] = average
    out[3] = exp(logarithm)
    out[4] = energy
    out[5] = metals
  }
}

/// A column of elemental values whose gaps hold the mean of the others.
struct Imputed {
  let values: [Double]
  let isMissing: [Bool]

  init(_ source: [Double?]) {
    let known = source.compactMap { $0 }
    let mean = known.reduce(0, +) / Double(max(1, known.count))
    values = source.map { $0 ?? mean }
    isMissing = source.map { $0 == nil }
  }
}
