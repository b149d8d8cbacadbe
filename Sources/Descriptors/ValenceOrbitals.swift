import Chemistry

/// Mean numbers of s, p, d and f valence electrons, and their shares.
///
/// Equal to matminer's `ValenceOrbital()`. Source: Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2,
/// 16028 (2016).
public struct ValenceOrbitals: Featurizer {
  public let name = "valence"
  public let labels =
    ["s", "p", "d", "f"].map { "avg \($0) valence electrons" }
    + ["s", "p", "d", "f"].map { "frac \($0) valence electrons" }
  public let citations = [
    "Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2, 16028 (2016): valence orbital occupation"
  ]
  private let orbitals: [Int]
  private let all: Int

  public init() {
    orbitals = ["NsValence", "NpValence", "NdValence", "NfValence"].map(MagpieTable.shared.index(of:))
    all = MagpieTable.shared.index(of: "NValence")
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, for composition: Composition) {
    let table = MagpieTable.shared
    let total = composition.atomCount
    let width = table.properties.count
    func mean(_ property: Int) -> Double {
      var sum = 0.0
      for entry in composition.entries {
        sum += entry.amount * table.values[(entry.element.atomicNumber - 1) * width + property]
      }
      return sum / total
    }
    let electrons = mean(all)
    for (i, orbital) in orbitals.enumerated() {
      out[i] = mean(orbital)
      out[i + 4] = electrons > 0 ? out[i] / electrons : 0
    }
  }
}
