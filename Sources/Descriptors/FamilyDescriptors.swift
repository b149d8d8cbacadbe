import CVectorMath
import Chemistry

/// To which structure family of lithium electrolytes a composition belongs, as shares that add up to
/// 1, and how far the nearest known member is.
///
/// A kernel classifier on `Datasets/landmark-electrolytes.csv`: each landmark votes for its family with
/// the weight exp(−d), d being the earth mover's distance on the Mendeleev scale. A composition tells
/// much about the structure but not all: a glass and a crystal can be the same, and the oxides of no
/// family are a mixture. Far from every landmark the shares mean little; the distance says so.
///
/// The scale of the weights (1) lies between those of the best accuracy (0.7) and the best log loss
/// (1.5) when landmarks of the same publication do not vote. With landmarks of the same composition or
/// publication left out, it names the family of 91% of the rows of OBELiX's training split and of 86%
/// of the Liverpool data whose label is one of the families here (383 and 387 rows).
public struct FamilyDescriptors: Featurizer {
  public let name = "family"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "F. Therrien et al., OBELiX, arXiv 2502.14234, families of landmark-electrolytes.csv",
    "C. J. Hargreaves et al., npj Comput. Mater. 9 (2023), doi 10.1038/s41524-022-00951-z, families",
    "C. J. Hargreaves et al., Chem. Mater. 32, 10610-10620 (2020), doi 10.1021/acs.chemmater.0c03381, distance",
  ]

  static let scale = 1.0
  /// Weights below exp(−reach) of the largest are left out.
  private static let reach = 8.0

  public init() {
    columns =
      LandmarkElectrolytes.families.map { DescriptorColumn("family \($0)") } + [
        DescriptorColumn("distance to nearest landmark", unit: "Mendeleev numbers")
      ]
    count = columns.count
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    let landmarks = LandmarkElectrolytes.all
    for i in out.indices { out[i] = 0 }
    var nearest = Double.infinity
    withUnsafeTemporaryAllocation(of: Int.self, capacity: landmarks.count) { indices in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: landmarks.count) { weights in
        guard let base = weights.baseAddress else { return }
        var seen = 0
        landmarks.forEach(near: input, reach: Self.reach * Self.scale) { index, distance in
          nearest = min(nearest, distance)
          // Farther than the nearest so far is farther than the nearest.
          guard distance - nearest < Self.reach * Self.scale else { return }
          indices.initializeElement(at: seen, to: index)
          weights.initializeElement(at: seen, to: distance)
          seen += 1
        }
        // Weights are relative to the nearest, so that far compositions do not underflow.
        var kept = 0
        for i in 0..<seen {
          let behind = (weights[i] - nearest) / Self.scale
          guard behind < Self.reach else { continue }
          weights[kept] = -behind
          indices[kept] = indices[i]
          kept += 1
        }
        superionic_exp(base, kept)
        landmarks.family.withUnsafeBufferPointer { family in
          for i in 0..<kept { out[family[indices[i]]] += weights[i] }
        }
      }
    }
    var total = 0.0
    for f in 0..<count - 1 { total += out[f] }
    for f in 0..<count - 1 { out[f] /= total }
    out[count - 1] = nearest
  }
}
