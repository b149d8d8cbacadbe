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
      the measured rate of dgemm.

      Example:
        superionic bench screen Datasets/spaces/garnets.toml --model conductivity=conductivity.model
      """)

  @Argument(help: "A space file.", completion: .file())
  var space: String

  @OptionGroup var job: ScreeningJobOptions

  @Option(help: "Candidates to measure on.")
  var candidates = 16_384

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard candidates >= 64 else { throw ValidationError("--candidates takes a number of at least 64") }
  }

  func run() throws {
    common.apply()
    let job = try self.job.job(space: SpaceFile(reading: space), seed: common.seed)
    let product = StageCosts.productRate()
    let costs = try StageCosts.measure(job, candidates: candidates)
    if common.json {
      try printJSON(costs.stages)
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
  }
}
