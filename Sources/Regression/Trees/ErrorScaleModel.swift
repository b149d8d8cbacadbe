import Foundation
import LinearAlgebra
import ModelFiles

/// A small boosted model of how large the errors of another model are at a row.
///
/// It learns log |error| of rows the other model had not seen; only ratios of its predictions
/// matter, as `ResidualCalibration` sets their scale.
struct ErrorScaleModel: Sendable, Equatable {
  private let start: Double
  private let trees: TreeEnsemble

  /// Relative variances of errors. O(m · trees · depth).
  func variances(_ features: Matrix) -> [Double] {
    trees.sums(features, trees: 0..<trees.count).values.map { exp(2 * (start + $0)) }
  }

  /// The model, and its predictions for each row by models that had not seen the row's group.
  ///
  /// - Parameters:
  ///   - means: predictions of rows in the first `runs` folds, by models that had not seen them.
  static func fit(
    data: TrainingSet, means: [Double], bins: FeatureBins, folds: GroupedFolds, runs: Int,
    seed: UInt64, threads: Int
  ) -> (model: ErrorScaleModel, outOfFold: [Double]) {
    var known = [Bool](repeating: false, count: data.count)
    for rows in folds.heldOut[0..<runs] { for row in rows { known[row] = true } }
    for row in 0..<data.count
    where BoostingLoss.agrees(data.targets[row] - means[row], data.censoring[row]) {
      known[row] = false
    }
    let rows = (0..<data.count).filter { known[$0] }
    var outOfFold = [Double](repeating: 1, count: data.count)
    let constant = ErrorScaleModel(start: 0, trees: TreeEnsemble())
    let errors = rows.map { abs(data.targets[$0] - means[$0]) }
    // An error of zero is luck; a part of the median keeps the logarithm from dwelling on it.
    let offset = errors.isEmpty ? 0 : 0.1 * BoostingLoss.quantile(errors.sorted(), 0.5)
    guard rows.count >= 40, offset > 0 else { return (constant, outOfFold) }
    var logs = [Double](repeating: 0, count: data.count)
    for (row, error) in zip(rows, errors) { logs[row] = log(error + offset) }
    let settings = GradientBoostingRegressor(
      treeCount: 100, learningRate: 0.05, leafCount: 8, minimumLeaf: 20, l2: 1, featureFraction: 0.3)
    guard
      let logData = try? TrainingSet(features: data.features, targets: logs, groups: data.groups)
    else { return (constant, outOfFold) }

    // With one run its own fold is divided again, for want of others.
    let division: [[Int]]
    if runs >= 2 {
      division = folds.heldOut[0..<runs].map { $0.filter { known[$0] } }
    } else {
      let inner = try? GroupedFolds(groups: rows.map { data.groups[$0] }, count: 5, seed: seed)
      guard let inner else { return (constant, outOfFold) }
      division = inner.heldOut.map { $0.map { rows[$0] } }
    }
    let root = SeededGenerator(seed: seed).stream(-1)
    var results = [BoostingRun.Result](repeating: BoostingRun.Result(), count: division.count + 1)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      Threads.forEachChunk(of: division.count + 1, chunkSize: 1, limit: threads) { chunk in
        for part in chunk {
          let out = part < division.count ? Set(division[part]) : []
          let run = BoostingRun(settings: settings, data: logData, bins: bins, threads: 1)
          let remaining = rows.filter { !out.contains($0) }
          guard !remaining.isEmpty else { continue }
          results[part] = run.fit(rows: remaining, generator: root.stream(part))
        }
      }
    }
    for (part, out) in division.enumerated() where !out.isEmpty {
      let model = ErrorScaleModel(start: results[part].start, trees: results[part].trees)
      let variances = model.variances(data.features.selectingRows(out))
      for (k, row) in out.enumerated() { outOfFold[row] = variances[k] }
    }
    let whole = results[division.count]
    return (ErrorScaleModel(start: whole.start, trees: whole.trees), outOfFold)
  }

  private init(start: Double, trees: TreeEnsemble) {
    self.start = start
    self.trees = trees
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("start", [start])
    trees.write(to: &archive)
    return archive
  }

  init(archive: TensorArchive, featureCount: Int) throws(ArchiveError) {
    start = try archive.finiteDoubles("start", shape: [1])[0]
    trees = try TreeEnsemble(from: archive, featureCount: featureCount)
  }
}
