import Chemistry
import Foundation
import LinearAlgebra
import Modeling

/// What each stage of a screening job costs on one core, measured on candidates of its space.
///
/// Times are CPU times of the measuring thread, so other work on the machine hardly disturbs them.
public struct StageCosts: Sendable {
  public struct Stage: Sendable, Encodable {
    public let name: String
    /// Candidates, or indices for the enumeration.
    public let count: Int
    public let seconds: Double
    /// Floating-point operations of matrix products and triangular solves for each candidate; nil
    /// for stages without.
    public let operations: Double?
    /// Bytes read from and written to memory beyond the cache for each candidate, an estimate.
    public let bytes: Double?

    public var rate: Double { Double(count) / max(seconds, 1e-12) }
    /// Operations per second.
    public var speed: Double? { operations.map { $0 * rate } }
  }

  public let stages: [Stage]

  /// Measures the stages of a job on so many candidates, or on all if the space holds fewer.
  ///
  /// - Throws: `ModelingError`.
  public static func measure(_ job: ScreeningJob, candidates: Int = 16_384) throws(ModelingError) -> StageCosts {
    let space = job.space.space
    var compositions: [Composition] = []
    var indices = 0
    // Ranges spread over the space, so that sparse parts count as they are.
    let starts = 64
    let enumeration = cpuSeconds {
      for part in 0..<starts {
        var position = space.count / starts * part
        let end = part == starts - 1 ? space.count : space.count / starts * (part + 1)
        while compositions.count < candidates * (part + 1) / starts, position < end {
          let range = position..<min(end, position + 256)
          space.forEach(in: range) { compositions.append($1) }
          indices += range.count
          position = range.upperBound
        }
      }
    }
    var kept: [Composition] = []
    let filtering = cpuSeconds { kept = compositions.filter { job.space.filter.rejects($0) == nil } }
    let hashing = cpuSeconds {
      var sketch = DistinctSketch()
      for composition in compositions { sketch.insert(FormulaKey.stableHash(composition)) }
    }
    let model = BlockModel(
      job.models[job.objectiveIndex].model, temperature: job.settings.temperature,
      boundingDeviations: job.settings.rule != .mean)
    var (featurizing, staging, predicting) = (0.0, 0.0, 0.0)
    var failure: ModelingError?
    var width = 0
    for start in stride(from: 0, to: kept.count, by: ScreeningRun.blockSize) {
      let block = Array(kept[start..<min(kept.count, start + ScreeningRun.blockSize)])
      var rows = Matrix(rows: 0, columns: 0)
      featurizing += cpuSeconds { rows = model.features(of: block) }
      width = rows.columns
      if let stage = model.firstStage { staging += cpuSeconds { stage.withEstimates(of: rows) { _ in } } }
      predicting += cpuSeconds {
        do throws(ModelingError) { _ = try model.predict(rows) } catch { failure = error }
      }
    }
    if let failure { throw failure }
    let stage = model.firstStage
    let rowBytes = Double(8 * width)
    var stages = [
      Stage(name: "enumerate", count: indices, seconds: enumeration, operations: nil, bytes: nil),
      Stage(name: "filter", count: compositions.count, seconds: filtering, operations: nil, bytes: nil),
      Stage(name: "count formulas", count: compositions.count, seconds: hashing, operations: nil, bytes: nil),
      Stage(name: "featurize", count: kept.count, seconds: featurizing, operations: nil, bytes: rowBytes),
    ]
    if let stage {
      stages.append(
        Stage(name: "first stage (single)", count: kept.count, seconds: staging, operations: stage.operations, bytes: rowBytes))
    }
    stages.append(
      Stage(
        name: "exact mean and deviation", count: kept.count, seconds: predicting,
        operations: stage?.exactOperations, bytes: nil))
    return StageCosts(stages: stages)
  }

  /// Operations per second of CPU time that a large product reaches on the calling thread: what the
  /// speeds of stages are held against. The best of several runs.
  public static func productRate() -> Double {
    let order = 768
    let a = [Double](repeating: 0.5, count: order * order)
    var product = a
    var shortest = Double.infinity
    for _ in 0..<5 {
      let seconds = cpuSeconds {
        SerialProducts.multiply(a, order, a, order, transposed: true, into: &product, order, m: order, n: order, k: order)
      }
      shortest = min(shortest, seconds)
    }
    return 2 * Double(order * order * order) / max(shortest, 1e-9)
  }

  /// CPU time of all threads of this process so far.
  public static func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  /// CPU time of the calling thread.
  private static func cpuSeconds(_ body: () -> Void) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    let start = now()
    body()
    return now() - start
  }
}
