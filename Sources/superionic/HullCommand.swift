import ArgumentParser
import Chemistry
import FileIO
import Modeling
import Reports
import Screening
import Stability
import Tables

struct HullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hull", abstract: "Place materials on the convex hull: what competes, how far above it they are.",
    discussion: """
      PHASES.csv has formula and eV_per_atom (formation energies; elements are 0); without it the bundled
      phases are used. The energy of a row of IN.csv is its own eV_per_atom, else that of the phase of its
      composition, else what --model predicts, with the probability of lying within 0, 25, 50 and 100
      meV/atom of the hull.

      OUT.csv adds energy_above_hull (below 0: more stable than all known phases together), decomposition
      (fractions by atoms), decomposition_energy and competing_phases (without the material itself).

      Example:
        superionic hull Datasets/phases.csv Datasets/landmark-electrolytes.csv -o hull.csv
        superionic hull phases.csv candidates.csv --model energy.model --held-out unseen.csv -o hull.csv
        superionic hull phases.csv candidates.csv --model energy.model --plot hull.svg --system Li-P-S -o hull.csv
      """)

  @Argument(help: "[PHASES.csv] IN.csv", completion: .file())
  var tables: [String]

  @Option(help: "The column of formulas in IN.csv.")
  var formulaColumn = "formula"

  @Option(help: "A model of formation energies in eV/atom, for rows without an energy.", completion: .file())
  var model: String?

  @Option(
    help: "Formulas and eV_per_atom that the model was not trained on: how its errors go together, and how often its probabilities come true.",
    completion: .file())
  var heldOut: String?

  @Option(help: "Samples for each predicted row that has predicted rivals.")
  var draws = 1000

  @Option(help: "Write the hull of --system (two or three elements) as SVG.", completion: .file())
  var plot: String?

  @Option(help: "Elements of the plot, such as Li-P-S; those of the first row by default.")
  var system: String?

  @Option(name: .shortAndLong, help: "The CSV file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var phaseOptions: PhaseOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...2).contains(tables.count) else {
      throw ValidationError("hull takes PHASES.csv and IN.csv, or IN.csv alone, not \(tables.count) files")
    }
    guard draws > 0 else { throw ValidationError("--draws takes a number of at least 1, not \(draws)") }
  }

  func run() throws {
    try common.apply(output: output)
    let path = tables.count == 2 ? tables[0] : nil
    let phases = try phaseOptions.read(path)
    let diagram = try PhaseDiagram(phases.phases)
    let table = try Table(reading: tables[tables.count - 1])
    let energyModel = try model.map { try PropertyModel(named: $0) }
    var job = HullJob(diagram: diagram, model: energyModel)
    job.formulaColumn = formulaColumn
    job.draws = draws
    job.seed = common.seed
    if let energyModel, let heldOut {
      let unseen = try PhaseTable(Table(reading: heldOut))
      if let correlation = try ErrorCorrelation.measured(for: energyModel, on: unseen.phases) {
        job.correlation = correlation
      }
      job.calibration = try job.calibration(on: unseen.phases)
    }
    let result = try job.run(on: table)
    let diagnostics = phases.diagnostics + result.diagnostics
    common.report(diagnostics)
    try FileContents.write(job.writer(table, result).data, to: output)
    if let plot { try draw(diagram, result, to: plot) }
    let placed = result.rows.count { $0 != nil }
    let stable = result.rows.count { ($0?.decompositionEnergy ?? 1) <= 1e-9 }
    if common.json {
      try printJSON(
        Summary(
          output: output, rows: table.rows.count, placed: placed, onHull: stable,
          phases: diagram.phases.count, phaseTable: phaseOptions.name(path), datasets: table.digests,
          errorCorrelation: energyModel == nil ? nil : job.correlation, calibration: job.calibration, seed: common.seed,
          version: SuperionicVersion.current))
    } else if output != FileContents.standardStream, !common.quiet {
      print("\(placed) of \(table.rows.count) rows placed among \(diagram.phases.count) phases, \(stable) on the hull, written to \(output)")
      if energyModel != nil {
        print("errors of the model: correlation \(job.correlation.strength.fixed(2)) nearby, falling over \(job.correlation.length.fixed(3)) of the atoms")
        for threshold in job.calibration?.thresholds ?? [] {
          print("within \((threshold.limit * 1000).fixed(0)) meV/atom: \(threshold.meanPredicted.fixed(3)) predicted, \(threshold.observed.fixed(3)) of \(job.calibration?.rows ?? 0) unseen rows; calibrated")
        }
      }
    }
    try common.enforceStrictness(diagnostics)
  }

  private func draw(_ diagram: PhaseDiagram, _ result: HullJob.Result, to path: String) throws {
    let rows = result.rows.compactMap(\.self)
    let symbols = system?.split(separator: "-").map(String.init) ?? rows.first?.composition.elements.map(\.symbol) ?? []
    let elements = symbols.compactMap { Element($0) }
    guard elements.count == symbols.count, Set(elements).count == elements.count else {
      throw ValidationError("--system takes element symbols joined by -, such as Li-P-S, not \(system ?? "")")
    }
    let shown = rows.compactMap { row in row.energy.map { (row.formula, row.composition, $0) } }
    guard let svg = try HullChart.svg(diagram, elements: elements, shown: shown.map { (name: $0.0, composition: $0.1, energy: $0.2) })
    else {
      throw ValidationError("a hull is drawn for two or three elements, not \(elements.count); name them with --system")
    }
    try writeChart(svg, to: path)
  }

  private struct Summary: Encodable {
    let output: String
    let rows: Int
    let placed: Int
    let onHull: Int
    let phases: Int
    let phaseTable: String
    let datasets: [String]
    let errorCorrelation: ErrorCorrelation?
    let calibration: HullCalibration?
    let seed: UInt64
    let version: String
  }
}
