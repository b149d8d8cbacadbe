import ArgumentParser
import Modeling
import Reports
import Stability
import Tables

struct WindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window", abstract: "Electrochemical windows: between which voltages a material keeps its ions.",
    discussion: """
      Prints the reduction and oxidation potentials against the metal of the ion with the reaction at each.
      Thermodynamic limits; kinetics widen them. Without PHASES.csv the bundled phases are used.

      Example:
        superionic window Li6PS5Cl Li7La3Zr2O12 Li2S LiF --plot windows.svg
        superionic window Datasets/phases.csv Li3PS4 --profile
      """)

  @Argument(help: "[PHASES.csv] FORMULA ...", completion: .file())
  var materials: [String]

  @Flag(help: "Print all equilibria of lithiation and delithiation with capacities.")
  var profile = false

  @Option(help: "Ions per atom that may be exchanged unnoticed, for rounded formulas.")
  var tolerance = 0.003

  @Option(help: "Write the windows side by side as SVG.", completion: .file())
  var plot: String?

  @Option(help: "Write voltage against capacity as SVG.", completion: .file())
  var profilePlot: String?

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !PhaseOptions.split(materials).rest.isEmpty else { throw ValidationError("name at least one formula") }
    guard tolerance >= 0, tolerance < 0.5 else {
      throw ValidationError("--tolerance takes ions per atom from 0 to 0.5, not \(tolerance)")
    }
  }

  func run() throws {
    common.apply()
    let (path, formulas) = PhaseOptions.split(materials)
    let named = try PhaseOptions.materials(formulas)
    let ion = try phaseOptions.mobileIon()
    let phases = try phaseOptions.read(path)
    common.report(phases.diagnostics)
    let diagram = try PhaseDiagram(phases.phases)
    let entries = try named.map {
      try WindowReport.entry($0.name, $0.composition, in: diagram, ion: ion, tolerance: tolerance)
    }
    let report = WindowReport(ion: ion, entries: entries)
    if let plot { try writeChart(report.windowChart().svg(), to: plot) }
    if let profilePlot { try writeChart(report.profileChart().svg(), to: profilePlot) }
    if common.json {
      try printJSON(report.document(phases: phaseOptions.name(path), version: SuperionicVersion.current))
    } else {
      common.show(report.lines(width: common.width))
      if profile { common.show(report.profileLines(width: common.width)) }
    }
    try common.enforceStrictness(phases.diagnostics)
  }
}
