import Chemistry
import Stability
import Tables

/// A ranking of buffer layers: text, CSV and JSON.
public struct CoatingReport: Sendable {
  private let search: CoatingSearch
  private let electrolyte: String
  private let electrode: String
  private let voltage: Double?
  private let kept: [CoatingSearch.Candidate]
  private let isKnown: @Sendable (Composition) -> Bool
  /// Whether the energies of the electrolyte and the electrode are in the table of phases.
  private let knownEnds: (electrolyte: Bool, electrode: Bool)

  /// - Parameters:
  ///   - search: the ranking, least reactive layer first.
  ///   - electrolyte: as the user named it.
  ///   - electrode: as the user named it.
  ///   - voltage: of the open contacts, V; nil for closed ones.
  ///   - top: how many to show; 0 shows all.
  ///   - known: whether the energy of a composition is in the table of phases; layers without are
  ///     marked.
  public init(
    search: CoatingSearch, electrolyte: (name: String, composition: Composition),
    electrode: (name: String, composition: Composition), voltage: Double?, top: Int,
    known: @escaping @Sendable (Composition) -> Bool
  ) {
    self.search = search
    self.electrolyte = electrolyte.name
    self.electrode = electrode.name
    knownEnds = (known(electrolyte.composition), known(electrode.composition))
    self.voltage = voltage
    kept = top == 0 ? search.candidates : Array(search.candidates.prefix(top))
    isKnown = known
  }

  public func lines(width: Int) -> [String] {
    var table = TextTable([
      ("rank", .right), ("layer", .left), ("worst", .right), ("to \(electrolyte)", .right), ("to \(electrode)", .right),
      ("window / V", .right), ("worse reaction", .left),
    ])
    for (k, one) in kept.enumerated() {
      let worse = one.towardsElectrode.mutualEnergy < one.towardsElectrolyte.mutualEnergy ? one.towardsElectrode : one.towardsElectrolyte
      let low = one.window.reduction?.fixed(2) ?? "0"
      let high = one.window.oxidation?.fixed(2) ?? "…"
      table.append([
        "\(k + 1)", one.composition.phaseLabel + (isKnown(one.composition) ? "" : " *"), (one.worst * 1000).fixed(0),
        (one.towardsElectrolyte.mutualEnergy * 1000).fixed(0), (one.towardsElectrode.mutualEnergy * 1000).fixed(0), "\(low) to \(high)",
        worse.mutualEnergy > -1e-6 ? "none" : worse.reaction.description,
      ])
    }
    var lines = table.lines(width: width)
    let open = voltage.map { " open to the ion at \($0) V" } ?? ""
    lines.append("")
    lines.append("mutual reaction energy in meV/atom\(open); without a layer \((search.bare.mutualEnergy * 1000).fixed(0)): \(search.bare.reaction)")
    if kept.contains(where: { !isKnown($0.composition) }) {
      lines.append("* not in the table of phases: the energy of its competing phases stands for it")
    }
    for (name, isKnown) in [(electrolyte, knownEnds.electrolyte), (electrode, knownEnds.electrode)] where !isKnown {
      lines.append("\(name) is not in the table of phases: the energy of its competing phases stands for it, so its metastability is not counted")
    }
    return lines
  }

  private typealias Row = (rank: Int, candidate: CoatingSearch.Candidate)

  private var records: RecordTable<Row> {
    let isKnown = isKnown
    return RecordTable([
      .init(csv: "rank", json: "rank") { .integer($0.rank) },
      .init(csv: "formula", json: "formula") { .text($0.candidate.composition.phaseLabel) },
      .init(csv: "worst_eV_per_atom", json: "worst") { .number($0.candidate.worst) },
      .init(csv: "electrolyte_eV_per_atom") { .number($0.candidate.towardsElectrolyte.mutualEnergy) },
      .init(csv: "electrode_eV_per_atom") { .number($0.candidate.towardsElectrode.mutualEnergy) },
      .init(json: "electrolyte") { Self.contact($0.candidate.towardsElectrolyte) },
      .init(json: "electrode") { Self.contact($0.candidate.towardsElectrode) },
      .init(csv: "reduction_V", json: "reductionPotential") { .optional($0.candidate.window.reduction) },
      .init(csv: "oxidation_V", json: "oxidationPotential") { .optional($0.candidate.window.oxidation) },
      .init(csv: "electrolyte_reaction") { .text($0.candidate.towardsElectrolyte.reaction.description) },
      .init(csv: "electrode_reaction") { .text($0.candidate.towardsElectrode.reaction.description) },
      .init(csv: "in_table", json: "inTable") { .bool(isKnown($0.candidate.composition)) },
    ])
  }

  private static func contact(_ kink: Interface.Kink) -> JSONValue {
    .object([
      .init("energy", .number(kink.mutualEnergy)), .init("fraction", .number(kink.fraction)),
      .init("reaction", .text(kink.reaction.description)),
    ])
  }

  private var rows: [Row] { kept.enumerated().map { ($0 + 1, $1) } }

  public var csv: CSVWriter { records.csv(of: rows) }

  public struct Document: Encodable {
    let electrolyte: String
    let electrolyteInTable: Bool
    let electrode: String
    let electrodeInTable: Bool
    let voltage: Double?
    let bare: JSONValue
    let candidates: [JSONValue]
    let failures: [String: String]
    let version: String
  }

  public func document(version: String) -> Document {
    Document(
      electrolyte: electrolyte, electrolyteInTable: knownEnds.electrolyte, electrode: electrode,
      electrodeInTable: knownEnds.electrode, voltage: voltage, bare: Self.contact(search.bare),
      candidates: records.json(of: rows),
      failures: Dictionary(
        search.failures.map { ($0.composition.phaseLabel, "\($0.error)") }, uniquingKeysWith: { a, _ in a }),
      version: version)
  }
}
