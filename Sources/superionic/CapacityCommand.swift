import ArgumentParser
import Chemistry
import Modeling
import Reports
import Stability
import Tables

struct CapacityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity", abstract: "Capacities and voltages of electrodes; energy and raw-material cost of a cell.",
    discussion: """
      Voltages are those of the equilibria of known phases. A host that keeps its lattice has its own: give
      the charged and the discharged formula with --pair. --stack reads one row for each component of a cell:
      layer, formula, thickness_um and, where they differ from the bundled values, volume_share, active (yes),
      capacity_mAh_g, density_g_cm3, price_usd_per_kg.

      Example:
        superionic capacity LiNiO2 LiFePO4 Li2S Si --density LiNiO2=4.78 --pair NiO2:LiNiO2
        superionic capacity --stack cell.csv --cell-voltage 3.8
      """)

  @Argument(help: "[PHASES.csv] FORMULA ...", completion: .file())
  var materials: [String] = []

  @Option(name: .customLong("density"), help: "FORMULA=g/cm³, where the bundled table has none (repeatable).")
  var densities: [String] = []

  @Option(name: .customLong("pair"), help: "CHARGED:DISCHARGED, such as CoO2:LiCoO2 (repeatable).")
  var pairs: [String] = []

  @Option(help: "A cell as a CSV file.", completion: .file())
  var stack: String?

  @Option(help: "Mean voltage of the cell; that of the first --pair by default.")
  var cellVoltage: Double?

  @Option(help: "Least specific energy aimed at, Wh/kg.")
  var targetEnergy = 250.0

  @Option(help: "Raw-material cost aimed at, USD/kWh.")
  var targetCost = 120.0

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !materials.isEmpty || stack != nil || !pairs.isEmpty else {
      throw ValidationError("name a formula, a --pair or a --stack")
    }
    if stack != nil, cellVoltage == nil, pairs.isEmpty {
      throw ValidationError("--stack needs --cell-voltage or a --pair that gives it")
    }
    if let cellVoltage, !(cellVoltage > 0 && cellVoltage.isFinite) {
      throw ValidationError("--cell-voltage takes volts above 0, not \(cellVoltage)")
    }
    guard targetEnergy > 0, targetCost > 0 else { throw ValidationError("targets are numbers above 0") }
  }

  func run() throws {
    common.apply()
    let (path, formulas) = PhaseOptions.split(materials)
    let ion = try phaseOptions.mobileIon()
    let phases = try phaseOptions.read(path)
    var diagnostics = phases.diagnostics
    let diagram = try PhaseDiagram(phases.phases)
    let given = try densityTable()
    let electrodes = try PhaseOptions.materials(formulas).map { material in
      CapacityReport.Electrode(
        formula: material.name, capacity: try diagram.electrodeCapacity(of: material.composition, ion: ion),
        density: given.first { $0.composition.hasSameFractions(as: material.composition) }?.density
          ?? SolidDensities.density(of: material.composition),
        price: ElementPrices.price(of: material.composition), isKnown: diagram.phase(at: material.composition) != nil)
    }
    let voltages = try pairs.map { try pair($0, diagram, ion) }
    var cell: CapacityReport.Cell?
    if let stack, let voltage = cellVoltage ?? voltages.first?.voltage {
      let table = try CellStackTable(Table(reading: stack), ion: ion)
      diagnostics += table.diagnostics
      cell = CapacityReport.Cell(
        stack: CellStack(components: table.components, voltage: voltage),
        targets: CellTargets(specificEnergy: targetEnergy...max(targetEnergy, 350), cost: targetCost),
        assumptions: table.assumptions)
    }
    common.report(diagnostics)
    let report = CapacityReport(electrodes: electrodes, pairs: voltages, cell: cell)
    if common.json {
      try printJSON(report.document(phases: phaseOptions.name(path), version: SuperionicVersion.current))
    } else {
      common.show(report.lines(width: common.width))
    }
    try common.enforceStrictness(diagnostics)
  }

  private func densityTable() throws -> [(composition: Composition, density: Double)] {
    try densities.map { text in
      let parts = text.split(separator: "=").map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value > 0 else {
        throw ValidationError("--density takes FORMULA=g/cm³, such as LiCoO2=5.0, not \(text)")
      }
      return (try PhaseOptions.materials([parts[0]])[0].composition, value)
    }
  }

  private func pair(_ text: String, _ diagram: PhaseDiagram, _ ion: MobileIon) throws -> CapacityReport.Pair {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 2 else {
      throw ValidationError("--pair takes CHARGED:DISCHARGED, such as CoO2:LiCoO2, not \(text)")
    }
    let both = try PhaseOptions.materials(parts)
    guard let voltage = try diagram.averageVoltage(from: both[0].composition, to: both[1].composition, ion: ion) else {
      throw ValidationError("--pair \(text): the discharged material has to hold more \(ion.element.symbol) and otherwise the same atoms")
    }
    return CapacityReport.Pair(
      charged: parts[0], discharged: parts[1], voltage: voltage,
      estimated: both.filter { diagram.phase(at: $0.composition) == nil }.map(\.name))
  }
}
