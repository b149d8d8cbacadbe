import Chemistry
import Foundation

/// Statistics of the oxidation states of all ions. The first four are those of matminer's
/// `OxidationStates`, with an ion for each state of an element of mixed valence.
///
/// The deviation is matminer's weighted one, √(Σxᵢ(qᵢ − q̄)² · W/(W² − Σxᵢ²)) with W = Σxᵢ; 0 for one
/// ion. A composition that no states balance has the most usual state of each element, and
/// `unbalanced` 1.
public struct OxidationDescriptors: Featurizer {
  public let name = "oxidation"
  public let columns = [
    DescriptorColumn("minimum oxidation state"), DescriptorColumn("maximum oxidation state"),
    DescriptorColumn("range oxidation state"), DescriptorColumn("std_dev oxidation state"),
    DescriptorColumn("mean absolute oxidation state"), DescriptorColumn("fraction of atoms in mixed valence"),
    DescriptorColumn("fraction of cations"), DescriptorColumn("net charge per atom"), DescriptorColumn("unbalanced"),
  ]
  public let count = 9
  public let citations = [
    "A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanovic, Phys. Rev. B 93, 085142 (2016), as in matminer 0.10.1",
    "S. P. Ong et al., Comput. Mater. Sci. 68, 314-319 (2013), ICSD occurrences of oxidation states",
  ]
  public var needsOxidationStates: Bool { true }
  public var imputed: [Bool] { Element.all.map { $0.commonOxidationStates.isEmpty } }

  public init() {}

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    let ions = input.ions
    var statistics = WeightedStatistics()
    var (absolute, mixed, cations, net) = (0.0, 0.0, 0.0, 0.0)
    for (i, ion) in ions.enumerated() {
      statistics.add(ion.charge, ion.fraction)
      absolute += abs(ion.charge) * ion.fraction
      net += ion.charge * ion.fraction
      if ion.charge > 0 { cations += ion.fraction }
      let isMixed =
        (i > 0 && ions[i - 1].element == ion.element) || (i + 1 < ions.count && ions[i + 1].element == ion.element)
      if isMixed { mixed += ion.fraction }
    }
    let mean = statistics.mean
    let deviation = statistics.deviation { body in for ion in ions { body(ion.charge - mean, ion.fraction) } }
    out[0] = statistics.low
    out[1] = statistics.high
    out[2] = statistics.high - statistics.low
    out[3] = deviation
    out[4] = absolute
    out[5] = mixed
    out[6] = cations
    out[7] = abs(net) < 1e-9 ? 0 : net
    out[8] = input.isBalanced ? 0 : 1
  }
}

/// Sums for weighted statistics as matminer defines them; 0 where nothing was added.
struct WeightedStatistics {
  private(set) var count = 0
  private var least = Double.infinity
  private var most = -Double.infinity
  private(set) var weight = 0.0
  private var squares = 0.0
  private var sum = 0.0

  @inline(__always)
  mutating func add(_ value: Double, _ weight: Double) {
    count += 1
    if value < least { least = value }
    if value > most { most = value }
    self.weight += weight
    squares += weight * weight
    sum += value * weight
  }

  var low: Double { count > 0 ? least : 0 }
  var high: Double { count > 0 ? most : 0 }
  var mean: Double { weight > 0 ? sum / weight : 0 }

  /// - Parameter each: calls its argument with the distance from the mean and the weight of each value.
  @inline(__always)
  func deviation(_ each: ((Double, Double) -> Void) -> Void) -> Double {
    guard count > 1 else { return 0 }
    var total = 0.0
    each { distance, weight in total += distance * distance * weight }
    return (total * weight / (weight * weight - squares)).squareRoot()
  }
}
