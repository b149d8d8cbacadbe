import Chemistry
import Stability

/// Electrodes, voltages of pairs and a cell: text and JSON.
public struct CapacityReport: Sendable {
  public struct Electrode: Sendable {
    public let formula: String
    public let capacity: ElectrodeCapacity
    /// g/cm³.
    public let density: Double?
    /// USD/kg of raw materials.
    public let price: Double?
    public let isKnown: Bool

    public init(formula: String, capacity: ElectrodeCapacity, density: Double?, price: Double?, isKnown: Bool) {
      self.formula = formula
      self.capacity = capacity
      self.density = density
      self.price = price
      self.isKnown = isKnown
    }
  }

  public struct Pair: Sendable {
    public let charged: String
    public let discharged: String
    public let voltage: Double
    /// Materials that the table lacks.
    public let estimated: [String]

    public init(charged: String, discharged: String, voltage: Double, estimated: [String]) {
      self.charged = charged
      self.discharged = discharged
      self.voltage = voltage
      self.estimated = estimated
    }
  }

  public struct Cell: Sendable {
    public let stack: CellStack
    public let targets: CellTargets
    public let assumptions: [String]

    public init(stack: CellStack, targets: CellTargets, assumptions: [String]) {
      self.stack = stack
      self.targets = targets
      self.assumptions = assumptions
    }
  }

  private let electrodes: [Electrode]
  private let pairs: [Pair]
  private let cell: Cell?

  public init(electrodes: [Electrode], pairs: [Pair], cell: Cell?) {
    self.electrodes = electrodes
    self.pairs = pairs
    self.cell = cell
  }

  public func lines(width: Int) -> [String] {
    var lines: [String] = []
    if !electrodes.isEmpty {
      var table = TextTable([
        ("electrode", .left), ("gives mAh/g", .right), ("at V", .right), ("takes mAh/g", .right), ("at V", .right),
        ("g/cm³", .right), ("gives mAh/cm³", .right), ("USD/kg", .right),
      ])
      func text(_ value: Double?, _ decimals: Int) -> String { value?.fixed(decimals) ?? "–" }
      for one in electrodes {
        let c = one.capacity
        table.append([
          one.formula + (one.isKnown ? "" : " *"), c.extraction.fixed(1), text(c.extractionVoltage, 2), c.insertion.fixed(1),
          text(c.insertionVoltage, 2), text(one.density, 2), text(one.density.map { $0 * c.extraction }, 0), text(one.price, 1),
        ])
      }
      lines += table.lines(width: width)
      lines.append("voltages: mean over all ions, equilibria of known phases; prices: those of the elements, 2013 to 2020")
      if electrodes.contains(where: { !$0.isKnown }) { lines.append("* not in the table: the energy of its competing phases stands for it") }
    }
    for pair in pairs {
      lines.append("\(pair.charged) → \(pair.discharged): \(pair.voltage.fixed(3)) V on average")
      for name in pair.estimated { lines.append("  \(name) is not in the table: the energy of its competing phases stands for it") }
    }
    if let cell {
      let stack = cell.stack
      if !lines.isEmpty { lines.append("") }
      lines.append("Cell at \(stack.voltage.fixed(2)) V, \(stack.arealCapacity.fixed(2)) mAh/cm², \(stack.thickness.fixed(0)) µm")
      lines.append("  \(stack.specificEnergy.fixed(0)) Wh/kg of \(cell.targets.specificEnergy.lowerBound.fixed(0)) (score \(cell.targets.energyScore(stack).fixed(2)))")
      lines.append("  \(stack.energyDensity.fixed(0)) Wh/L")
      if let cost = stack.materialCost, let score = cell.targets.costScore(stack) {
        lines.append("  \(cost.fixed(1)) USD/kWh of raw materials, target \(cell.targets.cost.fixed(0)) (score \(score.fixed(2)))")
      } else {
        lines.append("  no cost: a component has no price")
      }
      lines += ["  without case and terminals; assumed:"] + cell.assumptions.map { "  - " + $0 }
    }
    return lines
  }

  public struct Document: Encodable {
    struct Electrode: Encodable {
      let formula: String
      let inTable: Bool
      let ionsPerFormula: Double
      let extractionMilliampereHoursPerGram: Double
      let insertionMilliampereHoursPerGram: Double
      let extractionMilliampereHoursPerCubicCentimetre: Double?
      let extractionVoltage: Double?
      let insertionVoltage: Double?
      let density: Double?
      let priceUSDPerKilogram: Double?
    }
    struct Pair: Encodable {
      let charged: String
      let discharged: String
      let voltage: Double
      let notInTable: [String]
    }
    struct Cell: Encodable {
      let voltage: Double
      let arealCapacity: Double
      let thickness: Double
      let specificEnergy: Double
      let energyDensity: Double
      let materialCost: Double?
      let energyScore: Double
      let costScore: Double?
      let assumptions: [String]
    }
    let electrodes: [Electrode]
    let pairs: [Pair]
    let cell: Cell?
    let phases: String
    let version: String
  }

  public func document(phases: String, version: String) -> Document {
    Document(
      electrodes: electrodes.map { one in
        .init(
          formula: one.formula, inTable: one.isKnown, ionsPerFormula: one.capacity.extractableIons,
          extractionMilliampereHoursPerGram: one.capacity.extraction,
          insertionMilliampereHoursPerGram: one.capacity.insertion,
          extractionMilliampereHoursPerCubicCentimetre: one.density.map { $0 * one.capacity.extraction },
          extractionVoltage: one.capacity.extractionVoltage, insertionVoltage: one.capacity.insertionVoltage,
          density: one.density, priceUSDPerKilogram: one.price)
      },
      pairs: pairs.map { .init(charged: $0.charged, discharged: $0.discharged, voltage: $0.voltage, notInTable: $0.estimated) },
      cell: cell.map { cell in
        .init(
          voltage: cell.stack.voltage, arealCapacity: cell.stack.arealCapacity, thickness: cell.stack.thickness,
          specificEnergy: cell.stack.specificEnergy, energyDensity: cell.stack.energyDensity,
          materialCost: cell.stack.materialCost, energyScore: cell.targets.energyScore(cell.stack),
          costScore: cell.targets.costScore(cell.stack), assumptions: cell.assumptions)
      }, phases: phases, version: version)
  }
}
