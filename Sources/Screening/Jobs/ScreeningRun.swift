import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Synchronization

/// Works through one shard of a job, with checkpoints.
public struct ScreeningRun: Sendable {
  public let job: ScreeningJob
  public let shard: ShardNumber
  /// Where to keep the state of an unfinished run.
  public var checkpoint: String?
  /// Seconds between checkpoints.
  public var checkpointInterval = 60.0

  public init(job: ScreeningJob, shard: ShardNumber = .whole) {
    self.job = job
    self.shard = shard
  }

  public struct Progress: Sendable {
    /// Indices done and in all, of this shard.
    public let done: Int
    public let total: Int
    /// Indices done in this run, and the seconds it took.
    public let doneNow: Int
    public let seconds: Double
  }

  /// Candidates evaluated together.
  static let blockSize = 1024

  /// Runs to the end, or until `shouldStop` says so; then a checkpoint is left behind.
  ///
  /// - Parameters:
  ///   - resuming: a checkpoint of this job and shard to go on from.
  ///   - shouldStop: asked several times a second.
  ///   - progress: called as often, with what is done.
  /// - Returns: nil when it was stopped.
  /// - Throws: `ModelingError`, `ShardError`.
  public func run(
    resuming: ShardFile? = nil, shouldStop: @Sendable () -> Bool = { false },
    progress: (Progress) -> Void = { _ in }
  ) throws -> ShardFile? {
    let clock = ContinuousClock()
    let start = clock.now
    let tiles = shard.tiles(of: job.description.tileCount)
    let evaluator = BlockEvaluator(job)
    var state = job.emptyState()
    var next = tiles.lowerBound
    var threshold: Double?
    if let resuming {
      (state, next, threshold) = try resuming.resume(job: job, shard: shard)
    } else if job.settings.prunes, !tiles.isEmpty {
      threshold = try sampleThreshold(evaluator)
    }
    let first = next
    var saved = clock.now
    while next < tiles.upperBound {
      if shouldStop() {
        try save(state, next: next, threshold: threshold)
        return nil
      }
      // A wave is short, so that stops and checkpoints are prompt.
      let wave = next..<min(tiles.upperBound, next + 8 * Threads.limit)
      let part = try evaluate(tiles: wave, by: evaluator, threshold: threshold, floor: state.top.threshold)
      state.merge(part)
      next = wave.upperBound
      let size = { (tile: Int) in min(tile * job.description.tile, job.description.size) }
      progress(
        Progress(
          done: size(next) - size(tiles.lowerBound), total: size(tiles.upperBound) - size(tiles.lowerBound),
          doneNow: size(next) - size(first), seconds: seconds(clock.now - start)))
      if seconds(clock.now - saved) > checkpointInterval, next < tiles.upperBound {
        try save(state, next: next, threshold: threshold)
        saved = clock.now
      }
    }
    return try ShardFile(finished: state, job: job, shard: shard, threshold: threshold)
  }

  private func save(_ state: ScreeningState, next: Int, threshold: Double?) throws {
    guard let checkpoint else { return }
    try ShardFile(unfinished: state, next: next, job: job, shard: shard, threshold: threshold).write(to: checkpoint)
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// Evaluates tiles on all threads; which thread takes which tile does not matter.
  private func evaluate(
    tiles: Range<Int>, by evaluator: BlockEvaluator, threshold: Double?, floor: Double?
  ) throws -> ScreeningState {
    try gather(count: tiles.count, floor: floor ?? -.infinity) { place, state in
      let tile = tiles.lowerBound + place
      let start = tile * job.description.tile
      let end = min(start + job.description.tile, job.description.size)
      state.tally.indices += end - start
      try evaluate(start..<end, by: evaluator, threshold: threshold, into: &state)
    }
  }

  /// Runs `body` for 0..<count on all threads, each with a state of its own, and merges the states.
  private func gather(
    count: Int, floor: Double = -.infinity, _ body: @Sendable (Int, inout ScreeningState) throws -> Void
  ) throws -> ScreeningState {
    let counter = Atomic(0)
    let shared = Mutex<(state: ScreeningState, failure: (any Error)?)>((job.emptyState(floor: floor), nil))
    DispatchQueue.concurrentPerform(iterations: max(1, min(count, Threads.limit))) { _ in
      var state = job.emptyState(floor: floor)
      var failure: (any Error)?
      while failure == nil {
        let next = counter.add(1, ordering: .relaxed).oldValue
        if next >= count { break }
        do { try body(next, &state) } catch { failure = error }
      }
      let (part, problem) = (state, failure)
      shared.withLock {
        $0.state.merge(part)
        if $0.failure == nil { $0.failure = problem }
      }
    }
    let (state, failure) = shared.withLock { $0 }
    if let failure { throw failure }
    return state
  }

  private func evaluate(
    _ range: Range<Int>, by evaluator: BlockEvaluator, threshold: Double?, into state: inout ScreeningState
  ) throws {
    var compositions: [Composition] = []
    var indices: [Int] = []
    compositions.reserveCapacity(Self.blockSize)
    indices.reserveCapacity(Self.blockSize)
    var failure: ModelingError?
    func flush() {
      guard failure == nil else { return }
      do throws(ModelingError) {
        try evaluator.evaluate(compositions, indices: indices, threshold: threshold, into: &state)
      } catch {
        failure = error
      }
      compositions.removeAll(keepingCapacity: true)
      indices.removeAll(keepingCapacity: true)
    }
    let filter = job.space.filter
    job.space.space.forEach(in: range) { index, composition in
      state.tally.candidates += 1
      state.distinct.insert(FormulaKey.stableHash(composition))
      if let reason = filter.rejects(composition) {
        state.tally.filtered[reason.rawValue, default: 0] += 1
        return
      }
      compositions.append(composition)
      indices.append(index)
      if compositions.count == Self.blockSize { flush() }
    }
    flush()
    if let failure { throw failure }
  }

  // MARK: The threshold

  /// Draws for the first sample that the threshold is taken from.
  static let sampleSize = 1 << 16

  /// Draws for a second sample, by the size of the space: as many as make its best rare, without being
  /// a burden to each of some dozen shards.
  private static func secondSampleSize(_ size: Int) -> Int { min(size / 512, 1 << 20) }

  /// The K-th best score of a sample of the space, the same for every shard of a job; nil when the
  /// sample has fewer than K different feasible formulas, or the space is too small to gain.
  private func sampleThreshold(_ evaluator: BlockEvaluator) throws -> Double? {
    let size = job.description.size
    guard job.settings.top > 0, size >= 4 * Self.sampleSize, evaluator.canPrune
    else { return nil }
    var state = try sample(Self.sampleSize, stream: 1, evaluator, threshold: nil)
    let second = Self.secondSampleSize(size)
    if second > Self.sampleSize, let threshold = state.top.threshold {
      state.merge(try sample(second, stream: 2, evaluator, threshold: threshold))
    }
    return state.top.threshold
  }

  private func sample(
    _ count: Int, stream: Int, _ evaluator: BlockEvaluator, threshold: Double?
  ) throws -> ScreeningState {
    let size = job.description.size
    var generator = SeededGenerator(seed: job.settings.seed).stream(stream)
    let draws = Set((0..<count).map { _ in generator.index(below: size) }).sorted()
    let chunk = Self.blockSize
    return try gather(count: (draws.count - 1) / chunk + 1) { place, state in
      let part = draws[place * chunk..<min(draws.count, (place + 1) * chunk)]
      var compositions: [Composition] = []
      var indices: [Int] = []
      for index in part {
        guard let candidate = job.space.space.candidate(at: index), job.space.filter.rejects(candidate) == nil
        else { continue }
        compositions.append(candidate)
        indices.append(index)
      }
      try evaluator.evaluate(compositions, indices: indices, threshold: threshold, into: &state, isSample: true)
    }
  }
}
