import BundledData
import Chemistry

/// Means and ranges of elemental properties after Meredig et al., as in matminer's `Meredig` without
/// its element fractions (the set `fractions`) and its valence orbitals (the set `valence`).
///
/// Gaps hold the mean over the elements.
public struct MeredigDescriptors: Featurizer {
  public let name = "meredig"
  public let columns = [
    DescriptorColumn("mean AtomicWeight", unit: "u"), DescriptorColumn("mean Column"), DescriptorColumn("mean Row"),
    DescriptorColumn("range Number"), DescriptorColumn("mean Number"), DescriptorColumn("range AtomicRadius", unit: "Å"),
    DescriptorColumn("mean AtomicRadius", unit: "Å"), DescriptorColumn("range Electronegativity"),
    DescriptorColumn("mean Electronegativity"),
  ]
  public let count = 9
  public let citations = [
    "B. Meredig et al., Phys. Rev. B 89, 094104 (2014), doi 10.1103/PhysRevB.89.094104", "matminer 0.10.1",
  ]
  public let imputed: [Bool]

  /// Weight, column, row, number, radius, electronegativity.
  private let properties: [SIMD8<Double>]

  public init() {
    let magpie = MagpieTable.shared
    let radius = Imputed(BundledData.matminerElements.table.numbers("magpie_atomic_radius_A"))
    let columns = ["AtomicWeight", "Column", "Row", "Number"].map(magpie.column) + [radius.values]
      + [magpie.column("Electronegativity")]
    properties = (0..<Element.count).map { z in
      var lanes = SIMD8<Double>.zero
      for (p, column) in columns.enumerated() { lanes[p] = column[z] }
      return lanes
    }
    let others = magpie.table.imputedElements(among: ["AtomicWeight", "Column", "Row", "Number", "Electronegativity"])
    imputed = zip(others, radius.isMissing).map { $0 || $1 }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    var low = SIMD8<Double>(repeating: .infinity)
    var high = SIMD8<Double>(repeating: -.infinity)
    var mean = SIMD8<Double>.zero
    for i in 0..<input.count {
      let value = properties[input.numbers[i] - 1]
      low.replace(with: value, where: value .< low)
      high.replace(with: value, where: value .> high)
      mean += value * input.fractions[i]
    }
    let range = high - low
    out[0] = mean[0]
    out[1] = mean[1]
    out[2] = mean[2]
    out[3] = range[3]
    out[4] = mean[3]
    out[5] = range[4]
    out[6] = mean[4]
    out[7] = range[5]
    out[8] = mean[5]
  }
}
