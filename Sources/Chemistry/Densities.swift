import BundledData

/// Densities of solids near room temperature; from `Datasets/densities.csv`.
struct Densities: Sendable {
  static let shared = Densities()

  private let table: [Composition: Double]

  private init() {
    let source = BundledData.densities.table
    var table: [Composition: Double] = [:]
    for (formula, density) in zip(source.texts("formula"), source.numbers("density_g_cm3")) {
      guard let density, let composition = try? Composition(formula: formula) else { continue }
      table[composition.normalized] = density
    }
    self.table = table
  }

  /// In g/cm³; nil where the table has none. O(entries).
  func density(of composition: Composition) -> Double? { table[composition.normalized] }
}
