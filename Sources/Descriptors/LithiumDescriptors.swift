import BundledData
import Chemistry
import Foundation

/// What matters for lithium conduction and can be told from a composition.
///
/// By the oxidation states of `OxidationStates.assign`:
/// - lithium: its fraction, its amount per anion, and its share of the cations (mobile to all);
/// - ionicity of the bond between lithium and the anions, and between the other cations and the
///   anions: 1 − exp(−(χ_A − χ_C)²/4) (Pauling), means by amount;
/// - room, from Shannon radii: the volume of a close packing of the anions, 4√2 r̄³ per anion; the
///   volume of all ions, (4π/3)Σr³, over that of the packing; what the packing leaves, per lithium; the
///   share of octahedral and tetrahedral holes (three per anion) that cations fill;
/// - shares of the anions O, S, Se, Te, F, Cl, Br, I, N, H and others, and the entropy of their mixing;
/// - shares of the anions in polyanions; see `Polyanions`;
/// - the nearest parent: the composition with whole amounts in `Datasets/landmark-electrolytes.csv` at
///   the least earth mover's distance (`MendeleevNeighbours`). Both scaled to one anion: lithium more
///   than in the parent (vacancies or interstitials: 0 in the parent), the amount of other cations
///   exchanged, the charge of the other cations more than in the parent (aliovalent doping), the amount
///   of anions exchanged.
///
/// Without anions, columns that divide by them are 0. Missing values as in `IonDescriptors`.
public struct LithiumDescriptors: Featurizer {
  public let name = "lithium"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "L. Pauling, The Nature of the Chemical Bond (1960), ionic character of a bond, as in matminer's IonProperty",
    "R. D. Shannon, Acta Cryst. A 32, 751-767 (1976), doi 10.1107/S0567739476001551",
    "F. Therrien et al., OBELiX, arXiv 2502.14234; C. J. Hargreaves et al., npj Comput. Mater. 9 (2023), parents",
  ]
  public var needsOxidationStates: Bool { true }
  public let imputed: [Bool]

  private static let anions = ["O", "S", "Se", "Te", "F", "Cl", "Br", "I", "N", "H"]
  private static let lithium = Element.lithium.atomicNumber

  private let electronegativities: [Double]
  /// Position in `anions` by atomic number; others last.
  private let anionPlaces: [Int]
  private let parents: [Parent]

  /// A parent scaled to one anion.
  private struct Parent: Sendable {
    var lithium = 0.0
    var frameworkCharge = 0.0
    /// Amounts by element of cations but lithium, and of anions.
    var cations: [(number: Int, amount: Double)] = []
    var anions: [(number: Int, amount: Double)] = []
  }

  public init() {
    columns =
      [
        DescriptorColumn("lithium fraction"), DescriptorColumn("lithium per anion"),
        DescriptorColumn("lithium share of cations"), DescriptorColumn("lithium-anion ionicity"),
        DescriptorColumn("framework-anion ionicity"), DescriptorColumn("close-packed volume per anion", unit: "Å³"),
        DescriptorColumn("ion volume over packing"), DescriptorColumn("free volume per lithium", unit: "Å³"),
        DescriptorColumn("filled share of holes"),
      ] + Self.anions.map { DescriptorColumn("anion share \($0)") } + [
        DescriptorColumn("anion share others"), DescriptorColumn("anion mixing entropy", unit: "k_B"),
        DescriptorColumn("bound in PO4"), DescriptorColumn("bound in SiO4 or GeO4"), DescriptorColumn("bound in BO3"),
        DescriptorColumn("bound in SO4 or SeO4"), DescriptorColumn("bound in other oxoanions"),
        DescriptorColumn("bound in PS4"), DescriptorColumn("bound in other thioanions"),
        DescriptorColumn("bound in BH4"), DescriptorColumn("bound in polyanions"),
        DescriptorColumn("distance to parent", unit: "Mendeleev numbers"),
        DescriptorColumn("lithium over parent per anion"), DescriptorColumn("cations exchanged per anion"),
        DescriptorColumn("framework charge over parent per anion"), DescriptorColumn("anions exchanged per anion"),
      ]
    count = columns.count
    let electronegativity = Imputed(Element.all.map(\.electronegativity))
    electronegativities = electronegativity.values
    imputed = electronegativity.isMissing
    var places = [Int](repeating: Self.anions.count, count: Element.count)
    for (place, symbol) in Self.anions.enumerated() {
      if let element = Element(symbol) { places[element.atomicNumber - 1] = place }
    }
    anionPlaces = places
    let input = FeatureInput()
    parents = LandmarkElectrolytes.parents.compositions.map { composition in
      input.load(composition, oxidationStates: true)
      var parent = Parent()
      let anions = input.ions.reduce(0) { $0 + ($1.charge < 0 ? $1.fraction : 0) }
      guard anions > 0 else { return parent }
      for i in 0..<input.count {
        let amount = input.fractions[i] / anions
        let charge = input.charges[i]
        if charge < 0 {
          parent.anions.append((input.numbers[i], amount))
        } else if input.numbers[i] == Self.lithium {
          parent.lithium = amount
        } else {
          parent.cations.append((input.numbers[i], amount))
          parent.frameworkCharge += amount * charge
        }
      }
      return parent
    }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    for i in out.indices { out[i] = 0 }
    var (lithium, cations, anions, anionElectronegativity, anionRadius, volume) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    let firstShare = 9
    for ion in input.ions {
      let number = input.numbers[ion.element]
      if number == Self.lithium { lithium += ion.fraction }
      if ion.charge > 0 { cations += ion.fraction }
      if ion.charge < 0 {
        anions += ion.fraction
        anionElectronegativity += ion.fraction * electronegativities[number - 1]
        anionRadius += ion.fraction * ion.radius
        out[firstShare + anionPlaces[number - 1]] += ion.fraction
      }
      volume += ion.fraction * 4 / 3 * .pi * ion.radius * ion.radius * ion.radius
    }
    out[0] = lithium
    out[2] = cations > 0 ? lithium / cations : 0
    let next = firstShare + Self.anions.count + 1
    defer {
      let units = Polyanions(input)
      let start = firstShare + Self.anions.count + 2
      out[start] = units.phosphate
      out[start + 1] = units.silicate
      out[start + 2] = units.borate
      out[start + 3] = units.sulfate
      out[start + 4] = units.otherOxoanions
      out[start + 5] = units.thiophosphate
      out[start + 6] = units.otherThioanions
      out[start + 7] = units.borohydride
      out[start + 8] = units.total
    }
    guard anions > 0 else { return fillParent(out, from: input, anions: 0, lithium: lithium) }
    anionElectronegativity /= anions
    anionRadius /= anions

    out[1] = lithium / anions
    var (mobile, framework, frameworkAmount) = (0.0, 0.0, 0.0)
    for ion in input.ions where ion.charge > 0 {
      let number = input.numbers[ion.element]
      let difference = anionElectronegativity - electronegativities[number - 1]
      let ionicity = 1 - exp(-0.25 * difference * difference)
      if number == Self.lithium {
        mobile = ionicity
      } else {
        framework += ion.fraction * ionicity
        frameworkAmount += ion.fraction
      }
    }
    out[3] = mobile
    out[4] = frameworkAmount > 0 ? framework / frameworkAmount : 0
    let packing = 4 * 2.0.squareRoot() * anionRadius * anionRadius * anionRadius
    out[5] = packing
    out[6] = volume / (packing * anions)
    out[7] = lithium > 0 ? (packing * anions - volume) / lithium : 0
    out[8] = cations / (3 * anions)

    var entropy = 0.0
    for place in firstShare..<next {
      out[place] /= anions
      if out[place] > 0 { entropy -= out[place] * log(out[place]) }
    }
    out[next] = entropy
    fillParent(out, from: input, anions: anions, lithium: lithium)
  }

  /// The last five columns.
  private func fillParent(
    _ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput, anions: Double, lithium: Double
  ) {
    var (nearest, index) = (Double.infinity, 0)
    LandmarkElectrolytes.parents.forEach(near: input, reach: 0) { if $1 < nearest { (nearest, index) = ($1, $0) } }
    let start = count - 5
    out[start] = nearest
    guard anions > 0 else { return }
    parents.withUnsafeBufferPointer { parents in
      var charge = 0.0
      // Half the sum of differences, element by element: what was put in another's place.
      var (cationsMoved, anionsMoved) = (0.0, 0.0)
      for i in 0..<input.count where input.numbers[i] != Self.lithium {
        let amount = input.fractions[i] / anions
        if input.charges[i] < 0 {
          anionsMoved += abs(amount - Self.amount(of: input.numbers[i], in: parents[index].anions))
        } else {
          charge += amount * input.charges[i]
          cationsMoved += abs(amount - Self.amount(of: input.numbers[i], in: parents[index].cations))
        }
      }
      for item in parents[index].cations where !input.contains(item.number) { cationsMoved += item.amount }
      for item in parents[index].anions where !input.contains(item.number) { anionsMoved += item.amount }
      out[start + 1] = lithium / anions - parents[index].lithium
      out[start + 2] = cationsMoved / 2
      out[start + 3] = charge - parents[index].frameworkCharge
      out[start + 4] = anionsMoved / 2
    }
  }

  private static func amount(of number: Int, in list: [(number: Int, amount: Double)]) -> Double {
    for item in list where item.number == number { return item.amount }
    return 0
  }
}
