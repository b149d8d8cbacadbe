import ArgumentParser
import Chemistry
import Modeling
import Reports
import Stability

struct MoistureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moisture", abstract: "Estimate what moist air and heat do to materials.",
    discussion: """
      The reaction with water vapour that sets most energy free, the gases it evolves (H2S, HCl, HF, …) for
      each gram, and the temperature at which the material gives way to other phases and gases. Estimates:
      the assumptions are printed with them.

      Example:
        superionic moisture Li3PS4 Li6PS5Cl Li10SnP2S12 Li3InCl6 --water-pressure 0.02
      """)

  @Argument(help: "[PHASES.csv] FORMULA ...", completion: .file())
  var materials: [String]

  @Option(help: "Partial pressure of water vapour in bar.")
  var waterPressure = 0.016

  @Option(help: "Partial pressure of every other gas in bar, for the reaction with water.")
  var gasPressure = 1e-4

  @Option(help: "Temperature of the moist air in °C.")
  var temperature = 25.0

  @Option(help: "Highest temperature of the thermal estimate in °C.")
  var highestTemperature = 1200.0

  @Option(help: "Pressure of gases in the thermal estimate in bar.")
  var thermalPressure = 1.0

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !PhaseOptions.split(materials).rest.isEmpty else { throw ValidationError("name at least one formula") }
    for (name, value) in [("--water-pressure", waterPressure), ("--gas-pressure", gasPressure), ("--thermal-pressure", thermalPressure)] {
      guard value > 0, value.isFinite else { throw ValidationError("\(name) takes a pressure above 0 bar, not \(value)") }
    }
    guard temperature > -73, temperature < 1000 else {
      throw ValidationError("--temperature takes °C from -73 to 1000, not \(temperature)")
    }
    guard highestTemperature > 25, highestTemperature < 4000 else {
      throw ValidationError("--highest-temperature takes °C from 25 to 4000, not \(highestTemperature)")
    }
  }

  func run() throws {
    common.apply()
    let (path, formulas) = PhaseOptions.split(materials)
    let named = try PhaseOptions.materials(formulas)
    let phases = try phaseOptions.read(path)
    common.report(phases.diagnostics)
    let diagram = try PhaseDiagram(phases.phases)
    let air = GasConditions(
      temperature: temperature + 273.15, pressures: ["H2O": waterPressure], otherPressure: gasPressure)
    let entries = try named.map { material in
      MoistureReport.Entry(
        formula: material.name,
        hydrolysis: try diagram.hydrolysis(of: material.composition, conditions: air),
        thermal: try diagram.thermalDecomposition(
          of: material.composition, range: 298.15...(highestTemperature + 273.15), pressure: thermalPressure))
    }
    let report = MoistureReport(entries: entries)
    if common.json {
      try printJSON(report.document(phases: phaseOptions.name(path), version: SuperionicVersion.current))
    } else {
      common.show(report.lines)
    }
    try common.enforceStrictness(phases.diagnostics)
  }
}
