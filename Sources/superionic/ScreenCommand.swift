import ArgumentParser
import CandidateSpaces
import FileIO
import Foundation
import LinearAlgebra
import Modeling
import Reports
import Screening
import Synchronization

struct ScreenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen", abstract: "Find the best candidates of a space, from a thousand to a trillion.",
    discussion: """
      SPACE.toml describes candidates that are never written out; see Notebooks-md/8-cluster-screen.md. The best
      are written as CSV, JSON Lines or SQLite by the ending of OUT, with OUT.provenance.json beside it.
      With --shard I/N only the I-th of N parts is done and OUT is a shard for `superionic merge`; results are
      the same, to the byte, for any N and any number of threads. A stopped job (Ctrl-C, SIGTERM) exits with
      status 4 and goes on with --resume.

      Example:
        superionic screen Datasets/spaces/garnets.toml --model conductivity=conductivity.model --top 100 -o best.csv
      """)

  @Argument(help: "A space file; - reads standard input.", completion: .file())
  var space: String

  @OptionGroup var job: ScreeningJobOptions

  @Option(help: "Only this part of the job, I/N; OUT is then a shard file.")
  var shard: String?

  @Flag(help: "Go on from the checkpoint that a stopped run left (OUT.checkpoint).")
  var resume = false

  @Option(help: "Seconds between checkpoints.")
  var checkpointInterval = 60.0

  @Flag(help: "Print the size of the space, and the first candidates, and stop.")
  var describe = false

  @Flag(help: "Write a Slurm array job and its merge job instead of running.")
  var slurm = false

  @OptionGroup var cluster: SlurmOptions

  @Option(name: .shortAndLong, help: "The file to write: .csv, .jsonl or .sqlite; with --shard, any name.", completion: .file())
  var output: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard describe || output != nil else { throw ValidationError("--output is missing; name the file to write") }
    guard checkpointInterval > 0 else { throw ValidationError("--checkpoint-interval takes seconds above 0") }
    if slurm, shard != nil { throw ValidationError("--slurm writes all shards; leave --shard out") }
    if output == FileContents.standardStream, shard != nil || slurm { throw ValidationError("a shard needs a file, not -") }
    try cluster.validate()
  }

  func run() throws {
    try common.apply(output: output)
    let file = try SpaceFile(reading: space)
    common.report(file.diagnostics)
    if describe {
      try SpaceDescription(file).print(json: common.json)
      return
    }
    guard let output else { return }
    let job = try self.job.job(space: file, seed: common.seed)
    let number = try shard.map { try ShardNumber(parsing: $0) } ?? .whole
    let format = shard == nil ? try ScreeningOutput(path: output) : nil
    if slurm {
      try writeScripts(job, output: output)
      return
    }
    if !common.quiet, !common.json {
      Console.error(
        "\(file.name): at most \(file.space.count.grouped) candidates in \(job.description.tileCount.grouped) tiles of \(job.description.tile.grouped)"
          + (shard == nil ? "" : "; shard \(number)"))
    }

    let isFile = output != FileContents.standardStream
    let checkpoint = isFile ? output + ".checkpoint" : nil
    var run = ScreeningRun(job: job, shard: number)
    run.checkpoint = checkpoint
    run.checkpointInterval = checkpointInterval
    var earlier: ShardFile?
    if resume, let checkpoint, FileManager.default.fileExists(atPath: checkpoint) {
      earlier = try ShardFile(reading: checkpoint)
    }
    Interruption.install()
    let progress = ScreeningProgress(quiet: common.quiet)
    let clock = ContinuousClock()
    let start = clock.now
    guard let finished = try run.run(resuming: earlier, shouldStop: { Interruption.isRequested }, progress: { progress.report($0) })
    else { throw Interrupted(checkpoint: checkpoint) }
    if let format {
      let result = try ScreeningResult(finished)
      try format.write(result, to: output)
      try show(result, seconds: (clock.now - start) / .seconds(1), output: output)
    } else {
      try finished.write(to: output)
      if common.json {
        try printJSON(Part(output: output, shard: "\(number)", candidates: finished.tally.candidates))
      } else if !common.quiet {
        print("shard \(number): \(finished.tally.candidates.grouped) candidates, written to \(output)")
      }
    }
    if let checkpoint { try? FileManager.default.removeItem(atPath: checkpoint) }
    try common.enforceStrictness(file.diagnostics)
  }

  private func show(_ result: ScreeningResult, seconds: Double, output: String) throws {
    let report = ScreeningReport(result)
    if common.json {
      try printJSON(report.document(seconds: seconds, threads: Threads.limit, output: output))
    } else if output != FileContents.standardStream, !common.quiet {
      common.show(report.lines(width: common.width))
      print("\n\(report.footnote(seconds: seconds)), written to \(output)")
    }
  }

  private func writeScripts(_ job: ScreeningJob, output: String) throws {
    let scripts = SlurmScripts(
      program: Bundle.main.executablePath ?? CommandLine.arguments[0], space: space, jobArguments: self.job.arguments(seed: common.seed),
      output: output, settings: cluster.settings, name: job.space.name)
    let paths = try scripts.write()
    if common.json {
      try printJSON(Scripts(scripts: paths, start: scripts.submitPath))
    } else {
      for path in paths { print(path) }
      if !common.quiet { print("start it with: sh \(scripts.submitPath)") }
    }
  }

  private struct Part: Encodable {
    let output: String
    let shard: String
    let candidates: Int
  }

  private struct Scripts: Encodable {
    let scripts: [String]
    /// Submits the jobs.
    let start: String
  }
}

/// What defines a screening job, for `screen` itself and for the scripts it writes.
struct ScreeningJobOptions: ParsableArguments {
  @OptionGroup var files: ModelFileOptions
  @OptionGroup var judgement: JudgementOptions

  @Option(help: "max:NAME or min:NAME. Default: maximise the first model.")
  var objective: String?

  @Option(help: "How many to keep.")
  var top = 1000

  @Option(help: "Temperature in °C for models that know temperature.")
  var temperature = 25.0

  @Flag(help: "Predict every candidate in full instead of leaving those that cannot be among the best.")
  var noPruning = false

  func validate() throws {
    guard (1...10_000_000).contains(top) else { throw ValidationError("--top takes a number from 1 to 10000000, not \(top)") }
    guard temperature > -273.15 else { throw ValidationError("--temperature is in °C, above absolute zero") }
  }

  /// - Throws: `RankingError`, `ModelingError`.
  func job(space: SpaceFile, seed: UInt64) throws -> ScreeningJob {
    let named = try files.modelFiles().map { try ScreeningJob.NamedModel(name: $0.name, reading: $0.path) }
    guard let first = named.first else { throw RankingError.noModels }
    var settings = ScreeningSettings(
      objective: try objective.map { try Objective(parsing: $0) } ?? Objective(model: first.name))
    settings.rule = judgement.acquisition
    settings.constraints = try judgement.parsedConstraints()
    settings.confidence = judgement.confidence
    settings.top = top
    settings.temperature = temperature
    settings.intervalLevel = judgement.interval
    settings.prunes = !noPruning
    settings.seed = seed
    return try ScreeningJob(space: space, models: named, settings: settings)
  }

  /// The same options as arguments.
  func arguments(seed: UInt64) -> [String] {
    var result = files.models.flatMap { ["--model", $0] }
    if let objective { result += ["--objective", objective] }
    result += judgement.constraints.flatMap { ["--constraint", $0] }
    result += [
      "--confidence", "\(judgement.confidence)", "--acquisition", judgement.acquisition.rawValue, "--top", "\(top)",
      "--temperature", "\(temperature)", "--interval", "\(judgement.interval)", "--seed", "\(seed)",
    ]
    return noPruning ? result + ["--no-pruning"] : result
  }
}

/// SIGTERM and SIGINT as a question that a loop can ask.
enum Interruption {
  private static let requested = Atomic(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func install() {
    for number in [SIGTERM, SIGINT] { signal(number) { _ in Interruption.requested.store(true, ordering: .relaxed) } }
  }
}

/// A job was stopped from outside; exits with status 4.
struct Interrupted: Error, CustomStringConvertible {
  let checkpoint: String?
  var description: String {
    checkpoint.map { "stopped; go on with the same command and --resume (checkpoint \($0))" }
      ?? "stopped; results on standard output cannot be resumed"
  }
}
