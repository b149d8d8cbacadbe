import BundledData
import Chemistry

/// Which charges elements may take in a palette, and their electronegativities: SMACT's tables.
///
/// Source: SMACT 4.0.2, `Datasets/smact-elements.csv`.
public enum OxidationStateSet: String, CaseIterable, Sendable {
  case smact14
  case icsd16
  case icsd24
  case pymatgen = "pymatgen_sp"

  /// By atomic number, hydrogen first; empty where the set has none.
  var states: [[Int]] {
    BundledData.smactElements.table.texts(rawValue).map { $0.split(separator: " ").compactMap { Int($0) } }
  }

  static let electronegativities: [Double?] =
    BundledData.smactElements.table.numbers("pauling_electronegativity")
}
