import Chemistry

/// The mixture of known phases with the lowest energy at a composition.
public struct Decomposition: Hashable, Sendable {
  public struct Product: Hashable, Sendable {
    public let phase: Phase
    /// Share of the atoms that are in this phase; all shares sum to 1.
    public let atomFraction: Double
  }

  /// Energy of the mixture, eV/atom: the convex hull at this composition.
  public let energy: Double
  /// By falling share, then by name; never more than there are elements.
  public let products: [Product]

  init(energy: Double, products: [Product]) {
    self.energy = energy
    self.products = products.sorted {
      if abs($0.atomFraction - $1.atomFraction) > 1e-9 { return $0.atomFraction > $1.atomFraction }
      return $0.phase.name < $1.phase.name
    }
  }

  /// Shares of atoms at or below this are rounding, not products.
  static let smallestFraction = 1e-8
}

extension Decomposition: CustomStringConvertible {
  /// `0.5 Li2O + 0.5 Li3P`: shares of atoms, four significant digits.
  public var description: String {
    products.map { product in
      let text = DecimalText.rounded(product.atomFraction)
      return text == "1" ? product.phase.composition.phaseLabel
        : text + " " + product.phase.composition.phaseLabel
    }.joined(separator: " + ")
  }
}

/// Numbers as reports write them.
enum DecimalText {
  /// Four significant digits, no trailing zeros, no exponent.
  static func rounded(_ value: Double, significant: Int = 4) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var magnitude = 0
    var scaled = abs(value)
    while scaled >= 10 {
      scaled /= 10
      magnitude += 1
    }
    while scaled < 1 {
      scaled *= 10
      magnitude -= 1
    }
    let decimals = max(0, significant - 1 - magnitude)
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let integer = (abs(value) * power).rounded()
    guard integer < 9e15 else { return "\(value)" }
    var digits = String(Int(integer))
    while digits.count <= decimals { digits = "0" + digits }
    var whole = String(digits.dropLast(decimals))
    var fraction = String(digits.suffix(decimals))
    while fraction.last == "0" { fraction.removeLast() }
    if whole.isEmpty { whole = "0" }
    let sign = value < 0 && integer > 0 ? "-" : ""
    return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
  }
}
