import ArgumentParser
import Chemistry
import Foundation
import LinearAlgebra
import Reports
import Stability
import Tables

struct BenchHull: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hull", abstract: "Measure phase diagrams: hulls, decompositions, voltage profiles, interfaces.",
    discussion: """
      Every compound of the tables (the bundled phases by default) is evaluated against all of them.

      Example:
        superionic bench hull
        superionic bench hull formation_energy_train.csv formation_energy_val.csv
        superionic bench hull --peer python3
      """)

  @Argument(help: "Tables with formula and eV_per_atom; several are merged.", completion: .file())
  var tables: [String] = []

  @Option(help: "Ask only the formulas of this table.", completion: .file())
  var queries: String?

  @Option(help: "A Python that has pymatgen: both answer the same questions, in turns; times are medians.")
  var peer: String?

  @Option(help: "Compounds that the peer is asked about.")
  var sample = 100

  @Option(help: "Runs of each timing beside the peer.")
  var runs = 5

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard sample > 1, runs > 0 else { throw ValidationError("--sample takes at least 2 and --runs at least 1") }
  }

  func run() throws {
    common.apply()
    let phases = tables.isEmpty ? try PhaseTable.bundled() : try PhaseTable(common.readTables(tables))
    common.report(phases.diagnostics)
    var rows: [Row] = []
    func measure(_ step: String, _ count: Int, _ body: () throws -> Double) rethrows {
      let start = DispatchTime.now().uptimeNanoseconds
      let result = try body()
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      rows.append(Row(step: step, count: count, seconds: seconds, rate: Double(count) / seconds, check: result))
    }
    var diagram = try PhaseDiagram([])
    try measure("index phases", phases.phases.count) {
      diagram = try PhaseDiagram(phases.phases)
      return Double(diagram.phases.count)
    }
    let asked: [Composition]
    if let queries {
      let table = try Table(reading: queries)
      let index = try table.requireIndex(of: "formula")
      asked = table.rows.compactMap { try? Composition(formula: $0.cells[index]) }
    } else {
      asked = phases.phases.map(\.composition)
    }
    func sum<T>(_ results: [Result<T, StabilityError>], _ value: (T) -> Double) -> Double {
      results.reduce(0) { $0 + ((try? $1.get()).map(value) ?? 0) }
    }
    measure("energy of the hull", asked.count) { sum(diagram.hullEnergies(at: asked)) { $0 } }
    measure("decomposition", asked.count) { sum(diagram.decompositions(of: asked)) { Double($0.products.count) } }
    measure("hull without itself", asked.count) { sum(diagram.hullEnergiesExcludingSelf(at: asked)) { $0 } }
    let hosts = asked.filter { $0.contains(.lithium) && $0.entries.count > 1 }.prefix(200)
    measure("voltage profiles", hosts.count) {
      hosts.reduce(0) { $0 + Double((try? diagram.voltageProfile(of: $1).states.count) ?? 0) }
    }
    measure("interfaces", max(0, hosts.count - 1)) {
      zip(hosts, hosts.dropFirst()).reduce(0) {
        $0 + Double((try? diagram.interface(between: $1.0, and: $1.1).kinks.count) ?? 0)
      }
    }
    let beside = try peer.map {
      try HullPeers(phases: diagram.phases, runs: runs, seed: common.seed).compare(
        with: PythonPeer(python: $0, script: HullPeers.script), count: sample)
    }
    if common.json {
      try printJSON(Document(steps: rows, beside: beside))
      return
    }
    var text = TextTable([("step", .left), ("count", .right), ("time / s", .right), ("rate / 1/s", .right), ("check", .right)])
    for row in rows {
      text.append([row.step, "\(row.count)", row.seconds.fixed(3), row.rate.fixed(0), row.check.fixed(3)])
    }
    common.show(text.lines(width: common.width))
    common.say("\(Threads.limit) threads, \(diagram.phases.count) phases; check: a sum over the answers")
    if let beside { common.show(HullPeers.lines(beside, width: common.width)) }
  }

  private struct Document: Encodable {
    let steps: [Row]
    let beside: [HullPeers.Row]?
  }

  private struct Row: Encodable {
    let step: String
    let count: Int
    let seconds: Double
    let rate: Double
    let check: Double
  }
}
