import ArgumentParser
import CompositionNetworks
import Foundation
import LinearAlgebra
import Modeling
import Regression
import Reports

struct BenchNetwork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "Measure composition networks, beside PyTorch where it is; or what their parts are worth.",
    discussion: """
      Rates are of rows through one network, medians of runs that take turns with the peer's; with --model, of blocks
      of compositions through a trained model: mean and deviation, with its neighbours and hull. --ablation trains
      networks of several designs on the same chemical systems, a tenth of them held out.

      Example:
        superionic bench network formation_energy_train.csv --peer python3
        superionic bench network formation_energy_train.csv --ablation --seconds 40
      """)

  @Argument(help: "A CSV file of formulas and energies.", completion: .file())
  var table: String

  @Option(help: "The column of energies.")
  var target = "eV_per_atom"

  @Option(help: "A Python that has PyTorch.")
  var peer: String?

  @Option(help: "A model file whose blocks of compositions are timed too.", completion: .file())
  var model: String?

  @Option(help: "Rows of each run.")
  var rows = 20_480

  @Option(help: "Runs of each timing.")
  var runs = 5

  @Flag(help: "Compare designs, numbers of neighbours and shares of the rows, and measures of doubt.")
  var ablation = false

  @Option(help: "Of --ablation: seconds on two cores that each training may take.")
  var seconds = 40.0

  @Option(help: "Of --ablation: the parts, separated by commas: design, neighbours, rows, doubt, split.")
  var parts = "design,neighbours,rows,doubt"

  @OptionGroup var common: CommonOptions

  private static let knownParts = ["design", "neighbours", "rows", "doubt", "split"]

  func validate() throws {
    guard rows >= 512, runs >= 1, seconds > 0 else {
      throw ValidationError("--rows takes at least 512, --runs at least 1, --seconds more than 0")
    }
    guard parts.split(separator: ",").allSatisfy({ Self.knownParts.contains(String($0)) }) else {
      throw ValidationError("--parts takes names out of \(Self.knownParts.joined(separator: ", ")), not \"\(parts)\"")
    }
  }

  func run() throws {
    common.apply()
    let options = ModelingOptions(target: target, model: .network, seed: common.seed)
    let data = try Measurements(common.readTables([table]), options: options)
    if ablation { try study(data, options) } else { try rates(data) }
  }

  // MARK: Rates

  private struct Rate: Encodable {
    let what: String
    /// Rows per second.
    let rate: Double
    let peerRate: Double?
    /// Median of the ratios of runs that followed each other.
    let ratio: Double?
  }

  private func rates(_ data: Measurements) throws {
    let machine = MachineRate.measure().dgemm
    let kept = data.rows.filter { $0.censoring == .none }
    let known = KnownCompositions(kept.map(\.sample.composition), values: kept.map(\.target), hull: .never)
    let python = try peer.map { try PythonPeer(python: $0, script: NetworkPeers.script) }
    var found: [Rate] = []
    for (name, shape) in shapes {
      let bench = NetworkBenchmark(known, rows: rows, shape: shape, seed: common.seed)
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("superionic-network-\(UUID().uuidString).bin")
      defer { try? FileManager.default.removeItem(at: file) }
      if python != nil { try bench.data().write(to: file) }
      let sizes = String(decoding: try JSONEncoder().encode(bench.network.shape), as: UTF8.self)
      for task in ["train", "predict"] {
        var (ours, theirs): ([Double], [Double]) = ([], [])
        // The first of each warms up.
        for run in 0...runs {
          let time = MachineRate.best(of: 1) {
            if task == "train" { bench.train(seed: UInt64(run)) } else { bench.predict() }
          }
          let answer = python?.ask("\(task) \(file.path) \(Threads.limit) \(NetworkBenchmark.batch) \(sizes)")
          guard run > 0 else { continue }
          ours.append(time)
          if let answer { theirs.append(answer.time) }
        }
        found.append(
          Rate(
            what: "\(task), \(name)", rate: Double(bench.rows) / BenchSummary.median(ours),
            peerRate: theirs.isEmpty ? nil : Double(bench.rows) / BenchSummary.median(theirs),
            ratio: theirs.isEmpty ? nil : BenchSummary.median(zip(ours, theirs).map { $1 / $0 })))
      }
    }
    if let model { found += try blocks(PropertyModel(named: model), data) }
    if common.json {
      try printJSON(found)
      return
    }
    common.say("dgemm on \(Threads.limit) threads: \((machine / 1e9).fixed(1)) GFLOP/s; \(rows) rows, batches of \(NetworkBenchmark.batch)\n")
    var lines = TextTable([("what", .left), ("rows/s", .right), ("PyTorch", .right), ("ratio", .right)])
    for one in found {
      lines.append([one.what, one.rate.fixed(0), one.peerRate?.fixed(0) ?? "–", one.ratio?.fixed(2) ?? "–"])
    }
    common.show(lines.lines(width: common.width))
  }

  private var shapes: [(String, CompositionNetwork.Shape)] {
    let direct = CompositionNetwork.Shape()
    var recall = direct
    recall.neighbours = CompositionNetworkRegressor.defaultNeighbours
    return [("formula alone", direct), ("compact", .compact), ("16 neighbours", recall)]
  }

  /// Compositions through a whole model.
  private func blocks(_ model: PropertyModel, _ data: Measurements) throws -> [Rate] {
    let samples = Array(data.rows.prefix(rows)).map(\.sample)
    var times: [Double] = []
    for run in 0...runs {
      let time = try ContinuousClock().measure { _ = try model.predict(samples) }
      if run > 0 { times.append(time / .seconds(1)) }
    }
    return [Rate(what: "predict, \(model.summary)", rate: Double(samples.count) / BenchSummary.median(times), peerRate: nil, ratio: nil)]
  }

  // MARK: Ablation

  private struct Findings: Encodable {
    var lines: [NetworkStudy.Line] = []
    var doubts: [NetworkStudy.DoubtLine] = []
  }

  private func study(_ data: Measurements, _ options: ModelingOptions) throws {
    let regressor = CompositionNetworkRegressor(targetsAreEnergies: target.hasSuffix("eV_per_atom"), seed: common.seed)
    let study = try NetworkStudy(on: data.trainingSet(options: options), regressor: regressor)
    let both = NetworkDesign(usesHull: true, neighbours: CompositionNetworkRegressor.defaultNeighbours)
    var jobs: [(part: String, name: String, designs: [NetworkDesign]?, share: Double)] = []
    for part in parts.split(separator: ",").map(String.init) {
      switch part {
      case "design":
        jobs += [
          (part, "direct", [.direct], 1), (part, "hull", [NetworkDesign(usesHull: true)], 1),
          (part, "recall", [NetworkDesign(neighbours: both.neighbours)], 1), (part, "both", [both], 1),
          (part, "ensemble: direct and both", [both, .direct], 1),
        ]
      case "neighbours":
        jobs += [1, 4, 16, 64].map {
          (part, "\($0) neighbour\($0 == 1 ? "" : "s")", [NetworkDesign(usesHull: true, neighbours: $0)], 1)
        }
      case "rows": jobs += [0.1, 0.3, 1].map { (part, "\(Int($0 * 100))% of the rows", [both], $0) }
      case "split": jobs += [(part, "one network", [both], 1), (part, "ensemble as trained", nil, 1)]
      default: break
      }
    }
    let asksDoubt = parts.split(separator: ",").contains("doubt")
    let progress = ProgressReporter("training", quiet: common.quiet)
    var findings = Findings()
    let total = jobs.count + (asksDoubt ? 1 : 0)
    for job in jobs {
      findings.lines.append(
        try study.line(job.part, job.name, designs: job.designs, seconds: seconds, share: job.share))
      progress.report(findings.lines.count, of: total)
    }
    if asksDoubt {
      findings.doubts = try study.doubts(designs: [both, .direct], seconds: seconds)
      progress.report(total, of: total)
    }
    if common.json {
      try printJSON(findings)
      return
    }
    common.say("\(study.trainingCount) rows to train on, \(study.heldCount) of other chemical systems held out; \(seconds.fixed(0)) s for each\n")
    var lines = TextTable([
      ("part", .left), ("network", .left), ("rows", .right), ("epochs", .right), ("time / s", .right), ("MAE", .right),
      ("NLPD", .right), ("in 90%", .right),
    ])
    for one in findings.lines {
      lines.append([
        one.part, one.name, "\(one.trainingRows)", "\(one.epochs)", one.seconds.fixed(0), one.meanAbsoluteError.fixed(4),
        one.negativeLogPredictiveDensity.fixed(3), one.coverage.fixed(3),
      ])
    }
    if !findings.lines.isEmpty { common.show(lines.lines(width: max(110, common.width))) }
    guard !findings.doubts.isEmpty else { return }
    common.say("\nMeasures of doubt, calibrated on half of the held-out systems and scored on the other, by distance from the nearest known composition:\n")
    var doubts = TextTable([
      ("doubt", .left), ("distance", .left), ("rows", .right), ("MAE", .right), ("NLPD", .right), ("in 90%", .right),
      ("width", .right),
    ])
    for one in findings.doubts {
      let range = one.from.map { low in one.to.map { "\(low.fixed(0)) to \($0.fixed(0))" } ?? "beyond \(low.fixed(0))" } ?? "all"
      doubts.append([
        one.doubt, range, "\(one.rows)", one.meanAbsoluteError.fixed(4), one.negativeLogPredictiveDensity.fixed(3),
        one.coverage.fixed(3), one.width.fixed(3),
      ])
    }
    common.show(doubts.lines(width: max(110, common.width)))
  }
}
