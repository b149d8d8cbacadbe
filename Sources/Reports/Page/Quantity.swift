import Foundation
import Modeling

/// What a column holds, as charts name it: `conductivity_S_cm` is Conductivity in S/cm.
public struct Quantity: Sendable, Equatable {
  public let name: String
  public let unit: String

  /// Endings of column names and the units they stand for, longer ones first.
  private static let endings: [(ending: String, unit: String)] = [
    ("meV_per_atom", "meV/atom"), ("eV_per_atom", "eV/atom"), ("usd_per_kg", "USD/kg"), ("mAh_g", "mAh/g"), ("g_cm3", "g/cm³"),
    ("mS_cm", "mS/cm"), ("S_cm", "S/cm"), ("S_m", "S/m"), ("meV", "meV"), ("eV", "eV"), ("GPa", "GPa"), ("C", "°C"),
    ("K", "K"), ("V", "V"),
  ]

  public init(column: String) {
    for (ending, unit) in Self.endings where column == ending || column.hasSuffix("_" + ending) {
      let stem = Self.words(column.dropLast(ending.utf8.count))
      self.unit = unit
      name = stem.isEmpty ? (unit.contains("eV") ? "Energy" : "Value") : stem
      return
    }
    unit = ""
    name = Self.words(column[...])
  }

  private static func words(_ text: Substring) -> String {
    let plain = text.replacing("_", with: " ").trimmingPrefix(" ")
    let trimmed = plain.last == " " ? plain.dropLast() : plain[...]
    return trimmed.prefix(1).uppercased() + trimmed.dropFirst()
  }

  /// The name with its unit, as `Conductivity (S/cm)`.
  var title: String { unit.isEmpty ? name : "\(name) (\(unit))" }
}

/// The quantity that a model predicts, and the way from modelled values to an axis.
struct TargetScale: Sendable {
  let quantity: Quantity
  let isLogarithmic: Bool

  init(_ options: ModelingOptions) {
    quantity = Quantity(column: options.target)
    isLogarithmic = options.log10
  }

  func axis(_ prefix: String = "") -> ChartAxis {
    let name = prefix.isEmpty ? quantity.name : "\(prefix) \(quantity.name.lowercased())"
    return ChartAxis(name, unit: quantity.unit, scale: isLogarithmic ? .logarithmic : .linear)
  }

  /// A modelled value in units of the axis.
  func value(_ modelled: Double) -> Double { isLogarithmic ? pow(10, modelled) : modelled }

  /// Differences of modelled values: decades where logarithms are modelled.
  var differenceUnit: String { isLogarithmic ? "decades" : quantity.unit }
}
