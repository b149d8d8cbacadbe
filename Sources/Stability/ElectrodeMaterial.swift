import Chemistry

/// Electrodes that electrolytes are usually asked about, by their short names.
public enum ElectrodeMaterial: String, CaseIterable, Sendable {
  case lithium
  case lco = "LCO"
  case nmc111 = "NMC111"
  case nmc811 = "NMC811"
  case lfp = "LFP"
  case sulfur

  public var formula: String {
    switch self {
    case .lithium: "Li"
    case .lco: "LiCoO2"
    case .nmc111: "Li3NiMnCoO6"
    case .nmc811: "Li10Ni8MnCoO20"
    case .lfp: "LiFePO4"
    case .sulfur: "S"
    }
  }

  /// The material of a short name (any case), or of a formula.
  ///
  /// - Throws: `FormulaError`.
  public static func composition(of text: String) throws(FormulaError) -> Composition {
    if let named = allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) {
      return try Composition(formula: named.formula)
    }
    return try Composition(formula: text)
  }
}
