import Chemistry

/// The share of each of the 118 elements among the atoms.
public struct ElementFractions: Featurizer {
  public let name = "fractions"
  public let labels = Element.all.map { "fraction \($0.symbol)" }
  public let citations: [String] = []

  public init() {}

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, for composition: Composition) {
    out.update(repeating: 0)
    let total = composition.atomCount
    for entry in composition.entries { out[entry.element.atomicNumber - 1] = entry.amount / total }
  }
}
