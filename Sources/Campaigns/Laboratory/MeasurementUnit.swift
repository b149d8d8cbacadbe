/// Units that measured values come in, and what turns one into another.
public enum MeasurementUnit {
  private static let families: [[String: Double]] = [
    ["S/cm": 1, "mS/cm": 1e-3, "µS/cm": 1e-6, "uS/cm": 1e-6, "S/m": 1e-2, "mS/m": 1e-5],
    ["eV/atom": 1, "meV/atom": 1e-3],
    ["eV": 1, "meV": 1e-3],
    ["V": 1, "mV": 1e-3],
    ["Ω·cm": 1, "ohm·cm": 1, "ohm cm": 1, "kohm cm": 1e3],
    ["%": 1e-2, "1": 1],
  ]

  /// The factor that turns a value in `unit` into one in `target`; nil when the two do not belong together.
  public static func factor(from unit: String, to target: String) -> Double? {
    if unit == target { return 1 }
    for family in families {
      if let a = family[unit], let b = family[target] { return a / b }
    }
    return nil
  }

  /// Units that can stand for `target`.
  public static func alternatives(to target: String) -> [String] {
    families.first { $0[target] != nil }?.keys.sorted() ?? [target]
  }
}
