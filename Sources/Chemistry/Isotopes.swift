import BundledData

/// Which isotopes there are; from `Datasets/isotopes.csv`.
struct Isotopes: Sendable {
  static let shared = Isotopes()

  private let known: [ClosedRange<Int>]
  private let common: [Set<Int>]

  private init() {
    let table = BundledData.isotopes.table
    known = zip(table.numbers("lowest_mass_number"), table.numbers("highest_mass_number")).map {
      Int($0 ?? 1)...Int($1 ?? 1)
    }
    common = table.texts("natural_isotopes").map { text in
      Set(
        text.split(separator: " ").compactMap { pair in
          let parts = pair.split(separator: ":")
          guard parts.count == 2, let mass = Int(parts[0]), let percent = Double(parts[1]), percent >= 1 else {
            return nil
          }
          return mass
        })
    }
  }

  /// Whether a mass number lies in the range of the known isotopes of an element.
  func isKnown(_ mass: Int, of element: Element) -> Bool { known[element.atomicNumber - 1].contains(mass) }

  /// Whether at least 1% of the natural element is this isotope.
  func isCommon(_ mass: Int, of element: Element) -> Bool { common[element.atomicNumber - 1].contains(mass) }
}
