import Foundation
import LinearAlgebra
import ModelFiles

/// Linear regression that drops features: a mixed L1 and L2 penalty, chosen on groups left out.
///
/// Minimises ‖y − b − X·w‖²/(2n) + a·(r‖w‖₁ + (1 − r)/2·‖w‖²) over standardised features by cyclic
/// coordinate descent along a path of falling a, each started from the last: Friedman, Hastie and
/// Tibshirani, J. Stat. Softw. 33(1) (2010), doi 10.18637/jss.v033.i01. The pair (a, r) with the
/// least mean squared error over folds of whole groups is kept. Mean errors of those folds are the
/// deviation, the same at each row.
///
/// A censored row is used as if it had been measured at its bound. Known noise variances are not
/// used. Fewer rows than features, and constant columns, are fine.
public struct ElasticNetRegressor: Regressor, Hashable, Codable {
  /// Candidates for r, the share of L1, in (0, 1].
  public var ratios: [Double]
  /// Penalties on a path, from the first that drops every feature down to `pathLength` of it.
  public var pathCount: Int
  public var pathLength: Double
  /// A path of these penalties a instead, in the order given.
  public var penalties: [Double]?
  public var folds: Int
  public var seed: UInt64

  public init(
    ratios: [Double] = [0.1, 0.5, 0.9, 1], pathCount: Int = 40, pathLength: Double = 1e-3,
    penalties: [Double]? = nil, folds: Int = 5, seed: UInt64 = 0
  ) {
    self.ratios = ratios
    self.pathCount = pathCount
    self.pathLength = pathLength
    self.penalties = penalties
    self.folds = folds
    self.seed = seed
  }

  private func check(rows: Int) throws(FitError) {
    guard !ratios.isEmpty, ratios.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
      throw .invalidSetting("the L1 shares of an elastic net lie above 0 and at most at 1")
    }
    guard pathCount >= 1, pathLength > 0, pathLength <= 1, folds >= 2 else {
      throw .invalidSetting("an elastic net needs a path of a penalty or more, and 2 folds or more")
    }
    if let penalties, penalties.isEmpty || !penalties.allSatisfy({ $0 > 0 && $0.isFinite }) {
      throw .invalidSetting("an elastic net needs penalties that are finite and above 0")
    }
    guard rows >= 2 else { throw .tooFewRows(needed: 2, found: rows) }
  }

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: O(n·d²) for each fold, and O(d²) for each sweep, of which a penalty takes a few
  ///   to a thousand.
  public func fit(_ original: TrainingSet) throws(FitError) -> ElasticNetModel {
    try check(rows: original.count)
    let data = original.canonicallyOrdered()
    let whole = ElasticNetProblem(data)
    let paths = ratios.map { ratio in
      (ratio: ratio, penalties: penalties ?? whole.path(ratio, pathCount, pathLength))
    }
    let splits = try GroupedFolds.upTo(folds, groups: data.groups, seed: seed)
    let errors = squaredErrors(data, splits, paths)
    var best = (path: 0, penalty: 0)
    for p in paths.indices {
      for k in errors[p].indices where errors[p][k] < errors[best.path][best.penalty] { best = (p, k) }
    }
    let chosen = paths[best.path]
    var weights = [Double](repeating: 0, count: data.featureCount)
    for penalty in chosen.penalties[..<best.penalty] {
      whole.descend(&weights, penalty: penalty, ratio: chosen.ratio, tolerance: ElasticNetProblem.roughTolerance)
    }
    whole.descend(&weights, penalty: chosen.penalties[best.penalty], ratio: chosen.ratio)
    let smallest = leastDeviation(of: data.targets)
    return ElasticNetModel(
      standardizer: whole.standardizer, weights: weights, intercept: whole.intercept,
      penalty: chosen.penalties[best.penalty], ratio: chosen.ratio,
      variance: max(errors[best.path][best.penalty], smallest * smallest))
  }

  /// Mean squared errors of the groups left out, for each path and each of its penalties. On all cores.
  private func squaredErrors(
    _ data: TrainingSet, _ splits: GroupedFolds, _ paths: [(ratio: Double, penalties: [Double])]
  ) -> [[Double]] {
    let parts = (0..<splits.count).map { fold in
      let problem = ElasticNetProblem(data.selecting(splits.trainingRows(fold)))
      let rows = splits.heldOut[fold]
      return (problem: problem, rows: rows, x: problem.standardizer.standardize(data.features.selectingRows(rows)))
    }
    var jobs = [[Double]](repeating: [], count: parts.count * paths.count)
    jobs.withUnsafeMutableBufferPointer { jobs in
      nonisolated(unsafe) let jobs = jobs
      Threads.forEachChunk(of: jobs.count, chunkSize: 1) { range in
        for job in range {
          let (part, rows, x) = parts[job / paths.count]
          let path = paths[job % paths.count]
          var weights = [Double](repeating: 0, count: data.featureCount)
          jobs[job] = path.penalties.map { penalty in
            part.descend(&weights, penalty: penalty, ratio: path.ratio, tolerance: ElasticNetProblem.roughTolerance)
            return zip(rows, x.multiplied(by: weights)).reduce(0) { sum, row in
              let error = data.targets[row.0] - part.intercept - row.1
              return sum + error * error / Double(data.count)
            }
          }
        }
      }
    }
    return paths.indices.map { p in
      paths[p].penalties.indices.map { k in parts.indices.reduce(0) { $0 + jobs[$1 * paths.count + p][k] } }
    }
  }
}

/// The sums that coordinate descent needs of one set of rows.
private struct ElasticNetProblem {
  let standardizer: Standardizer
  let intercept: Double
  /// XᵀX/n and Xᵀy/n of standardised features and centred targets.
  private let gram: Matrix
  private let moments: [Double]
  private let deviation: Double

  static let sweepLimit = 1000
  /// Descent ends when no weight moves by more than this many standard deviations of the target.
  static let tolerance = 1e-11
  /// Enough to choose a penalty by.
  static let roughTolerance = 3e-4

  init(_ data: TrainingSet) {
    standardizer = Standardizer(of: data.features)
    let x = standardizer.standardize(data.features)
    let target = Standardizer.moments(of: data.targets)
    intercept = target.mean
    deviation = target.deviation
    let inverse = 1 / Double(data.count)
    let centred = data.targets.map { target.deviation > 0 ? ($0 - target.mean) * inverse : 0 }
    moments = x.multiplied(by: centred, transposingSelf: true)
    var gram = x.gram
    for i in gram.elements.indices { gram.elements[i] *= inverse }
    self.gram = gram
  }

  /// Penalties from the first at which every weight is 0.
  func path(_ ratio: Double, _ count: Int, _ length: Double) -> [Double] {
    let largest = max((moments.map { abs($0) }.max() ?? 0) / ratio, 1e-12)
    return (0..<count).map { largest * pow(length, count > 1 ? Double($0) / Double(count - 1) : 0) }
  }

  /// Moves `weights` to the minimum: sweeps over all features, and between them over those in use until these are still.
  func descend(_ weights: inout [Double], penalty: Double, ratio: Double, tolerance: Double = Self.tolerance) {
    let d = weights.count
    let least = tolerance * deviation
    let (l1, l2) = (penalty * ratio, penalty * (1 - ratio))
    // pull[j] = (Xᵀy − XᵀX·w)ⱼ/n.
    let products = gram.multiplied(by: weights)
    var pull = zip(moments, products).map { $0 - $1 }
    gram.elements.withUnsafeBufferPointer { gram in
      pull.withUnsafeMutableBufferPointer { pull in
        weights.withUnsafeMutableBufferPointer { weights in
          /// The largest step of a sweep.
          func sweep(onlyUsed: Bool) -> Double {
            var largest = 0.0
            for j in 0..<d {
              let old = weights[j]
              let scale = gram[j * d + j]
              if scale == 0 || (onlyUsed && old == 0) { continue }
              let z = pull[j] + scale * old
              let shrunk = z > l1 ? z - l1 : z < -l1 ? z + l1 : 0
              let new = shrunk / (scale + l2)
              let step = new - old
              if step == 0 { continue }
              weights[j] = new
              for k in 0..<d { pull[k] -= step * gram[j * d + k] }
              largest = max(largest, abs(step))
            }
            return largest
          }
          var sweeps = 0
          while sweeps < Self.sweepLimit, sweep(onlyUsed: false) > least {
            sweeps += 1
            while sweeps < Self.sweepLimit, sweep(onlyUsed: true) > least { sweeps += 1 }
          }
        }
      }
    }
  }
}

/// A sparse linear model fitted by `ElasticNetRegressor`.
public struct ElasticNetModel: LinearPredictor, Equatable {
  public static let kind = "elastic net"

  public let standardizer: Standardizer
  /// d weights of the standardised features, in units of the target; 0 where a feature was dropped.
  public let weights: [Double]
  /// The mean of the targets.
  public let intercept: Double
  /// The penalty a and L1 share r that were kept.
  public let penalty: Double
  public let ratio: Double
  /// Mean squared error on groups left out.
  public let variance: Double

  init(
    standardizer: Standardizer, weights: [Double], intercept: Double, penalty: Double, ratio: Double,
    variance: Double
  ) {
    self.standardizer = standardizer
    self.weights = weights
    self.intercept = intercept
    self.penalty = penalty
    self.ratio = ratio
    self.variance = variance
  }

  /// The line, with the same deviation everywhere. O(m·d).
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let mean = line(standardizer.standardize(features))
    return Prediction(
      mean: mean, standardDeviation: [Double](repeating: variance.squareRoot(), count: mean.count))
  }

  public func archive() -> TensorArchive { TensorArchive(self, scalars: [penalty, ratio, variance]) }

  public init(archive: TensorArchive) throws(ArchiveError) {
    let line = try archive.linearModel(kind: Self.kind, scalars: 3)
    (standardizer, weights) = (line.standardizer, line.weights)
    (intercept, penalty, ratio, variance) = (line.scalars[0], line.scalars[1], line.scalars[2], line.scalars[3])
    guard variance > 0, penalty > 0, ratio > 0, ratio <= 1 else {
      throw .invalid("scalars", reason: "holds a variance or penalty that is not positive")
    }
  }
}
