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
  ///   - electrolyte, electrode: as the user named them.
  ///   - top: how many to show; 0 shows all.
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

  public var csv: CSVWriter {
    var writer = CSVWriter(columns: [
      "rank", "formula", "worst_eV_per_atom", "electrolyte_eV_per_atom", "electrode_eV_per_atom", "reduction_V",
      "oxidation_V", "electrolyte_reaction", "electrode_reaction", "in_table",
    ])
    func text(_ value: Double?) -> String { value.map(CSVWriter.number) ?? "" }
    for (k, one) in kept.enumerated() {
      writer.append([
        "\(k + 1)", one.composition.phaseLabel, text(one.worst), text(one.towardsElectrolyte.mutualEnergy),
        text(one.towardsElectrode.mutualEnergy), text(one.window.reduction), text(one.window.oxidation),
        one.towardsElectrolyte.reaction.description, one.towardsElectrode.reaction.description,
        isKnown(one.composition) ? "yes" : "no",
      ])
    }
    return writer
  }

  public struct Document: Encodable {
    struct Contact: Encodable {
      let energy: Double
      let fraction: Double
      let reaction: String
    }
    struct Candidate: Encodable {
      let rank: Int
      let formula: String
      let worst: Double
      let electrolyte: Contact
      let electrode: Contact
      let reductionPotential: Double?
      let oxidationPotential: Double?
      let inTable: Bool
    }
    let electrolyte: String
    let electrolyteInTable: Bool
    let electrode: String
    let electrodeInTable: Bool
    let voltage: Double?
    let bare: Contact
    let candidates: [Candidate]
    let failures: [String: String]
    let version: String
  }

  public func document(version: String) -> Document {
    func contact(_ kink: Interface.Kink) -> Document.Contact {
      .init(energy: kink.mutualEnergy, fraction: kink.fraction, reaction: kink.reaction.description)
    }
    return Document(
      electrolyte: electrolyte, electrolyteInTable: knownEnds.electrolyte, electrode: electrode,
      electrodeInTable: knownEnds.electrode, voltage: voltage, bare: contact(search.bare),
      candidates: kept.enumerated().map { k, one in
        .init(
          rank: k + 1, formula: one.composition.phaseLabel, worst: one.worst, electrolyte: contact(one.towardsElectrolyte),
          electrode: contact(one.towardsElectrode), reductionPotential: one.window.reduction,
          oxidationPotential: one.window.oxidation, inTable: isKnown(one.composition))
      },
      failures: Dictionary(
        search.failures.map { ($0.composition.phaseLabel, "\($0.error)") }, uniquingKeysWith: { a, _ in a }),
      version: version)
  }
}
