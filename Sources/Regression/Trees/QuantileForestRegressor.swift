import LinearAlgebra
import ModelFiles

/// A random forest that remembers its rows: intervals from the targets that share leaves with a row.
///
/// The forest is that of `RandomForestRegressor`, with the same means and deviations. Its intervals come from quantiles
/// at each row (`RowQuantiles`), so they are as lopsided as the neighbours are, and are shifted until they hold on
/// groups left out (`QuantileCalibration`). The model also has out-of-bag errors and infinitesimal-jackknife variances.
///
/// Censored rows are used as if measured at their bound. Memory and files grow with rows × trees.
public struct QuantileForestRegressor: Regressor, Hashable, Codable {
  public var settings: ForestSettings

  public init(_ settings: ForestSettings = ForestSettings()) { self.settings = settings }

  /// The probabilities whose quantiles are calibrated.
  static let probabilities = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: O(trees · features · n · log n), and O(n · trees) memory that stays.
  public func fit(_ data: TrainingSet) throws(FitError) -> QuantileForestModel {
    let growth = try settings.grow(data, drawsThresholds: false, bootstraps: true, remembering: true)
    guard let memory = growth.memory else { throw .numericalFailure("the forest did not keep its rows") }
    var rows: [Int] = []
    var quantiles = Matrix(rows: 0, columns: Self.probabilities.count)
    for part in growth.heldOut {
      let reached = growth.model.trees.leaves(growth.data.features.selectingRows(part.rows), trees: part.trees)
      quantiles = quantiles.appendingRows(memory.quantiles(Self.probabilities, reached: reached, trees: part.trees))
      rows += part.rows
    }
    let calibration = QuantileCalibration(
      RowQuantiles(probabilities: Self.probabilities, values: quantiles), targets: rows.map { growth.data.targets[$0] },
      censoring: rows.map { growth.data.censoring[$0] })
    return QuantileForestModel(
      forest: growth.model, memory: memory, calibration: calibration,
      outOfBag: memory.outOfBagMeans(growth.model.trees.values(growth.data.features)).map { $0.map { growth.model.intercept + $0 } })
  }
}

/// What `QuantileForestRegressor` learned.
public struct QuantileForestModel: FittedRegressor, Equatable {
  public static let kind = "quantile-forest"

  public let forest: ForestModel
  let memory: ForestMemory
  let calibration: QuantileCalibration
  /// Mean absolute and squared error of training rows predicted by the trees that did not draw them, and the share of
  /// the targets' variance that those explain; nil where every tree drew every row. Rows of one group are not kept
  /// apart in them.
  public let outOfBag: OutOfBagScores?

  public struct OutOfBagScores: Sendable, Equatable, Codable {
    public let rows: Int
    public let meanAbsoluteError: Double
    public let meanSquaredError: Double
    public let rSquared: Double?
  }

  init(forest: ForestModel, memory: ForestMemory, calibration: QuantileCalibration, outOfBag means: [Double?]) {
    self.forest = forest
    self.memory = memory
    self.calibration = calibration
    let known = means.indices.filter { means[$0] != nil }
    let errors = known.map { memory.targets[$0] - (means[$0] ?? 0) }
    guard !errors.isEmpty else {
      outOfBag = nil
      return
    }
    let n = Double(errors.count)
    let squared = errors.reduce(0) { $0 + $1 * $1 } / n
    let spread = Standardizer.moments(of: known.map { memory.targets[$0] }).deviation
    outOfBag = OutOfBagScores(
      rows: errors.count, meanAbsoluteError: errors.reduce(0) { $0 + abs($1) } / n, meanSquaredError: squared,
      rSquared: spread > 0 ? 1 - squared / (spread * spread) : nil)
  }

  public var featureCount: Int { forest.featureCount }

  /// The forest's mean and deviation, with calibrated quantiles.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try forest.predict(features)
    prediction.quantiles = calibration(try leafQuantiles(features, calibration.probabilities))
    return prediction
  }

  /// The quantiles that the leaves give for rows of features, m × d, before calibration.
  ///
  /// Probabilities are ascending, in (0, 1), with ½ among them.
  /// - Throws: `PredictionError`.
  public func leafQuantiles(_ features: Matrix, _ probabilities: [Double]) throws(PredictionError) -> RowQuantiles {
    try check(features)
    let trees = 0..<forest.trees.count
    let reached = forest.trees.leaves(features, trees: trees)
    return RowQuantiles(
      probabilities: probabilities, values: memory.quantiles(probabilities, reached: reached, trees: trees))
  }

  /// The variance of each mean over draws of the training rows, in squared units of the target: what more data would
  /// take away, without the scatter of measurements. At least 0. By the infinitesimal
  /// jackknife: Wager, Hastie and Efron, JMLR 15 (2014), jmlr.org/papers/v15/wager14a.html.
  ///
  /// - Complexity: O(m · n · trees), by BLAS.
  public func infinitesimalJackknife(_ features: Matrix) throws(PredictionError) -> [Double] {
    try check(features)
    return InfinitesimalJackknife.variances(counts: memory.countMatrix, values: forest.trees.values(features))
      .map { max(0, $0) }
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(forest.archive(), under: "forest")
    archive.nest(memory.archive(), under: "memory")
    archive.nest(calibration.archive(), under: "quantiles")
    if let outOfBag {
      archive.set(
        "out_of_bag",
        [Double(outOfBag.rows), outOfBag.meanAbsoluteError, outOfBag.meanSquaredError] + (outOfBag.rSquared.map { [$0] } ?? []))
    }
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    forest = try ForestModel(archive: archive.nested(under: "forest"))
    memory = try ForestMemory(archive: archive.nested(under: "memory"), trees: forest.trees.count)
    calibration = try QuantileCalibration(archive: archive.nested(under: "quantiles"))
    guard archive.tensors["out_of_bag"] != nil else {
      outOfBag = nil
      return
    }
    let scores = try archive.finiteDoubles("out_of_bag")
    guard (3...4).contains(scores.count), scores[0] >= 0, scores[0] <= Double(memory.targets.count) else {
      throw .invalid("out_of_bag", reason: "does not hold three or four scores")
    }
    outOfBag = OutOfBagScores(
      rows: Int(scores[0]), meanAbsoluteError: scores[1], meanSquaredError: scores[2],
      rSquared: scores.count == 4 ? scores[3] : nil)
  }
}

extension TreeEnsemble {
  /// The value of the leaf that each row reaches in each tree, rows × trees.
  func values(_ features: Matrix) -> Matrix {
    let reached = leaves(features, trees: 0..<count)
    var result = Matrix(rows: features.rows, columns: count)
    for i in 0..<features.rows {
      for tree in 0..<count { result[i, tree] = values[roots[tree] + Int(reached[i * count + tree])] }
    }
    return result
  }
}

extension QuantileCalibration {
  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("probabilities", probabilities)
    archive.set("shifts", shifts)
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    let probabilities = try archive.finiteDoubles("probabilities")
    guard probabilities.contains(0.5), zip(probabilities, probabilities.dropFirst()).allSatisfy({ $0 < $1 }),
      probabilities.allSatisfy({ $0 > 0 && $0 < 1 })
    else { throw .invalid("probabilities", reason: "is not an ascending list of probabilities around one half") }
    self.init(probabilities: probabilities, shifts: try archive.finiteDoubles("shifts", shape: [probabilities.count]))
  }
}
