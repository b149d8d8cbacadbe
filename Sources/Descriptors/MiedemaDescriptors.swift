import BundledData
import Chemistry
import Foundation

/// Formation enthalpies of an intermetallic compound, an amorphous phase and a solid solution by
/// Miedema's model, as matminer's `Miedema(impute_nan=True)`: chemical terms of all pairs of elements,
/// an elastic term of pairs and a structural term for the solution (its best lattice), a topological
/// term for the amorphous phase.
///
/// Made for alloys of transition metals. 45 elements, halogens, O and S among them, have no
/// parameters; theirs stand at the mean, and `without Miedema parameters` is their share of the atoms.
public struct MiedemaDescriptors: Featurizer {
  public let name = "miedema"
  public let columns = [
    DescriptorColumn("Miedema_deltaH_inter", unit: "eV/atom"), DescriptorColumn("Miedema_deltaH_amor", unit: "eV/atom"),
    DescriptorColumn("Miedema_deltaH_ss_min", unit: "eV/atom"), DescriptorColumn("without Miedema parameters"),
  ]
  public let count = 4
  public let citations = [
    "F. R. de Boer, W. C. M. Mattens, R. Boom, A. R. Miedema, A. K. Niessen, Cohesion in Metals (1988)",
    "L. J. Gallego, J. A. Somoza, J. A. Alonso, J. Phys.: Condens. Matter (1990), several components",
    "matminer 0.10.1, Miedema.csv",
  ]
  public let imputed: [Bool]

  private struct Facts: Sendable {
    var volume, area, density, cubeRootDensity, electronegativity, valence, a, r, transformation: Double
    var compressibility, shear, melting, stability, order: Double
    /// In groups 3 to 11 of the model.
    var isTransitionMetal: Bool
  }

  private let facts: [Facts]
  private static let kilojoules = 96.4853

  /// Lattice stability in kJ/mol at mean numbers of valence electrons: fcc, bcc, hcp.
  private static let latticeValences: [Double] = [0, 1, 2, 3, 4, 5, 5.5, 6, 7, 8, 8.5, 9, 10, 11, 12, 13, 14, 15]
  private static let latticeStabilities: [SIMD4<Double>] = {
    let fcc = [0, 0, 0, -2, -1.5, 9, 14, 11, -3, -9.5, -11, -9, -2, 1.5, 0, 0, 0, 0]
    let bcc = [0, 0, 0, 2.2, 2, -9.5, -14.5, -12, 4, 10, 11, 8.5, 1.5, 1.5, 0, 0, 0, 0]
    let hcp = [0, 0, 0, -2.5, -2.5, 10, 15, 13, -5, -10.5, -11, -8, -1, 2.5, 0, 0, 0, 0]
    return fcc.indices.map { SIMD4(fcc[$0], bcc[$0], hcp[$0], 0) }
  }()

  public init() {
    let table = BundledData.miedema.table
    var rows = [Int?](repeating: nil, count: Element.count)
    for (row, symbol) in table.texts("symbol").enumerated() {
      if let element = Element(symbol) { rows[element.atomicNumber - 1] = row }
    }
    func column(_ name: String) -> [Double] {
      let values = table.numbers(name)
      return Imputed(rows.map { $0.flatMap { values[$0] } }).values
    }
    let (volume, density) = (column("molar_volume"), column("electron_density"))
    let (electronegativity, valence) = (column("electronegativity"), column("valence_electrons"))
    let (a, r, transformation) = (column("a_const"), column("R_const"), column("H_trans"))
    let (compressibility, shear) = (column("compressibility"), column("shear_modulus"))
    let (melting, stability) = (column("melting_point"), column("structural_stability"))
    facts = Element.all.map { element in
      let z = element.atomicNumber - 1
      return Facts(
        volume: volume[z], area: cbrt(volume[z] * volume[z]), density: density[z], cubeRootDensity: cbrt(density[z]),
        electronegativity: electronegativity[z], valence: valence[z], a: a[z], r: r[z],
        transformation: transformation[z], compressibility: compressibility[z], shear: shear[z], melting: melting[z],
        stability: stability[z], order: element.electronegativity ?? .infinity,
        isTransitionMetal: valence[z] == valence[z].rounded() && (3...11).contains(valence[z]))
    }
    imputed = rows.map { $0 == nil }
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    var (compound, amorphous, solution, elastic) = (0.0, 0.0, 0.0, 0.0)
    var (melting, valence, stability, missing) = (0.0, 0.0, 0.0, 0.0)
    let imputed = self.imputed
    facts.withUnsafeBufferPointer { facts in
      for i in 0..<input.count {
        let own = facts[input.numbers[i] - 1]
        let x = input.fractions[i]
        melting += x * own.melting
        valence += x * own.valence
        stability += x * own.stability
        if imputed[input.numbers[i] - 1] { missing += x }
        for j in 0..<i {
          // The less electronegative element stands first; the elastic term is not symmetric.
          let other = facts[input.numbers[j] - 1]
          let y = input.fractions[j]
          let isFirst = own.order < other.order
          let (first, second) = isFirst ? (own, other) : (other, own)
          let (p, q) = isFirst ? (x, y) : (y, x)
          let chemical = Self.chemical(first, second, p, q)
          compound += chemical.x
          amorphous += chemical.y
          solution += chemical.z
          elastic += Self.elastic(first, second, p, q)
        }
      }
    }
    out[0] = compound / Self.kilojoules
    out[1] = (amorphous + 3.5 * melting / 1000) / Self.kilojoules
    // Without a lattice, neither term counts.
    let structural = min(0, Self.latticeStability(valence) - stability)
    out[2] = (solution + elastic + structural) / Self.kilojoules
    out[3] = missing
  }

  /// How ordered unlike neighbours are in a compound, an amorphous phase, a solution.
  private static let orders = SIMD3<Double>(8, 5, 0)

  /// kJ/mol for a compound, an amorphous phase, a solution.
  private static func chemical(_ a: Facts, _ b: Facts, _ x: Double, _ y: Double) -> SIMD3<Double> {
    let difference = a.electronegativity - b.electronegativity
    let (p, r): (Double, Double)
    if a.isTransitionMetal == b.isTransitionMetal {
      (p, r) = (a.isTransitionMetal ? 14.1 : 10.7, 0)
    } else {
      (p, r) = (12.35, a.r * b.r * 12.35)
    }
    let density = a.cubeRootDensity - b.cubeRootDensity
    let interface =
      2 * (-p * difference * difference - r + 9.4 * p * density * density)
      / (1 / a.cubeRootDensity + 1 / b.cubeRootDensity)
    let transformation = x * a.transformation + y * b.transformation
    var result = SIMD3<Double>.zero
    let area = x * a.area + y * b.area
    let (ca, cb) = (x * a.area / area, y * b.area / area)
    for i in 0..<3 {
      let order = orders[i]
      let factor = 1 + order * ca * cb * ca * cb
      let va = a.area * (1 + a.a * cb * factor * difference)
      let vb = b.area * (1 - b.a * ca * factor * difference)
      let alloy = x * va + y * vb
      let (sa, sb) = (x * va / alloy, y * vb / alloy)
      let surrounded = sb * (1 + order * sa * sb * sa * sb)
      result[i] = surrounded * x * va * interface + transformation
    }
    return result
  }

  private static func elastic(_ a: Facts, _ b: Facts, _ x: Double, _ y: Double) -> Double {
    if a.compressibility == 0, b.compressibility == 0, a.shear == 0, b.shear == 0 { return 0 }
    let difference = a.electronegativity - b.electronegativity
    let inverse = 1 / (1 / a.cubeRootDensity + 1 / b.cubeRootDensity)
    let va = a.volume + 1.5 * a.area * inverse * difference / a.density
    let vb = b.volume - 1.5 * b.area * inverse * difference / b.density
    let alphaA = 1.5 * cbrt(va * va) * inverse
    let alphaB = 1.5 * cbrt(vb * vb) * inverse
    let (ab0, ab1) = (a.volume + alphaA * difference / a.density, a.volume - alphaB * difference / a.density)
    let (ba0, ba1) = (b.volume + alphaA * difference / b.density, b.volume - alphaB * difference / b.density)
    func part(_ k: Double, _ g: Double, _ d: Double, _ solvent: Double, _ solute: Double) -> Double {
      let denominator = 4 * g * solvent + 3 * k * solute
      return denominator == 0 ? 0 : 2 * k * g * d * d / denominator
    }
    let inB = part(a.compressibility, b.shear, ab0 - ba0, ab0, ba0)
    let inA = part(b.compressibility, a.shear, ba1 - ab1, ba1, ab1)
    return x * y * (y * inB + x * inA)
  }

  /// The lowest of three lattices, interpolated.
  private static func latticeStability(_ valence: Double) -> Double {
    guard let upper = latticeValences.firstIndex(where: { valence <= $0 }), upper > 0 else { return 0 }
    let share = (valence - latticeValences[upper - 1]) / (latticeValences[upper] - latticeValences[upper - 1])
    let all = latticeStabilities[upper] * share + latticeStabilities[upper - 1] * (1 - share)
    return min(all.x, all.y, all.z)
  }
}
