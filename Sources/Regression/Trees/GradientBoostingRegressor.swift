import LinearAlgebra
import ModelFiles

/// Gradient boosting: small trees, each fitted to what those before it leave unexplained.
///
/// Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29,
/// 1189–1232 (2001), doi 10.1214/aos/1013203451. Trees grow leaf by leaf on histograms of at most
/// 255 bins, as in LightGBM (Ke et al., NeurIPS 2017), whose settings have their counterparts here.
///
/// The model is the mean of `members` boosting runs, each of which leaves out one tenth of the
/// groups. Their errors there train a small second model of the error's size at each row, and
/// calibrate it (`ResidualCalibration`), so that deviations tell easy rows from hard ones.
///
/// Censored rows are used as bounds (`BoostingLoss`). Known noise variances are not used.
public struct GradientBoostingRegressor: Regressor, Hashable, Codable {
  public struct EarlyStopping: Sendable, Hashable, Codable {
    /// Stop after this many trees without a smaller loss on the groups held back.
    public var patience: Int
    /// The part of the groups held back from each run, in (0, 0.5].
    public var heldBackFraction: Double

    public init(patience: Int = 50, heldBackFraction: Double = 0.1) {
      self.patience = patience
      self.heldBackFraction = heldBackFraction
    }
  }

  public var loss: BoostingLoss
  /// Trees of each run, or the most there may be with early stopping.
  public var treeCount: Int
  public var learningRate: Double
  /// The greatest number of leaves of a tree.
  public var leafCount: Int
  /// The least number of rows in a leaf.
  public var minimumLeaf: Int
  /// Added to the number of rows of a leaf when its value is made.
  public var l2: Double
  /// The part of the features each tree may use, in (0, 1].
  public var featureFraction: Double
  /// The part of the rows each tree learns from, in (0, 1].
  public var rowFraction: Double
  public var earlyStopping: EarlyStopping?
  /// Runs to average, 1 to 10; nil for 10 up to 5,000 rows, 4 up to 20,000, and 1 beyond.
  public var members: Int?
  public var seed: UInt64
  /// Threads to use; nil for all cores. Never changes the result.
  public var threads: Int?

  public init(
    loss: BoostingLoss = .squared, treeCount: Int = 400, learningRate: Double = 0.03,
    leafCount: Int = 15, minimumLeaf: Int = 20, l2: Double = 0, featureFraction: Double = 0.3,
    rowFraction: Double = 1, earlyStopping: EarlyStopping? = nil, members: Int? = nil,
    seed: UInt64 = 0, threads: Int? = nil
  ) {
    self.loss = loss
    self.treeCount = treeCount
    self.learningRate = learningRate
    self.leafCount = leafCount
    self.minimumLeaf = minimumLeaf
    self.l2 = l2
    self.featureFraction = featureFraction
    self.rowFraction = rowFraction
    self.earlyStopping = earlyStopping
    self.members = members
    self.seed = seed
    self.threads = threads
  }

  func check(rows: Int) throws(FitError) {
    try loss.check()
    guard treeCount >= 1, learningRate > 0, learningRate <= 1 else {
      throw .invalidSetting("boosting needs at least one tree and a learning rate in (0, 1]")
    }
    guard leafCount >= 2, minimumLeaf >= 1, l2 >= 0, l2.isFinite else {
      throw .invalidSetting("boosted trees need two leaves or more, of a row or more, and l2 ≥ 0")
    }
    guard featureFraction > 0, featureFraction <= 1, rowFraction > 0, rowFraction <= 1 else {
      throw .invalidSetting("the feature and row fractions of boosting lie above 0 and at most at 1")
    }
    if let stopping = earlyStopping {
      guard stopping.patience >= 1, stopping.heldBackFraction > 0, stopping.heldBackFraction <= 0.5
      else {
        throw .invalidSetting("early stopping needs patience and at most half of the groups")
      }
    }
    guard members ?? 1 >= 1, members ?? 1 <= Self.foldCount else {
      throw .invalidSetting("boosting averages 1 to \(Self.foldCount) runs")
    }
    guard rows >= 2 else { throw .tooFewRows(needed: 2, found: rows) }
  }

  static let foldCount = 10

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: O(members · trees · features per tree · n), in parallel over runs, or over
  ///   features when there are fewer runs than threads.
  public func fit(_ original: TrainingSet) throws(FitError) -> GradientBoostingModel {
    let members = try Members(self, original.canonicallyOrdered())
    let (data, folds, runs) = (members.data, members.folds, members.results.count)
    let means = members.means
    let scale = ErrorScaleModel.fit(
      data: data, means: means, bins: members.bins, folds: folds, runs: runs, seed: seed,
      threads: threads ?? Threads.limit)
    let rows = members.heldOutRows
    let calibration = ResidualCalibration(
      targets: rows.map { data.targets[$0] }, censoring: rows.map { data.censoring[$0] },
      means: rows.map { means[$0] }, variances: rows.map { scale.outOfFold[$0] },
      smallest: leastDeviation(of: data.targets))
    return GradientBoostingModel(
      featureCount: data.featureCount, runs: members.results, scale: scale.model, calibration: calibration)
  }

  /// Boosting runs, each without one set of groups, and what they predict for the rows they left out.
  struct Members {
    let data: TrainingSet
    let bins: FeatureBins
    let folds: GroupedFolds
    let results: [BoostingRun.Result]
    /// For rows of the first `results.count` folds, the prediction of the run that left the row out; 0 for others.
    let means: [Double]

    /// The rows that some run left out, ascending.
    var heldOutRows: [Int] { folds.heldOut[0..<results.count].flatMap { $0 }.sorted() }

    /// - Parameter data: in canonical order.
    init(_ settings: GradientBoostingRegressor, _ data: TrainingSet, bins known: FeatureBins? = nil) throws(FitError) {
      try settings.check(rows: data.count)
      let n = data.count
      let bins = known ?? FeatureBins(data.features)
      let folds = try GroupedFolds.upTo(foldCount, groups: data.groups, seed: settings.seed)
      let runs = min(folds.count, settings.members ?? (n <= 5_000 ? 10 : n <= 20_000 ? 4 : 1))
      let allThreads = settings.threads ?? Threads.limit
      let root = SeededGenerator(seed: settings.seed)
      var results = [BoostingRun.Result](repeating: BoostingRun.Result(), count: runs)
      results.withUnsafeMutableBufferPointer { results in
        nonisolated(unsafe) let results = results
        Threads.forEachChunk(of: runs, chunkSize: 1, limit: allThreads) { chunk in
          for r in chunk {
            let run = BoostingRun(settings: settings, data: data, bins: bins, threads: max(1, allThreads / runs))
            results[r] = run.fit(rows: folds.trainingRows(r), generator: root.stream(r + 1))
          }
        }
      }
      var means = [Double](repeating: 0, count: n)
      for r in 0..<runs {
        let rows = folds.heldOut[r]
        let sums = results[r].trees.sums(
          data.features.selectingRows(rows), trees: 0..<results[r].trees.count, threads: allThreads)
        for (k, row) in rows.enumerated() { means[row] = results[r].start + sums.values[k] }
      }
      (self.data, self.bins, self.folds, self.results, self.means) = (data, bins, folds, results, means)
    }
  }
}

/// The mean of several boosting runs.
struct BoostedMean: Sendable, Equatable {
  let memberCount: Int
  let start: Double
  /// Those of all runs; a prediction is `start` and the sum over trees divided by `memberCount`.
  let trees: TreeEnsemble

  init(_ runs: [BoostingRun.Result]) {
    memberCount = runs.count
    start = runs.map(\.start).reduce(0, +) / Double(runs.count)
    var trees = TreeEnsemble()
    for run in runs { trees.append(run.trees) }
    self.trees = trees
  }

  /// O(m · trees · depth), in parallel over rows.
  func callAsFunction(_ features: Matrix) -> [Double] {
    trees.sums(features, trees: 0..<trees.count).values.map { start + $0 / Double(memberCount) }
  }

  func write(to archive: inout TensorArchive) {
    archive.set("members", [memberCount])
    archive.set("start", [start])
    trees.write(to: &archive)
  }

  init(from archive: TensorArchive, featureCount: Int) throws(ArchiveError) {
    let members = try archive.integers("members", shape: [1])[0]
    guard members > 0 else { throw .invalid("members", reason: "counts no runs") }
    try self.init(from: archive, members: members, featureCount: featureCount)
  }

  /// - Parameter members: above 0.
  init(from archive: TensorArchive, members: Int, featureCount: Int) throws(ArchiveError) {
    memberCount = members
    start = try archive.finiteDoubles("start", shape: [1])[0]
    trees = try TreeEnsemble(from: archive, featureCount: featureCount)
  }
}
