import Chemistry
import Stability

/// What a report says about the stability of materials: electrochemical windows and hulls of their systems.
public struct StabilitySection: Sendable {
  private let diagram: PhaseDiagram
  private let materials: [(name: String, composition: Composition)]
  private let systems: [[Element]]
  private let phases: String

  /// Windows are drawn for so many materials, the first ones.
  static let windowLimit = 25
  /// Materials whose elements decide which systems are drawn, and that are marked there.
  static let systemMaterials = 100
  /// Systems that are drawn when none are named.
  static let systemLimit = 3

  /// - Parameters:
  ///   - diagram: made of the phases that materials compete with.
  ///   - materials: best first; those without lithium have no window.
  ///   - systems: two or three elements each; chosen by `commonSystems` when empty.
  ///   - phases: the name of the table of phases.
  public init(
    _ diagram: PhaseDiagram, materials: [(name: String, composition: Composition)], systems: [[Element]] = [], phases: String
  ) {
    self.diagram = diagram
    self.materials = materials
    self.systems = systems.isEmpty ? Self.commonSystems(materials.prefix(Self.systemMaterials).map(\.composition)) : systems
    self.phases = phases
  }

  /// - Throws: `StabilityError` for a system that the phases do not have.
  public func section() throws(StabilityError) -> ReportSection {
    var section = ReportSection("stability", heading: "Stability")
    section.blocks.append(
      .paragraph(
        "Equilibria of \(diagram.phases.count) known phases (\(phases)) at 0 K. A candidate that none of them is may form only if it is more stable than its competitors; kinetics and passivation are not seen."))
    let entries = windows
    if !entries.isEmpty {
      let chart = WindowReport(ion: .lithium, entries: entries).windowChart()
      section.blocks += [
        .subheading("Electrochemical windows"),
        .figure(
          svg: chart.svg(theme: .page),
          caption: "Between these voltages the known phases at each composition neither take up nor give off lithium. A bar at a single voltage is a window without width; an arrow means no limit."),
      ]
    }
    for system in systems {
      let members = Set(system)
      let shown = materials.prefix(Self.systemMaterials).filter { $0.composition.elements.allSatisfy(members.contains) }
      guard let svg = try HullChart.svg(diagram, elements: system, shown: shown.prefix(12).map { ($0.name, $0.composition, nil) }, theme: .page)
      else { continue }
      let name = system.map(\.symbol).joined(separator: "–")
      section.blocks += [
        .subheading("Hull of \(name)"),
        .figure(svg: svg, caption: "Stable phases of \(name) and what coexists; rings are known phases above the hull" + (shown.isEmpty ? "." : "; \"asked\" are candidates.")),
      ]
    }
    return section
  }

  private var windows: [WindowReport.Entry] {
    materials.filter { $0.composition[.lithium] > 0 }.prefix(Self.windowLimit).compactMap {
      try? WindowReport.entry($0.name, $0.composition, in: diagram, ion: .lithium, tolerance: 0.003)
    }
  }

  /// The systems of lithium with the two elements that most often occur together, most frequent first.
  static func commonSystems(_ compositions: [Composition]) -> [[Element]] {
    struct Pair: Hashable {
      let a: Element
      let b: Element
    }
    var counts: [Pair: Int] = [:]
    for composition in compositions where composition[.lithium] > 0 {
      let others = composition.elements.filter { $0 != .lithium }
      for (i, a) in others.enumerated() { for b in others[(i + 1)...] { counts[Pair(a: a, b: b), default: 0] += 1 } }
    }
    return counts.sorted { ($1.value, $0.key.a, $0.key.b) < ($0.value, $1.key.a, $1.key.b) }
      .prefix(systemLimit).map { [.lithium, $0.key.a, $0.key.b] }
  }
}
