import BundledData

extension Element {
  /// Facts about the elements, from `Datasets/elements.csv`; index 0 is hydrogen.
  private struct Facts: Sendable {
    let names: [String]
    let masses: [Double]
    let electronegativities: [Double?]
    let formulaOrder: [Int]

    static let shared: Facts = {
      let table = BundledTable(.elements)
      return Facts(
        names: table.column("name").map(String.init),
        masses: table.numbers("atomic_mass").map { $0 ?? .nan },
        electronegativities: table.numbers("pauling_electronegativity"),
        formulaOrder: table.numbers("iupac_ordering").map { Int($0 ?? 0) })
    }()
  }

  /// The English name.
  public var name: String { Facts.shared.names[atomicNumber - 1] }

  /// Standard atomic weight in u, or the mass number of an element without one.
  public var mass: Double { Facts.shared.masses[atomicNumber - 1] }

  /// On Pauling's scale; nil where none is tabulated, as for helium.
  public var electronegativity: Double? { Facts.shared.electronegativities[atomicNumber - 1] }

  /// Rank in the IUPAC order of elements in formulas; electropositive ones come first.
  public var formulaOrder: Int { Facts.shared.formulaOrder[atomicNumber - 1] }
}
