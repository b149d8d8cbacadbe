import ArgumentParser
import Campaigns
import Chemistry
import Foundation
import LinearAlgebra
import Reports

/// What one step of a campaign costs, by rows measured and size of the pool.
struct BenchCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign", abstract: "Measure a step of a campaign: fit, append, score the pool.",
    discussion: """
      The pool is made of random compositions, so times hold for any. Scoring embeds the compositions, and takes
      mean, variance and log expected improvement of every candidate. A Python named by --peer, which has PHYSBO, does
      a step of its own on as many random rows and columns: it learns its hyperparameters and chooses by expected improvement.

      Example:
        superionic bench campaign --pool 100000
        superionic bench campaign --pool 1000 --pool 10000 --rows 100 --peer python3
      """)

  @Option(name: .customLong("pool"), help: "Candidates (repeatable).")
  var pools: [Int] = [1000, 100_000]

  @Option(name: .customLong("rows"), help: "Measured rows (repeatable).")
  var rows: [Int] = [100, 300, 600]

  @Option(help: "composition, names of descriptor sets, or both, separated by commas.")
  var descriptors = "composition,magpie"

  @Option(help: "A Python that has PHYSBO, to time a step of it beside ours.")
  var peer: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let physbo = try peer.map { try PythonPeer(python: $0, script: Self.script) }
    let machine = MachineRate.measure()
    var steps: [Step] = []
    var generator = SeededGenerator(seed: common.seed)
    for size in pools {
      let pool = (0..<size).map { _ in Self.composition(&generator) }
      let space = try CompositionSpace(pool: Array(pool.prefix(20_000)), descriptors: descriptors)
      for n in rows where n < size {
        let measured = space.embed(Array(pool.prefix(n)))
        let targets = (0..<n).map { _ in generator.normal() }
        let fitStart = Date()
        var process = try LaplaceProcess(fitting: measured, targets: targets)
        let fit = Date().timeIntervalSince(fitStart)
        let appendStart = Date()
        process.append(space.embed([pool[n]]), target: 0)
        let append = Date().timeIntervalSince(appendStart)
        let scoreStart = Date()
        let scorer = PoolScorer(process: process, best: targets.max() ?? 0, seed: 0)
        var best = (-Double.infinity, 0)
        // Blocks, so that a million candidates are never embedded all at once.
        var start = 0
        while start < size {
          let end = min(start + 32_768, size)
          let values = scorer.scores(.expectedImprovement, of: space.embed(Array(pool[start..<end]))).values
          for (i, value) in values.enumerated() where value > best.0 { best = (value, start + i) }
          start = end
        }
        let score = Date().timeIntervalSince(scoreStart)
        // The triangular solve alone is n² operations for each candidate and the mean 2n.
        let operations = Double(size) * Double(n) * Double(n + 2)
        steps.append(
          Step(
            rows: n, pool: size, fitSeconds: fit, appendSeconds: append, scoreSeconds: score,
            candidatesPerSecond: Double(size) / score,
            shareOfDgemm: operations / score / (machine.dgemm * Double(Threads.limit)),
            peerSeconds: physbo?.ask("\(n) \(size) \(space.width) \(common.seed)")?.time))
      }
    }
    if common.json {
      try printJSON(steps)
      return
    }
    var table = TextTable([
      ("rows", .right), ("pool", .right), ("fit / s", .right), ("append / ms", .right), ("score / s", .right),
      ("candidates/s", .right), ("of dgemm", .right),
    ] + (peer == nil ? [] : [("PHYSBO / s", .right), ("ratio", .right)]))
    for one in steps {
      table.append([
        "\(one.rows)", "\(one.pool)", one.fitSeconds.fixed(2), (one.appendSeconds * 1e3).fixed(1),
        one.scoreSeconds.fixed(2), one.candidatesPerSecond.fixed(0), one.shareOfDgemm.fixed(2),
      ] + (peer == nil ? [] : peerCells(one)))
    }
    common.show(table.lines(width: common.width))
  }

  private func peerCells(_ step: Step) -> [String] {
    guard let time = step.peerSeconds else { return ["–", "–"] }
    return [time.fixed(2), (time / (step.fitSeconds + step.scoreSeconds)).fixed(1)]
  }

  private static let script = """
    import contextlib, io, json, sys, time
    import numpy as np, physbo
    for line in sys.stdin:
        known, pool, width, seed = (int(word) for word in line.split())
        random = np.random.default_rng(seed)
        X = random.uniform(size=(pool, width)); y = random.normal(size=known)
        np.random.seed(seed)
        policy = physbo.search.discrete.Policy(test_X=X, initial_data=[np.arange(known), y])
        policy.set_seed(seed)
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            policy.bayes_search(max_num_probes=1, simulator=None, score="EI", interval=0, is_disp=False, num_rand_basis=0)
        print(json.dumps({"time": time.perf_counter() - start}), flush=True)
    """

  private struct Step: Encodable {
    let rows: Int
    let pool: Int
    let fitSeconds: Double
    let appendSeconds: Double
    let scoreSeconds: Double
    let candidatesPerSecond: Double
    let shareOfDgemm: Double
    /// Of a step of PHYSBO.
    let peerSeconds: Double?
  }

  /// Lithium, two cations and two anions in random amounts.
  private static func composition(_ generator: inout SeededGenerator) -> Composition {
    let cations = [11, 19, 12, 20, 38, 56, 13, 31, 49, 21, 39, 57, 22, 40, 14, 32, 50, 15, 51, 41, 73, 30, 5]
    let anions = [8, 16, 34, 17, 35, 53, 9, 7]
    var amounts: [(Element, Double)] = [(.lithium, 0.25 + 10 * generator.uniform())]
    for (choices, count) in [(cations, 2), (anions, 2)] {
      for _ in 0..<count {
        if let element = Element(atomicNumber: choices[generator.index(below: choices.count)]) {
          amounts.append((element, 0.25 + 4 * generator.uniform()))
        }
      }
    }
    // Amounts are positive and finite, so there always is one.
    guard let composition = Composition(amounts) else { preconditionFailure("no composition of \(amounts)") }
    return composition
  }
}
