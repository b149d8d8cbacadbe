import BundledData
import Chemistry

/// Ionic radii of all elements in all charges, in Å.
///
/// Shannon's ionic radius in sixfold coordination, high spin where there are two; where that is not
/// tabulated, the mean over the coordinations that are (lone hydrogen ions, whose tabulated radii
/// are negative, excepted). Imputed, and marked so: for a charge that is not tabulated, the radius of
/// the nearest charge of the same sign; for elements without any of that sign, Magpie's covalent
/// radius.
///
/// Source: `Datasets/shannon-radii.csv`; R. D. Shannon, Acta Cryst. A 32, 751–767 (1976),
/// doi 10.1107/S0567739476001551.
struct IonRadii: Sendable {
  struct Radius: Sendable {
    let value: Double
    let isImputed: Bool
  }

  static let shared = IonRadii()
  static let largestCharge = 9

  private let radii: [Radius]

  subscript(number: Int, charge: Int) -> Radius {
    let clamped = max(-Self.largestCharge, min(Self.largestCharge, charge))
    return radii[(number - 1) * (2 * Self.largestCharge + 1) + Self.largestCharge + clamped]
  }

  private init() {
    let table = BundledData.shannonRadii.table
    let (symbols, charges) = (table.texts("symbol"), table.numbers("charge"))
    let (coordinations, spins) = (table.texts("coordination"), table.texts("spin"))
    let values = table.numbers("ionic_radius_A")
    var sixfold: [Ion: Double] = [:]
    var others: [Ion: [Double]] = [:]
    for row in symbols.indices {
      guard let element = Element(symbols[row]), let charge = charges[row], let value = values[row], value > 0
      else { continue }
      let ion = Ion(element: element, charge: Int(charge))
      others[ion, default: []].append(value)
      if coordinations[row] == "VI", spins[row] != "low" { sixfold[ion] = value }
    }
    let covalent = MagpieTable.shared.column("CovalentRadius")
    let all = -Self.largestCharge...Self.largestCharge
    radii = Element.all.flatMap { element in
      func tabulated(_ charge: Int) -> Double? {
        let ion = Ion(element: element, charge: charge)
        return sixfold[ion] ?? others[ion].map { $0.reduce(0, +) / Double($0.count) }
      }
      let known = all.filter { tabulated($0) != nil }
      return all.map { charge -> Radius in
        if let value = tabulated(charge) { return Radius(value: value, isImputed: false) }
        let near = known.filter { $0 * charge > 0 }.min { (abs($0 - charge), $0) < (abs($1 - charge), $1) }
        return Radius(
          value: near.flatMap(tabulated) ?? covalent[element.atomicNumber - 1] / 100, isImputed: true)
      }
    }
  }
}
