import Chemistry
import Stability

/// Contacts of two materials: text, JSON and the chart of the mixing line.
public struct InterfaceReport: Sendable {
  public struct Contact: Sendable {
    public let first: String
    public let second: String
    public let interface: Interface
    /// Materials that the table does not have.
    public let estimated: [String]
  }

  public let contacts: [Contact]

  public init(contacts: [Contact]) { self.contacts = contacts }

  /// - Throws: `StabilityError`.
  public static func contact(
    _ first: (name: String, composition: Composition), _ second: (name: String, composition: Composition),
    in diagram: PhaseDiagram, openTo reservoir: Interface.Reservoir?
  ) throws(StabilityError) -> Contact {
    let interface = try diagram.interface(between: first.composition, and: second.composition, openTo: reservoir)
    let estimated = [first, second].filter { diagram.phase(at: $0.composition) == nil }.map(\.name)
    return Contact(first: first.name, second: second.name, interface: interface, estimated: estimated)
  }

  public func lines(width: Int) -> [String] {
    var lines: [String] = []
    for contact in contacts {
      if !lines.isEmpty { lines.append("") }
      let open = contact.interface.reservoir.map { " open to \($0.ion.element.symbol) at \($0.voltage) V" } ?? ""
      let worst = contact.interface.worst
      lines.append("\(contact.first) | \(contact.second)\(open)")
      if worst.energy > -1e-6 {
        lines.append("  they coexist: no mixture is more stable than the two")
      } else {
        lines.append(
          "  \((worst.energy * 1000).fixed(1)) meV/atom at \((worst.fraction * 100).fixed(1)) % \(contact.first) by atoms: \(worst.reaction)")
      }
      let mutual = contact.interface.worstMutual
      if mutual.energy != mutual.mutualEnergy {
        lines.append(
          mutual.mutualEnergy > -1e-6
            ? "  each falls apart alone; they do no more together"
            : "  of it \((mutual.mutualEnergy * 1000).fixed(1)) meV/atom at \((mutual.fraction * 100).fixed(1)) % need both materials")
      }
      for name in contact.estimated { lines.append("  \(name) is not in the table: the energy of its competing phases stands for it") }
      guard contacts.count == 1 else { continue }
      var table = TextTable([("share", .right), ("meV/atom", .right), ("mutual", .right), ("reaction", .left)])
      for kink in contact.interface.kinks {
        table.append([kink.fraction.fixed(4), (kink.energy * 1000).fixed(1), (kink.mutualEnergy * 1000).fixed(1), kink.reaction.description])
      }
      lines += [""] + table.lines(width: max(width, 60))
    }
    return lines
  }

  public func chart() -> XYChart {
    var chart = XYChart(
      "Reaction energy along the mixing line", x: ChartAxis("Share of the first material (atoms)", lower: 0, upper: 1),
      y: ChartAxis("Reaction energy", unit: "meV/atom"))
    for contact in contacts {
      chart.add(
        .linePoints, name: "\(contact.first) | \(contact.second)",
        contact.interface.kinks.map { .init($0.fraction, $0.energy * 1000, note: $0.reaction.description) })
    }
    return chart
  }

  public struct Document: Encodable {
    struct Kink: Encodable {
      let fraction: Double
      let energy: Double
      let mutualEnergy: Double
      let reaction: String
    }
    struct Contact: Encodable {
      let first: String
      let second: String
      let voltage: Double?
      let worst: Kink
      let worstMutual: Kink
      let kinks: [Kink]
      let notInTable: [String]
    }
    let contacts: [Contact]
    let phases: String
    let version: String
  }

  public func document(phases: String, version: String) -> Document {
    func kink(_ k: Interface.Kink) -> Document.Kink {
      .init(fraction: k.fraction, energy: k.energy, mutualEnergy: k.mutualEnergy, reaction: k.reaction.description)
    }
    return Document(
      contacts: contacts.map {
        .init(
          first: $0.first, second: $0.second, voltage: $0.interface.reservoir?.voltage, worst: kink($0.interface.worst),
          worstMutual: kink($0.interface.worstMutual),
          kinks: $0.interface.kinks.map(kink), notInTable: $0.estimated)
      }, phases: phases, version: version)
  }
}
