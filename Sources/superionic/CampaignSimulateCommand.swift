import ArgumentParser
import Campaigns
import FileIO
import Foundation
import Modeling
import Reports
import Tables

extension AcquisitionKind: ExpressibleByArgument {}

struct CampaignSimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Replay a campaign on a labelled table, many times, against baselines.",
    discussion: """
      Every run starts from a few rows without the best tenth and measures one row after another until it has
      found a share of the best ones. Prints how many experiments that took and the acceleration over chance
      (Liang et al., npj Comput. Mater. 7, 188 (2021)).

      Example:
        superionic campaign simulate Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --where temperature_C=20..30 --seeds 4 --charts results/simulation
      """)

  @Argument(help: "CSV files with formulas and the target.", completion: .file())
  var inputs: [String]

  @Option(help: "The column that holds the answers.")
  var target: String

  @Flag(help: "Take log10 of the target.")
  var log10 = false

  @Flag(help: "Small values are sought.")
  var minimise = false

  @OptionGroup var tables: CampaignTableOptions

  @Option(name: .customLong("acquisition"), help: "What to compare (repeatable).")
  var policies: [AcquisitionKind] = [.search, .expectedImprovement, .greedy, .spaceFilling, .random]

  @Option(help: "How many starts.")
  var seeds = 50

  @Option(help: "Rows known at the start.")
  var start = 10

  @Option(help: "The share of rows that counts as the best.")
  var top = 0.05

  @Option(help: "The share of the best that a run has to find.")
  var goal = 0.5

  @Option(help: "Experiments that every run makes at least, for the curves.")
  var experiments = 50

  @Option(help: "A folder for SVG charts.", completion: .directory)
  var charts: String?

  @Option(help: "A CSV file for the descriptors the surrogate sees, so that another program can be run on the same.", completion: .file())
  var points: String?

  @Option(help: "A Python with PHYSBO and scikit-learn, to run both from the same starts.")
  var peer: String?

  @Option(name: .shortAndLong, help: "A JSON file with everything, rows and starts included; - for standard output.", completion: .file())
  var output: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard seeds > 0 else { throw ValidationError("--seeds takes a number of at least 1, not \(seeds)") }
    guard start > 1 else { throw ValidationError("--start takes a number of at least 2, not \(start)") }
    guard top > 0, top < 0.5 else { throw ValidationError("--top takes a share between 0 and 0.5, not \(top)") }
    guard goal > 0, goal <= 1 else { throw ValidationError("--goal takes a share between 0 and 1, not \(goal)") }
  }

  func run() throws {
    try common.apply(output: output)
    let table = try tables.filtered(common.readTables(inputs))
    let (pool, diagnostics) = try SimulatedPool.read(
      table, target: target, log10: log10, formulaColumn: tables.formulaColumn, isMinimised: minimise, topFraction: top,
      startCount: start)
    common.report(diagnostics)
    let simulation = CampaignSimulation(
      policies: policies, seeds: seeds, firstSeed: common.seed, startCount: start, goalShare: goal,
      minimumExperiments: experiments, descriptors: tables.descriptors)
    nonisolated(unsafe) let progress = ProgressReporter("simulating", quiet: common.quiet)
    var result = try simulation.run(on: pool) { progress.report($0, of: $1) }
    if let peer {
      try SimulationPeers(python: peer).join(
        &result, points: embedded(pool), least: experiments, seed: common.seed)
    }
    let name = inputs.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }.joined(separator: " + ")
    let report = SimulationReport(result, title: name)
    if let charts {
      for chart in report.charts() { try FileContents.write(Data(chart.svg.utf8), to: charts + "/" + chart.name) }
    }
    if let points { try writePoints(of: pool, to: points) }
    let document = Output(
      version: SuperionicVersion.current, datasets: table.digests, target: target, log10: log10, where: tables.filters,
      descriptors: tables.descriptors, seed: common.seed, result: report.document)
    if let output {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try FileContents.write(try encoder.encode(document), to: output)
    }
    if common.json { try printJSON(document) } else { common.show(report.lines(width: common.width)) }
    try common.enforceStrictness(diagnostics)
  }

  /// One row for each usable row of the pool, with its target; larger is better.
  private func writePoints(of pool: SimulatedPool, to path: String) throws {
    let points = try embedded(pool)
    var writer = CSVWriter(columns: ["formula", "target"] + (points.first?.indices.map { "x\($0)" } ?? []))
    for (row, point) in points.enumerated() {
      writer.append([pool.names[row], CSVWriter.number(pool.targets[row])] + point.map { "\(Float($0))" })
    }
    try FileContents.write(writer.data, to: path)
  }

  /// What the surrogate sees of each row.
  private func embedded(_ pool: SimulatedPool) throws -> [[Double]] {
    let space = try CompositionSpace(pool: pool.compositions, descriptors: tables.descriptors)
    let points = space.embed(pool.compositions)
    return (0..<pool.count).map { row in points.values[row * space.width..<(row + 1) * space.width].map(Double.init) }
  }

  private struct Output: Encodable {
    let version: String
    let datasets: [String]
    let target: String
    let log10: Bool
    let `where`: [String]
    let descriptors: String
    let seed: UInt64
    let result: SimulationDocument
  }
}
