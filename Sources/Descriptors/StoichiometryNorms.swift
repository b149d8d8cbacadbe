import Chemistry
import Foundation

/// How evenly the atoms are spread over the elements: (Σxᵢᵖ)^(1/p) of the atomic fractions for
/// p = 2, 3, 5, 7, 10, and for p = 0 the number of elements. As matminer's `Stoichiometry`.
public struct StoichiometryNorms: Featurizer {
  public let name = "stoichiometry"
  public let columns = [0, 2, 3, 5, 7, 10].map { DescriptorColumn("\($0)-norm") }
  public let count = 6
  public let citations = [
    "L. Ward, A. Agrawal, A. Choudhary, C. Wolverton, npj Comput. Mater. 2, 16028 (2016)"
  ]

  public init() {}

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    var (second, third, fifth, seventh, tenth) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in 0..<input.count {
      let x = input.fractions[i]
      let x2 = x * x
      let x5 = x2 * x2 * x
      second += x2
      third += x2 * x
      fifth += x5
      seventh += x5 * x2
      tenth += x5 * x5
    }
    out[0] = Double(input.count)
    out[1] = second.squareRoot()
    out[2] = cbrt(third)
    out[3] = pow(fifth, 1 / 5)
    out[4] = pow(seventh, 1 / 7)
    out[5] = pow(tenth, 1 / 10)
  }
}
