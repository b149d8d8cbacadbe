import ArgumentParser
import Chemistry
import FileIO
import Modeling
import Reports
import Stability
import Tables

struct CoatingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coating", abstract: "Rank buffer layers between an electrolyte and an electrode.",
    discussion: """
      Each candidate is judged by the worse of its two contacts; the contact without a layer is printed for
      comparison. Candidates are formulas, or one CSV file with a formula column.

      Example:
        superionic coating --electrolyte Li6PS5Cl --electrode LiNiO2 LiTaO3 Li3PO4 Li2ZrO3 Li4Ti5O12 LiAlO2
      """)

  @Argument(help: "FORMULA ... or CANDIDATES.csv", completion: .file())
  var candidates: [String]

  @Option(help: "The electrolyte.")
  var electrolyte: String

  @Option(help: "The electrode: a formula, or lithium, LCO, NMC111, NMC811, LFP, sulfur.")
  var electrode: String

  @Option(help: "Phases with formula and eV_per_atom instead of the bundled ones.", completion: .file())
  var phases: String?

  @Option(help: "Volts against the metal of the ion: both contacts are open to the ion there.")
  var voltage: Double?

  @Option(help: "How many to keep; 0 keeps all.")
  var top = 0

  @Option(name: .shortAndLong, help: "A CSV file to write, too.", completion: .file())
  var output: String?

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let voltage, !(voltage >= 0 && voltage.isFinite) {
      throw ValidationError("--voltage takes volts of at least 0, not \(voltage)")
    }
    guard top >= 0 else { throw ValidationError("--top takes a number of at least 0, not \(top)") }
    guard !candidates.isEmpty else { throw ValidationError("name candidates for the layer") }
  }

  func run() throws {
    try common.apply(output: output)
    let table = try phaseOptions.read(phases)
    var diagnostics = table.diagnostics
    let diagram = try PhaseDiagram(table.phases)
    let ends = try PhaseOptions.materials([electrolyte, electrode])
    var named: [(name: String, composition: Composition)] = []
    if candidates.count == 1, PhaseOptions.split(candidates).phases != nil {
      let reader = try Table(reading: candidates[0])
      let index = try reader.requireIndex(of: "formula")
      for row in reader.rows {
        do { named.append((row.cells[index], try Composition(formula: row.cells[index]))) } catch {
          diagnostics.append(Diagnostic(at: row.location, column: "formula", problem: error.problem, remedy: error.remedy))
        }
      }
    } else {
      named = try PhaseOptions.materials(candidates)
    }
    let ion = try phaseOptions.mobileIon()
    let search = try diagram.coatings(
      named.map(\.composition), electrolyte: ends[0].composition, electrode: ends[1].composition,
      openTo: voltage.map { .init(ion: ion, voltage: $0) }, ion: ion)
    common.report(diagnostics)
    for failure in search.failures where !common.quiet { Console.error("\(failure.composition.phaseLabel): \(failure.error)") }
    let report = CoatingReport(
      search: search, electrolyte: ends[0], electrode: ends[1], voltage: voltage, top: top,
      known: { diagram.phase(at: $0) != nil })
    if let output { try FileContents.write(report.csv.data, to: output) }
    if common.json {
      try printJSON(report.document(version: SuperionicVersion.current))
    } else if output != FileContents.standardStream {
      common.show(report.lines(width: common.width))
    }
    try common.enforceStrictness(diagnostics)
    if common.strict, !search.failures.isEmpty { throw RowsRejected(count: search.failures.count) }
  }
}
