import Chemistry
import Stability

/// Electrochemical windows of several materials: text, JSON and charts.
public struct WindowReport: Sendable {
  public struct Entry: Sendable {
    public let formula: String
    public let window: ElectrochemicalWindow
    /// Whether the table has this composition, and how far it lies above the hull.
    public let energyAboveHull: Double?
  }

  public let ion: MobileIon
  public let entries: [Entry]

  public init(ion: MobileIon, entries: [Entry]) {
    self.ion = ion
    self.entries = entries
  }

  /// The entry of a material.
  /// - Throws: `StabilityError`.
  public static func entry(
    _ formula: String, _ composition: Composition, in diagram: PhaseDiagram, ion: MobileIon, tolerance: Double
  ) throws(StabilityError) -> Entry {
    let window = try diagram.electrochemicalWindow(of: composition, ion: ion, tolerance: tolerance)
    let known = diagram.phase(at: composition)
    return Entry(
      formula: formula, window: window, energyAboveHull: known.map { $0.formationEnergy - window.decomposition.energy })
  }

  private var reference: String { "V vs \(ion.element.symbol)/\(ion.element.symbol)\(ion.charge == 1 ? "" : "\(ion.charge)")+" }

  public func lines(width: Int) -> [String] {
    var lines: [String] = []
    for entry in entries {
      let window = entry.window
      if !lines.isEmpty { lines.append("") }
      let holdsMetal = window.decomposition.products.contains { $0.phase.composition.elements == [ion.element] }
      let low = window.reduction.map { $0.voltage.fixed(3) }
        ?? (holdsMetal ? "0 (what it falls apart into holds the metal)" : "0 (stable against the metal)")
      let high = window.oxidation.map { $0.voltage.fixed(3) } ?? "∞ (nothing to give away)"
      lines.append("\(entry.formula): \(low) to \(high) \(reference)")
      if let limit = window.reduction { lines.append("  reduction at \(limit.voltage.fixed(3)) V: \(limit.reaction)") }
      if let limit = window.oxidation { lines.append("  oxidation at \(limit.voltage.fixed(3)) V: \(limit.reaction)") }
      if let above = entry.energyAboveHull {
        lines.append(
          above > 1e-6
            ? "  \((above * 1000).fixed(1)) meV/atom above the hull; the window is that of \(window.decomposition)"
            : "  on the hull")
      } else {
        lines.append("  not in the table; the window is that of \(window.decomposition)")
      }
    }
    return lines
  }

  /// Lithiation and delithiation, from the most ions to the fewest.
  public func profileLines(width: Int) -> [String] {
    var lines: [String] = []
    for entry in entries {
      lines += ["", "Voltage profile of \(entry.formula)"]
      var table = TextTable([("V from", .right), ("to", .right), ("ions", .right), ("mAh/g", .right), ("phases", .left)])
      for state in entry.window.profile.states {
        let products = state.products.map(\.formula).joined(separator: " + ")
        let upper = state.voltages.upperBound
        table.append([
          state.voltages.lowerBound.fixed(3), upper.isFinite ? upper.fixed(3) : "∞", state.ions.fixed(3),
          state.capacity.fixed(1), products,
        ])
      }
      lines += table.lines(width: width)
    }
    return lines
  }

  // MARK: Charts

  /// All windows side by side.
  public func windowChart() -> BarChart {
    var chart = BarChart("Electrochemical windows", axis: ChartAxis("Voltage", unit: reference, lower: 0))
    for entry in entries {
      let low = entry.window.reduction?.voltage ?? 0
      let high = entry.window.oxidation?.voltage ?? .infinity
      // A window without an upper end is drawn to the edge.
      chart.add(entry.formula, low...max(low, high), note: "\(entry.formula): \(low.fixed(2)) to \(high.fixed(2)) V")
    }
    return chart
  }

  /// Voltage against capacity, a staircase for each material.
  public func profileChart() -> XYChart {
    var chart = XYChart(
      "Voltage profiles", x: ChartAxis("Capacity taken up", unit: "mAh/g"), y: ChartAxis("Voltage", unit: reference))
    for entry in entries {
      var points: [XYChart.Point] = []
      for plateau in entry.window.profile.plateaus.reversed() {
        points.append(.init(plateau.capacities.lowerBound, plateau.voltage))
        points.append(.init(plateau.capacities.upperBound, plateau.voltage))
      }
      if let last = points.last { points.append(.init(last.x, 0)) }
      chart.add(.line, name: entry.formula, points)
    }
    return chart
  }

  // MARK: JSON

  public struct Document: Encodable {
    public struct Term: Encodable {
      let amount: Double
      let formula: String
    }
    struct Limit: Encodable {
      let voltage: Double
      let reaction: String
      let products: [Term]
    }
    struct State: Encodable {
      let lowerVoltage: Double
      let upperVoltage: Double?
      let ions: Double
      let capacity: Double
      let products: [Term]
    }
    struct Window: Encodable {
      let formula: String
      let reduction: Limit?
      let oxidation: Limit?
      let energyAboveHull: Double?
      let decomposition: String
      let profile: [State]
    }
    let ion: String
    let charge: Int
    let windows: [Window]
    let phases: String
    let version: String
  }

  public func document(phases: String, version: String) -> Document {
    func terms(_ terms: [Reaction.Term]) -> [Document.Term] { terms.map { .init(amount: $0.amount, formula: $0.formula) } }
    func limit(_ limit: ElectrochemicalWindow.Limit?) -> Document.Limit? {
      limit.map { .init(voltage: $0.voltage, reaction: $0.reaction.description, products: terms($0.reaction.products)) }
    }
    return Document(
      ion: ion.element.symbol, charge: ion.charge,
      windows: entries.map { entry in
        .init(
          formula: entry.formula, reduction: limit(entry.window.reduction), oxidation: limit(entry.window.oxidation),
          energyAboveHull: entry.energyAboveHull, decomposition: entry.window.decomposition.description,
          profile: entry.window.profile.states.map { state in
            let upper = state.voltages.upperBound
            return .init(
              lowerVoltage: state.voltages.lowerBound, upperVoltage: upper.isFinite ? upper : nil, ions: state.ions,
              capacity: state.capacity, products: terms(state.products))
          })
      }, phases: phases, version: version)
  }
}
