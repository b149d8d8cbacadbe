import Chemistry
import Stability

/// Hulls of two and three elements as charts.
public enum HullChart {
  /// The hull of a chemical system.
  ///
  /// - Parameters:
  ///   - diagram: holds the phases of the system.
  ///   - elements: two or three.
  ///   - shown: materials to mark beside the phases of the diagram, with energies in eV/atom; without one a
  ///     material has no place on a binary hull.
  ///   - theme: colours; the automatic ones follow the reader's system.
  /// - Returns: an SVG document; nil for another number of elements.
  /// - Throws: `StabilityError`.
  public static func svg(
    _ diagram: PhaseDiagram, elements: [Element], shown: [(name: String, composition: Composition, energy: Double?)] = [],
    theme: ChartTheme = .automatic
  ) throws(StabilityError) -> String? {
    let title = elements.map(\.symbol).joined(separator: "–")
    let set = Set(elements)
    let members = diagram.phases.filter { $0.composition.elements.allSatisfy(set.contains) }
    let stable = try diagram.stablePhases(among: elements)
    let marked = shown.filter { $0.composition.elements.allSatisfy(set.contains) }
    // A material that is asked about writes its own name.
    let named = Set(marked.map(\.composition.phaseLabel))
    switch elements.count {
    case 2: return binary(title, elements, members, stable, marked, named).svg(theme: theme)
    case 3: return try ternary(title, diagram, elements, members, stable, marked, named).svg(theme: theme)
    default: return nil
    }
  }

  private static func binary(
    _ title: String, _ elements: [Element], _ members: [Phase], _ stable: [Phase],
    _ shown: [(name: String, composition: Composition, energy: Double?)], _ named: Set<String>
  ) -> XYChart {
    let second = elements[1]
    var chart = XYChart(
      "Convex hull of \(title)", x: ChartAxis("Share of \(second.symbol)", lower: 0, upper: 1),
      y: ChartAxis("Formation energy", unit: "eV/atom"))
    let names = Set(stable.map(\.composition.phaseLabel))
    let line = stable.sorted { $0.composition.fraction(of: second) < $1.composition.fraction(of: second) }
    chart.add(
      .linePoints, name: "stable",
      line.map { .init($0.composition.fraction(of: second), $0.formationEnergy, label: named.contains($0.composition.phaseLabel) ? nil : $0.composition.phaseLabel) })
    chart.add(
      .rings, name: "above the hull",
      members.filter { !names.contains($0.composition.phaseLabel) }
        .map { .init($0.composition.fraction(of: second), $0.formationEnergy, note: $0.composition.phaseLabel) })
    if !shown.isEmpty {
      chart.add(
        .points, name: "asked",
        shown.compactMap { one in one.energy.map { .init(one.composition.fraction(of: second), $0, label: one.name) } })
    }
    return chart
  }

  private static func ternary(
    _ title: String, _ diagram: PhaseDiagram, _ elements: [Element], _ members: [Phase], _ stable: [Phase],
    _ shown: [(name: String, composition: Composition, energy: Double?)], _ named: Set<String>
  ) throws(StabilityError) -> TernaryChart {
    let symbols = elements.map(\.symbol)
    var chart = TernaryChart("Phase diagram of \(title)", corners: (symbols[0], symbols[1], symbols[2]))
    func amounts(_ c: Composition) -> (Double, Double, Double) { (c[elements[0]], c[elements[1]], c[elements[2]]) }
    for phase in stable {
      let (a, b, c) = amounts(phase.composition)
      let isElement = phase.composition.entries.count == 1
      chart.points.append(.init(a, b, c, label: isElement || named.contains(phase.composition.phaseLabel) ? nil : phase.composition.phaseLabel, note: "\(phase.name): \(phase.formationEnergy) eV/atom"))
    }
    chart.lines = try diagram.tieLines(between: stable)
    let names = Set(stable.map(\.composition.phaseLabel))
    for phase in members where !names.contains(phase.composition.phaseLabel) {
      let (a, b, c) = amounts(phase.composition)
      chart.points.append(.init(a, b, c, note: phase.composition.phaseLabel, isHollow: true, series: 1))
    }
    for one in shown {
      let (a, b, c) = amounts(one.composition)
      chart.points.append(.init(a, b, c, label: one.name, series: 2))
    }
    chart.seriesNames = ["stable", "above the hull"] + (shown.isEmpty ? [] : ["asked"])
    return chart
  }
}
