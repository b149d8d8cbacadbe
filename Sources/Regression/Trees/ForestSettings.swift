import LinearAlgebra

/// What random forests and extra trees have in common.
public struct ForestSettings: Sendable, Hashable, Codable {
  /// The number of trees; more are never worse, only slower.
  public var treeCount: Int
  /// The fraction of features that compete at each node, in (0, 1].
  public var featureFraction: Double
  /// The least number of rows in a leaf.
  public var minimumLeaf: Int
  /// The greatest number of splits above a leaf; nil for no limit.
  public var maximumDepth: Int?
  /// Each tree leaves out one of this many sets of whole groups, at least 2.
  public var heldOutFolds: Int
  public var seed: UInt64
  /// Threads to use; nil for all cores. Never changes the result.
  public var threads: Int?

  public init(
    treeCount: Int = 400, featureFraction: Double = 0.4, minimumLeaf: Int = 2,
    maximumDepth: Int? = nil, heldOutFolds: Int = 10, seed: UInt64 = 0, threads: Int? = nil
  ) {
    self.treeCount = treeCount
    self.featureFraction = featureFraction
    self.minimumLeaf = minimumLeaf
    self.maximumDepth = maximumDepth
    self.heldOutFolds = heldOutFolds
    self.seed = seed
    self.threads = threads
  }

  private func check(rows: Int) throws(FitError) {
    guard treeCount >= 1 else { throw .invalidSetting("a forest needs at least one tree") }
    guard featureFraction > 0, featureFraction <= 1 else {
      throw .invalidSetting("the feature fraction of a forest lies above 0 and at most at 1")
    }
    guard minimumLeaf >= 1, maximumDepth ?? 1 >= 1 else {
      throw .invalidSetting("leaves of a forest hold at least one row and lie at depth 1 or more")
    }
    guard heldOutFolds >= 2 else {
      throw .invalidSetting("a forest needs at least 2 held-out folds to calibrate its deviations")
    }
    guard rows >= 2 else { throw .tooFewRows(needed: 2, found: rows) }
  }

  func fit(
    _ original: TrainingSet, drawsThresholds: Bool, bootstraps: Bool
  ) throws(FitError) -> ForestModel {
    try grow(original, drawsThresholds: drawsThresholds, bootstraps: bootstraps, remembering: false).model
  }

  /// What a forest was grown on, for models that ask more of it than means.
  struct Growth {
    let model: ForestModel
    /// The training rows in canonical order.
    let data: TrainingSet
    /// Nil unless it was to remember.
    let memory: ForestMemory?
    /// Sets of rows, each with the trees that saw none of them nor of their groups.
    let heldOut: [(rows: [Int], trees: Range<Int>)]
  }

  func grow(
    _ original: TrainingSet, drawsThresholds: Bool, bootstraps: Bool, remembering: Bool
  ) throws(FitError) -> Growth {
    try check(rows: original.count)
    let data = original.canonicallyOrdered()
    let n = data.count
    let bins = FeatureBins(data.features)
    let moments = Standardizer.moments(of: data.targets)
    let centred = data.targets.map { $0 - moments.mean }
    let sums = QuantizedSums(rowCount: n, largest: centred.map { abs($0) }.max() ?? 0)
    let packed = centred.map { sums.pack($0) }
    let folds = try GroupedFolds.upTo(min(heldOutFolds, treeCount), groups: data.groups, seed: seed)
    let samples = (0..<folds.count).map { folds.trainingRows($0).map { Int32($0) } }
    let grower = ForestTreeGrower(
      bins: bins,
      candidates: max(1, Int((featureFraction * Double(bins.splittable.count)).rounded())),
      minimumLeaf: minimumLeaf, maximumDepth: maximumDepth ?? .max,
      drawsThresholds: drawsThresholds)
    let root = SeededGenerator(seed: seed)

    var grown = [GrownTree](repeating: GrownTree(), count: treeCount)
    var drawn = [[Int32]](repeating: [], count: remembering ? treeCount : 0)
    grown.withUnsafeMutableBufferPointer { grown in
      drawn.withUnsafeMutableBufferPointer { drawn in
        nonisolated(unsafe) let (grown, drawn) = (grown, drawn)
        Threads.forEachChunk(of: treeCount, chunkSize: 1, limit: threads ?? Threads.limit) { chunk in
          for t in chunk {
            var generator = root.stream(t + 1)
            var sample = samples[t % samples.count]
            if bootstraps {
              let whole = sample
              for i in sample.indices { sample[i] = whole[generator.index(below: whole.count)] }
              sample.sort()
            }
            grown[t] = grower.grow(
              sample: sample, targets: centred, packed: packed, sums: sums, generator: &generator)
            if remembering { drawn[t] = sample }
          }
        }
      }
    }
    // Trees that leave out the same fold stand together.
    var trees = TreeEnsemble()
    var ranges: [Range<Int>] = []
    var samplesInOrder: [[Int32]] = []
    for fold in 0..<folds.count {
      let start = trees.count
      for t in stride(from: fold, to: treeCount, by: folds.count) {
        trees.append(grown[t])
        if remembering { samplesInOrder.append(drawn[t]) }
      }
      ranges.append(start..<trees.count)
    }
    grown = []

    var means = [Double](repeating: 0, count: n)
    var variances = means
    for (fold, rows) in folds.heldOut.enumerated() {
      let local = ForestModel.moments(
        trees, data.features.selectingRows(rows), trees: ranges[fold],
        threads: threads ?? Threads.limit)
      for (k, row) in rows.enumerated() {
        means[row] = local.mean[k]
        variances[row] = local.variance[k]
      }
    }
    let calibration = ResidualCalibration(
      targets: centred, censoring: data.censoring, means: means, variances: variances,
      smallest: leastDeviation(of: data.targets))
    let model = ForestModel(
      featureCount: data.featureCount, intercept: moments.mean, trees: trees,
      calibration: calibration)
    let memory =
      remembering
      ? ForestMemory(
        targets: data.targets, samples: samplesInOrder,
        leaves: trees.leaves(data.features, trees: 0..<trees.count)) : nil
    return Growth(
      model: model, data: data, memory: memory,
      heldOut: zip(folds.heldOut, ranges).map { (rows: $0, trees: $1) })
  }
}

/// A limit below which no model claims to be sure: rounding, relative to the targets.
package func leastDeviation(of targets: [Double]) -> Double {
  let largest = targets.map { abs($0) }.max() ?? 0
  return max(1e-9 * largest, 1e-100)
}

extension GroupedFolds {
  /// As many folds as there are groups, up to `count`; with one group, folds of rows.
  ///
  /// - Throws: `FitError.tooFewRows` for a single row.
  package static func upTo(_ count: Int, groups: [Int], seed: UInt64) throws(FitError) -> GroupedFolds {
    let groupCount = Set(groups).count
    let labels = groupCount < 2 ? Array(groups.indices) : groups
    let folds = max(2, min(count, groupCount < 2 ? groups.count : groupCount))
    do throws(FoldError) {
      return try GroupedFolds(groups: labels, count: folds, seed: seed)
    } catch {
      throw .tooFewRows(needed: 2, found: groups.count)
    }
  }
}
