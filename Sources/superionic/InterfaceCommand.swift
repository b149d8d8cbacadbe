import ArgumentParser
import Chemistry
import Modeling
import Reports
import Stability
import Tables

struct InterfaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interface", abstract: "What two materials turn into where they touch.",
    discussion: """
      The reaction energy along the mixing line, closed, or open to the ion at --voltage. lithium, LCO, NMC111,
      NMC811, LFP and sulfur stand for their formulas; --electrodes asks the first material against all of
      them. Without PHASES.csv the bundled phases are used. A material that is not in the table has the
      energy of its competing phases.

      Example:
        superionic interface Li6PS5Cl LiNiO2 --voltage 4 --plot contact.svg
        superionic interface Datasets/phases.csv Li7La3Zr2O12 --electrodes
      """)

  @Argument(help: "[PHASES.csv] FORMULA FORMULA", completion: .file())
  var materials: [String]

  @Option(help: "Volts against the metal of the ion: the contact is open to the ion there.")
  var voltage: Double?

  @Flag(help: "Ask the material against lithium, LCO, NMC111, NMC811, LFP and sulfur.")
  var electrodes = false

  @Option(help: "Write reaction energy against mixing ratio as SVG.", completion: .file())
  var plot: String?

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    let count = PhaseOptions.split(materials).rest.count
    guard count == (electrodes ? 1 : 2) else {
      throw ValidationError(electrodes ? "--electrodes takes one formula, not \(count)" : "interface takes two formulas, not \(count)")
    }
    if let voltage, !(voltage >= 0 && voltage.isFinite) {
      throw ValidationError("--voltage takes volts of at least 0, not \(voltage)")
    }
  }

  func run() throws {
    common.apply()
    let (path, formulas) = PhaseOptions.split(materials)
    let phases = try phaseOptions.read(path)
    common.report(phases.diagnostics)
    let diagram = try PhaseDiagram(phases.phases)
    let ion = try phaseOptions.mobileIon()
    let partners = electrodes ? ElectrodeMaterial.allCases.map(\.rawValue) : [formulas[1]]
    let named = try PhaseOptions.materials([formulas[0]] + partners)
    let reservoir = voltage.map { Interface.Reservoir(ion: ion, voltage: $0) }
    var contacts: [InterfaceReport.Contact] = []
    for partner in named.dropFirst() {
      // The metal itself has no composition left where the contact is open to its ion: 0 V is its contact.
      let isMetal = partner.composition.elements == [ion.element]
      contacts.append(
        try InterfaceReport.contact(named[0], partner, in: diagram, openTo: isMetal ? nil : reservoir))
    }
    let report = InterfaceReport(contacts: contacts)
    if let plot { try writeChart(report.chart().svg(), to: plot) }
    if common.json {
      try printJSON(report.document(phases: phaseOptions.name(path), version: SuperionicVersion.current))
    } else {
      common.show(report.lines(width: common.width))
    }
    try common.enforceStrictness(phases.diagnostics)
  }
}
