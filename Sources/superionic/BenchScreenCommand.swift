import ArgumentParser
import CandidateSpaces
import LinearAlgebra
import Reports
import Screening

struct BenchScreenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen", abstract: "Measure what each stage of a screening job costs, and what a whole job would.",
    discussion: """
      One core, CPU time. Operations are those of matrix products and triangular solves; their rate stands beside
      the measured rate of dgemm. With --part, that part of the job is also run from end to end on one thread and on
      all. With --peer, a palette space (elements by `choose`) is screened by SMACT, matminer and scikit-learn as well.

      Example:
        superionic bench screen Datasets/spaces/garnets.toml --model conductivity=conductivity.model --part 1/16
      """)

  @Argument(help: "A space file.", completion: .file())
  var space: String

  @OptionGroup var job: ScreeningJobOptions

  @Option(help: "Candidates to measure on.")
  var candidates = 16_384

  @Option(help: "Run this part of the job, I/N, from end to end.")
  var part: String?

  @Option(help: "A Python that has SMACT, matminer and scikit-learn; for one gp model of magpie descriptors.")
  var peer: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard candidates >= 64 else { throw ValidationError("--candidates takes a number of at least 64") }
  }

  func run() throws {
    common.apply()
    let job = try self.job.job(space: SpaceFile(reading: space), seed: common.seed)
    let product = StageCosts.productRate()
    let costs = try StageCosts.measure(job, candidates: candidates)
    let runs = try part.map { try endToEnd(job, ShardNumber(parsing: $0)) } ?? []
    let race = try peer.map { try ScreeningPeer(python: $0).compare(space: space, options: self.job, job: job) }
    if common.json {
      try printJSON(Document(stages: costs.stages, dgemm: product, runs: runs, peer: race))
      return
    }
    var table = TextTable([
      ("stage", .left), ("µs", .right), ("per second and core", .right), ("kFLOP each", .right), ("GFLOP/s", .right),
      ("of dgemm", .right), ("FLOP/byte", .right),
    ])
    for stage in costs.stages {
      table.append([
        stage.name, (1e6 / stage.rate).fixed(3), Int(stage.rate).grouped,
        stage.operations.map { ($0 / 1e3).fixed(0) } ?? "–", stage.speed.map { ($0 / 1e9).fixed(1) } ?? "–",
        stage.speed.map { ($0 / product).fixed(2) } ?? "–",
        stage.operations.flatMap { operations in stage.bytes.map { (operations / $0).fixed(0) } } ?? "–",
      ])
    }
    common.show(table.lines(width: common.width))
    print("\ndgemm: \((product / 1e9).fixed(1)) GFLOP/s of one core's CPU time, \(Threads.kernels) kernels")
    let shared = costs.stages.dropLast().reduce(0.0) { $0 + 1 / $1.rate }
    let full = (costs.stages.last.map { 1 / $0.rate } ?? 0) + shared
    let hasStage = costs.stages.contains { $0.operations != nil }
    print("\nhours of one core, if all are predicted in full" + (hasStage ? ", and if the first stage leaves all but 2%:" : ":"))
    for (name, count) in [("1e6", 1e6), ("1e8", 1e8), ("1e12", 1e12)] {
      let pruned = hasStage ? "  \((count * (shared + 0.02 * full) / 3600).fixed(3))" : ""
      print("  \(name): \((count * full / 3600).fixed(3))\(pruned)")
    }
    if !runs.isEmpty { print() }
    for run in runs {
      let perProcessor = Int(Double(run.candidates) / run.processorSeconds).grouped
      print(
        "part \(run.part), threads \(run.threads): \(run.candidates.grouped) candidates in \(run.seconds.fixed(2)) s, "
          + "\(Int(run.rate).grouped)/s; \(run.processorSeconds.fixed(2)) s of CPU time, \(perProcessor)/s of it")
    }
    race?.lines.forEach { print($0) }
  }

  /// One run of a part of a job.
  struct Run: Encodable {
    let part: String
    let threads: Int
    let candidates: Int
    let seconds: Double
    let processorSeconds: Double

    var rate: Double { Double(candidates) / seconds }
  }

  private struct Document: Encodable {
    let stages: [StageCosts.Stage]
    let dgemm: Double
    let runs: [Run]
    let peer: ScreeningPeer.Race?
  }

  /// On one thread, then on all.
  private func endToEnd(_ job: ScreeningJob, _ number: ShardNumber) throws -> [Run] {
    let limit = Threads.limit
    defer { Threads.limit = limit }
    return try [1, limit].reduce(into: []) { runs, threads in
      guard runs.last?.threads != threads else { return }
      Threads.limit = threads
      let clock = ContinuousClock()
      let processor = StageCosts.processorSeconds()
      let start = clock.now
      let candidates = try ScreeningRun(job: job, shard: number).run()?.tally.candidates ?? 0
      runs.append(
        Run(
          part: "\(number)", threads: threads, candidates: candidates, seconds: (clock.now - start) / .seconds(1),
          processorSeconds: StageCosts.processorSeconds() - processor))
    }
  }
}
