import BundledData

/// Facts about the elements; a nil means that the source has no value. Sources and the few
/// corrections are in `Datasets/README.md`.
extension Element {
  public var name: String { ElementTable.shared.names[atomicNumber - 1] }

  /// Standard atomic mass in u; the mass number of a long-lived isotope where there is no standard.
  public var atomicMass: Double { ElementTable.shared.masses[atomicNumber - 1] }

  /// Pauling's scale; nil for helium, neon, argon and the heaviest elements.
  public var electronegativity: Double? { ElementTable.shared.electronegativities[atomicNumber - 1] }

  /// 1...18; lanthanoids and actinoids stand in group 3.
  public var group: Int { ElementTable.shared.groups[atomicNumber - 1] }

  /// 1...7.
  public var period: Int { ElementTable.shared.periods[atomicNumber - 1] }

  public var block: Block { ElementTable.shared.blocks[atomicNumber - 1] }

  /// Rank in formulas by the IUPAC recommendations of 2005, Table VI: small numbers come first.
  /// Elements without a rank (rutherfordium and heavier) stand last.
  public var formulaRank: Int { ElementTable.shared.formulaRanks[atomicNumber - 1] }

  /// Static dipole polarizability of the free atom in Å³.
  public var polarizability: Double? { ElementTable.shared.polarizabilities[atomicNumber - 1] }

  /// First ionization energy in eV.
  public var firstIonizationEnergy: Double? { ElementTable.shared.ionizationEnergies[atomicNumber - 1] }

  /// Electron affinity in eV; negative where no anion is bound.
  public var electronAffinity: Double? { ElementTable.shared.electronAffinities[atomicNumber - 1] }

  /// Which subshell the last electron fills.
  public enum Block: String, Sendable { case s, p, d, f }

  /// True for lanthanum to lutetium.
  public var isLanthanoid: Bool { (57...71).contains(atomicNumber) }

  /// True for actinium to lawrencium.
  public var isActinoid: Bool { (89...103).contains(atomicNumber) }

  public var isHalogen: Bool { group == 17 && atomicNumber < 117 }
}

/// elements.csv, read once.
struct ElementTable: Sendable {
  static let shared = ElementTable(BundledData.elements.table)

  let names: [String]
  let masses: [Double]
  let electronegativities: [Double?]
  let groups: [Int]
  let periods: [Int]
  let blocks: [Element.Block]
  let formulaRanks: [Int]
  let polarizabilities: [Double?]
  let ionizationEnergies: [Double?]
  let electronAffinities: [Double?]

  private init(_ table: BundledTable) {
    precondition(table.texts("symbol") == Element.symbols, "elements.csv has other elements")
    func whole(_ column: String) -> [Int] { table.texts(column).map { Int($0) ?? 0 } }
    names = table.texts("name")
    masses = table.numbers("atomic_mass").map { $0 ?? .nan }
    electronegativities = table.numbers("pauling_electronegativity")
    groups = whole("group")
    periods = whole("period")
    blocks = table.texts("block").map { Element.Block(rawValue: $0) ?? .s }
    formulaRanks = zip(table.texts("iupac_ordering"), 1...).map { Int($0) ?? 1000 + $1 }
    polarizabilities = table.numbers("polarizability_A3")
    ionizationEnergies = table.numbers("first_ionization_energy_eV")
    electronAffinities = table.numbers("electron_affinity_eV")
  }
}
