import BundledData
import Chemistry

/// Prices of the elements, USD/kg, as `element-resources.csv` has them with source and date.
///
/// Prices of 2013 to 2020, some for laboratory amounts: an order of magnitude, not a quotation.
public enum ElementPrices {
  /// USD/kg, by atomic number − 1; nil where the source has none.
  public static let bundled: [Double?] = BundledData.elementResources.table.numbers("price_usd_per_kg")

  /// USD for a kilogram of a material at the prices of its elements; nil when one has no price.
  ///
  /// Oxygen, nitrogen and hydrogen are priced as pure elements, too: what they cost in a compound is less.
  public static func price(of composition: Composition) -> Double? {
    var sum = 0.0
    for entry in composition.entries {
      guard let price = bundled[entry.element.atomicNumber - 1] else { return nil }
      sum += price * composition.weightFraction(of: entry.element)
    }
    return sum
  }
}

/// Densities of solids from the bundled table, g/cm³.
public enum SolidDensities {
  private static let values: [CompositionKey: Double] = {
    let table = BundledData.densities.table
    var values: [CompositionKey: Double] = [:]
    for (formula, density) in zip(table.texts("formula"), table.numbers("density_g_cm3")) {
      if let density, let composition = try? Composition(formula: formula) {
        values[CompositionKey(composition)] = density
      }
    }
    return values
  }()

  /// The density of a composition, or nil.
  public static func density(of composition: Composition) -> Double? { values[CompositionKey(composition)] }
}
