import Chemistry

/// Mean and variance of the Magpie properties with the atomic fractions weighted by Pauling's
/// electronegativity: wᵢ = xᵢχᵢ / Σxχ, so that the anions, where the electrons are, count more.
///
/// Gaps hold the mean over the elements, those of the electronegativity too.
public struct WeightedDescriptors: Featurizer {
  public let name = "weighted"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016), properties",
    "matminer 0.10.1, magpie_elementdata",
  ]
  public var imputed: [Bool] { MagpieTable.shared.table.imputedElements() }

  private let moments: ElementMoments
  private let electronegativity: [Double]

  public init() {
    moments = ElementMoments(table: MagpieTable.shared.table, statistics: 2)
    electronegativity = MagpieTable.shared.column("Electronegativity")
    let units = Dictionary(uniqueKeysWithValues: MagpieTable.properties.map { ($0.name, $0.unit) })
    columns = moments.columns(prefix: "EN-weighted") { units[$0] ?? "" }
    count = columns.count
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: input.count) { weights in
      var total = 0.0
      for i in 0..<input.count {
        let weight = input.fractions[i] * electronegativity[input.numbers[i] - 1]
        weights.initializeElement(at: i, to: weight)
        total += weight
      }
      for i in 0..<input.count { weights[i] /= total }
      guard let base = weights.baseAddress else { return }
      moments.fill(out, from: input, weights: base)
    }
  }
}
