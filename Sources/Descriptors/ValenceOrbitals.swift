import Chemistry

/// Mean number of s, p, d and f valence electrons per atom, and their shares of all valence
/// electrons. As matminer's `ValenceOrbital(impute_nan=True)`.
public struct ValenceOrbitals: Featurizer {
  public let name = "valence"
  public let columns =
    ["s", "p", "d", "f"].map { DescriptorColumn("avg \($0) valence electrons") }
    + ["s", "p", "d", "f"].map { DescriptorColumn("frac \($0) valence electrons") }
  public let count = 8
  public let citations = [
    "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)",
    "matminer 0.10.1, magpie_elementdata",
  ]

  public var imputed: [Bool] {
    MagpieTable.shared.table.imputedElements(among: ["NsValence", "NpValence", "NdValence", "NfValence", "NValence"])
  }

  /// s, p, d, f electrons by atomic number.
  private let electrons: [SIMD4<Double>]
  /// All valence electrons by atomic number.
  private let all: [Double]

  public init() {
    let table = MagpieTable.shared
    let orbitals = ["NsValence", "NpValence", "NdValence", "NfValence"].map(table.column)
    electrons = (0..<Element.count).map {
      SIMD4(orbitals[0][$0], orbitals[1][$0], orbitals[2][$0], orbitals[3][$0])
    }
    all = table.column("NValence")
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    var sum = SIMD4<Double>.zero
    var total = 0.0
    for i in 0..<input.count {
      let z = input.numbers[i] - 1
      sum += electrons[z] * input.fractions[i]
      total += all[z] * input.fractions[i]
    }
    for orbital in 0..<4 {
      out[orbital] = sum[orbital]
      out[4 + orbital] = sum[orbital] / total
    }
  }
}
