import Chemistry

/// The atomic fraction of each of the 118 elements, hydrogen first. As matminer's `ElementFraction`,
/// which stops at lawrencium.
public struct ElementFractions: Featurizer {
  public let name = "fractions"
  public let columns = Element.all.map { DescriptorColumn("\($0.symbol) fraction") }
  public let count = Element.count
  public let citations: [String] = []

  public init() {}

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    out.update(repeating: 0)
    for i in 0..<input.count { out[input.numbers[i] - 1] = input.fractions[i] }
  }
}
