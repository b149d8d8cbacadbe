import BundledData
import Chemistry

/// Cations and anions apart, by the oxidation states of `OxidationStates.assign`.
///
/// - Charges, Shannon radii, polarizabilities of free atoms: mean and weighted deviation (as in
///   `OxidationDescriptors`) over the cations and over the anions; the charge-weighted radius is
///   Σ x|q|r / Σ x|q|.
/// - Field strength (Dietzel): q/(r + r̄)² of each cation with r̄ the mean anion radius; mean, largest,
///   and mean over the cations other than lithium.
/// - EN difference: mean electronegativity of the anions minus that of each cation; matminer's
///   `ElectronegativityDiff`. avg anion electron affinity: mean of affinity · charge (J/mol), matminer's
///   `ElectronAffinity`.
///
/// Columns about cations (anions) are 0 where there are none. `imputed ion radii` is the share of
/// atoms whose radius is not tabulated; see `IonRadii`.
public struct IonDescriptors: Featurizer {
  public let name = "ions"
  public let columns = [
    DescriptorColumn("cation mean charge"), DescriptorColumn("cation std_dev charge"),
    DescriptorColumn("cation mean radius", unit: "Å"), DescriptorColumn("cation std_dev radius", unit: "Å"),
    DescriptorColumn("cation charge-weighted radius", unit: "Å"),
    DescriptorColumn("cation mean polarizability", unit: "Å³"),
    DescriptorColumn("anion mean charge"), DescriptorColumn("anion std_dev charge"),
    DescriptorColumn("anion mean radius", unit: "Å"), DescriptorColumn("anion std_dev radius", unit: "Å"),
    DescriptorColumn("anion charge-weighted radius", unit: "Å"),
    DescriptorColumn("anion mean polarizability", unit: "Å³"),
    DescriptorColumn("anion mean electronegativity"), DescriptorColumn("cation mean electronegativity"),
    DescriptorColumn("mean field strength", unit: "1/Å²"), DescriptorColumn("maximum field strength", unit: "1/Å²"),
    DescriptorColumn("framework field strength", unit: "1/Å²"), DescriptorColumn("framework mean charge"),
    DescriptorColumn("framework mean radius", unit: "Å"), DescriptorColumn("framework mean electronegativity"),
    DescriptorColumn("cation to anion radius ratio"),
    DescriptorColumn("minimum EN difference"), DescriptorColumn("maximum EN difference"),
    DescriptorColumn("range EN difference"), DescriptorColumn("mean EN difference"),
    DescriptorColumn("std_dev EN difference"), DescriptorColumn("avg anion electron affinity", unit: "J/mol"),
    DescriptorColumn("imputed ion radii"),
  ]
  public let count = 28
  public let citations = [
    "R. D. Shannon, Acta Cryst. A 32, 751-767 (1976), doi 10.1107/S0567739476001551",
    "A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanovic, Phys. Rev. B 93, 085142 (2016), as in matminer 0.10.1",
  ]
  public var needsOxidationStates: Bool { true }
  public let imputed: [Bool]

  private let facts: [Facts]
  private struct Facts: Sendable {
    var electronegativity: Double
    var polarizability: Double
    var affinity: Double
  }

  public init() {
    let electronegativity = Imputed(Element.all.map(\.electronegativity))
    let polarizability = Imputed(Element.all.map(\.polarizability))
    let affinity = Imputed(BundledData.matminerElements.table.numbers("deml_electron_affinity_J_mol"))
    facts = Element.all.indices.map {
      Facts(
        electronegativity: electronegativity.values[$0], polarizability: polarizability.values[$0],
        affinity: affinity.values[$0])
    }
    imputed = Element.all.indices.map {
      electronegativity.isMissing[$0] || polarizability.isMissing[$0] || affinity.isMissing[$0]
    }
  }

  /// Sums over the ions of one sign.
  private struct Side {
    var charge = WeightedStatistics()
    var radius = WeightedStatistics()
    var chargedRadius = 0.0
    var polarizability = 0.0
    var electronegativity = 0.0

    mutating func add(_ ion: FeatureInput.IonShare, _ facts: Facts) {
      charge.add(ion.charge, ion.fraction)
      radius.add(ion.radius, ion.fraction)
      chargedRadius += ion.fraction * abs(ion.charge) * ion.radius
      polarizability += ion.fraction * facts.polarizability
      electronegativity += ion.fraction * facts.electronegativity
    }

    func mean(_ sum: Double) -> Double { charge.weight > 0 ? sum / charge.weight : 0 }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    facts.withUnsafeBufferPointer { fill(out, from: input, $0) }
  }

  private func fill(
    _ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput, _ facts: UnsafeBufferPointer<Facts>
  ) {
    var cations = Side()
    var anions = Side()
    var (affinity, missing) = (0.0, 0.0)
    for ion in input.ions {
      let own = facts[input.numbers[ion.element] - 1]
      if ion.charge > 0 { cations.add(ion, own) }
      if ion.charge < 0 {
        anions.add(ion, own)
        affinity += ion.fraction * own.affinity * ion.charge
      }
      if ion.isRadiusImputed { missing += ion.fraction }
    }
    let anionRadius = anions.radius.mean
    let anionElectronegativity = anions.mean(anions.electronegativity)
    var difference = WeightedStatistics()
    var (field, framework) = (WeightedStatistics(), WeightedStatistics())
    var (frameworkCharge, frameworkRadius, frameworkElectronegativity) = (0.0, 0.0, 0.0)
    for ion in input.ions where ion.charge > 0 && anions.charge.count > 0 {
      let own = facts[input.numbers[ion.element] - 1]
      let distance = ion.radius + anionRadius
      let strength = ion.charge / (distance * distance)
      difference.add(anionElectronegativity - own.electronegativity, ion.fraction)
      field.add(strength, ion.fraction)
      if input.numbers[ion.element] != Element.lithium.atomicNumber {
        framework.add(strength, ion.fraction)
        frameworkCharge += ion.fraction * ion.charge
        frameworkRadius += ion.fraction * ion.radius
        frameworkElectronegativity += ion.fraction * own.electronegativity
      }
    }
    let perFramework = framework.weight > 0 ? 1 / framework.weight : 0

    func side(_ start: Int, _ side: Side, isCation: Bool) {
      let (charge, radius) = (side.charge.mean, side.radius.mean)
      func isOwn(_ ion: FeatureInput.IonShare) -> Bool { isCation ? ion.charge > 0 : ion.charge < 0 }
      out[start] = charge
      out[start + 1] = side.charge.deviation { body in
        for ion in input.ions where isOwn(ion) { body(ion.charge - charge, ion.fraction) }
      }
      out[start + 2] = radius
      out[start + 3] = side.radius.deviation { body in
        for ion in input.ions where isOwn(ion) { body(ion.radius - radius, ion.fraction) }
      }
      out[start + 4] = charge == 0 ? 0 : side.chargedRadius / (abs(charge) * side.charge.weight)
      out[start + 5] = side.mean(side.polarizability)
    }
    side(0, cations, isCation: true)
    side(6, anions, isCation: false)
    out[12] = anionElectronegativity
    out[13] = cations.mean(cations.electronegativity)
    out[14] = field.mean
    out[15] = field.high
    out[16] = framework.mean
    out[17] = frameworkCharge * perFramework
    out[18] = frameworkRadius * perFramework
    out[19] = frameworkElectronegativity * perFramework
    out[20] = anionRadius > 0 ? cations.radius.mean / anionRadius : 0
    let mean = difference.mean
    out[21] = difference.low
    out[22] = difference.high
    out[23] = difference.high - difference.low
    out[24] = mean
    // matminer sees each state of an element as a cation of its own, as here.
    out[25] = difference.deviation { body in
      for ion in input.ions where ion.charge > 0 {
        body(anionElectronegativity - facts[input.numbers[ion.element] - 1].electronegativity - mean, ion.fraction)
      }
    }
    out[26] = anions.mean(affinity)
    out[27] = missing
  }
}
