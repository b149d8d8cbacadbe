import Chemistry
import Foundation

/// p-norms of the atomic fractions: how many elements there are and how evenly they share.
///
/// Equal to matminer's `Stoichiometry()`. Source: Ward, Agrawal, Choudhary and Wolverton, npj Comput. Mater. 2,
/// 16028 (2016).
public struct StoichiometryNorms: Featurizer {
  public let name = "stoichiometry"
  public let labels = norms.map { "\($0)-norm" }
  public let citations = [
    "Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2, 16028 (2016): stoichiometric norms"
  ]
  private static let norms = [0, 2, 3, 5, 7, 10]

  public init() {}

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, for composition: Composition) {
    let total = composition.atomCount
    for (i, p) in Self.norms.enumerated() {
      if p == 0 {
        out[i] = Double(composition.entries.count)
      } else {
        var sum = 0.0
        for entry in composition.entries { sum += pow(entry.amount / total, Double(p)) }
        out[i] = pow(sum, 1 / Double(p))
      }
    }
  }
}
