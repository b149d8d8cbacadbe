import Descriptors
import LinearAlgebra
import Regression

/// Cross-validation that never splits a group, or a trained model's scores on rows of its own: how well a model predicts
/// what it has not seen.
///
/// Everything that learns from rows (imputation, categories, standardisation, calibration) is
/// settled inside each training part.
public struct ModelValidation: Sendable {
  public struct Fold: Sendable {
    /// Its number from 1, or the stratum that was left out.
    public let name: String
    public let trainingRows: Int
    /// Rows of the measurements that were held out.
    public let rows: [Int]
    public let metrics: RegressionMetrics
  }

  public let folds: [Fold]
  /// Over the held-out predictions of all folds together.
  public let pooled: RegressionMetrics
  /// For each row, the prediction of the model that had not seen it.
  public let predictions: Prediction
  /// Bounds of the central interval of each row.
  public let lower: [Double]
  public let upper: [Double]
  /// Whether the predictions are probabilities of a label.
  let isClassification: Bool
  /// How errors of each row are distributed, in units of its deviation.
  let shapes: [Prediction.Shape]
  /// For each row, its score against the training part of its fold.
  public let domainScores: [Double]
  /// For each row, the distance to the nearest composition of the training part of its fold: the sum
  /// of absolute differences of atomic fractions, 0 to 2.
  public let nearestDistances: [Double]
  public let intervalLevel: Double

  /// - Parameters:
  ///   - data: what models are trained and scored on; folds keep its groups whole.
  ///   - options: the model, and the seed of the folds.
  ///   - count: number of folds, at least 2, at most the number of groups.
  ///   - intervalLevel: of the intervals, in (0, 1).
  ///   - learned: which of the rows that are not held out models learn from; all rows are predicted.
  ///   - progress: called after each fold with the number done and the number of all.
  /// - Throws: `ModelingError`.
  /// - Complexity: `folds` trainings.
  public init(
    of data: Measurements, options: ModelingOptions, folds count: Int = 5, intervalLevel: Double = 0.9,
    learning learned: ModelVariant.LearnedRows = .all, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    let splits: GroupedFolds
    do {
      splits = try GroupedFolds(groups: data.groups, count: count, seed: options.seed)
    } catch {
      throw .folds(error)
    }
    try self.init(
      of: data, options: options, splits: splits.heldOut.indices.map { ("\($0 + 1)", splits.trainingRows($0), splits.heldOut[$0]) },
      intervalLevel: intervalLevel, learning: learned, progress: progress)
  }

  /// Leaves out one stratum of the rows after the other, such as each structure family.
  ///
  /// A model of a family learns from no row of it, nor from any row of a group that has rows of it. Families of fewer
  /// than `leastStratumRows` rows are held out together, as `other`.
  /// - Throws: `ModelingError`, also when all rows are of one stratum.
  public init(
    leavingOutStrataOf data: Measurements, options: ModelingOptions, intervalLevel: Double = 0.9,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    var members: [String: [Int]] = [:]
    for (index, row) in data.rows.enumerated() { members[row.stratum, default: []].append(index) }
    var large: [(String, [Int])] = []
    var other: [Int] = []
    for (name, rows) in members.sorted(by: { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }) {
      if rows.count >= Self.leastStratumRows, !name.isEmpty { large.append((name, rows)) } else { other += rows }
    }
    if !other.isEmpty { large.append(("other", other.sorted())) }
    guard large.count > 1 else { throw .folds(.tooFewGroups(groups: large.count, folds: 2)) }
    var splits: [(name: String, training: [Int], heldOut: [Int])] = []
    for (name, rows) in large {
      let groups = Set(rows.map { data.groups[$0] })
      let training = data.rows.indices.filter { !groups.contains(data.groups[$0]) }
      guard !training.isEmpty else { throw .folds(.tooFewGroups(groups: 1, folds: 2)) }
      splits.append((name, training, rows))
    }
    try self.init(of: data, options: options, splits: splits, intervalLevel: intervalLevel, progress: progress)
  }

  /// Smaller strata are held out together.
  static let leastStratumRows = 10

  /// Scores a trained model on rows that it has not seen; there are no folds.
  ///
  /// - Parameters:
  ///   - model: as it was trained.
  ///   - data: read with `model.options`. Rows that it was trained on flatter it: see `nearlyKnownCount`.
  ///   - intervalLevel: of the intervals, in (0, 1).
  /// - Throws: `ModelingError`.
  public init(scoring model: PropertyModel, on data: Measurements, intervalLevel: Double = 0.9) throws(ModelingError) {
    try self.init(
      of: data, options: model.options, parts: [Array(data.rows.indices)], intervalLevel: intervalLevel
    ) { _ in (model, nil) }
  }

  private init(
    of data: Measurements, options: ModelingOptions, splits: [(name: String, training: [Int], heldOut: [Int])],
    intervalLevel: Double, learning learned: ModelVariant.LearnedRows = .all,
    progress: (Int, Int) -> Void
  ) throws(ModelingError) {
    try self.init(of: data, options: options, parts: splits.map(\.heldOut), intervalLevel: intervalLevel) { part throws(ModelingError) in
      if part > 0 { progress(part, splits.count) }
      let known = splits[part].training.filter { learned.includes(data.rows[$0]) }
      guard !known.isEmpty else { throw .folds(.tooFewGroups(groups: 0, folds: splits.count)) }
      return (try PropertyModel(training: data.selecting(known), options: options), (splits[part].name, known.count))
    }
    progress(splits.count, splits.count)
  }

  /// - Parameters:
  ///   - parts: rows that are held out together; all rows are in one of them.
  ///   - model: that of a part, and name and training rows of its fold where it is one.
  private init(
    of data: Measurements, options: ModelingOptions, parts: [[Int]], intervalLevel: Double,
    model: (Int) throws(ModelingError) -> (PropertyModel, fold: (name: String, trainingRows: Int)?)
  ) throws(ModelingError) {
    var mean = [Double](repeating: 0, count: data.count)
    var deviation = mean
    var lower = mean
    var upper = mean
    var shapes = [Prediction.Shape](repeating: .gaussian, count: data.count)
    var domain = mean
    var distances = mean
    var folds: [Fold] = []
    // Of rows whose models know quantiles; used where all do.
    var probabilities: [Double] = []
    var quantiles: Matrix?
    var described = 0
    var least: Double?
    for (part, heldOut) in parts.enumerated() {
      let (model, fold) = try model(part)
      let samples = heldOut.map { data.rows[$0].sample }
      let prediction = try model.predict(samples)
      let interval = prediction.interval(intervalLevel)
      if let own = prediction.quantiles, quantiles == nil || own.probabilities == probabilities {
        probabilities = own.probabilities
        var all = quantiles ?? Matrix(rows: data.count, columns: probabilities.count)
        for (i, row) in heldOut.enumerated() {
          for k in probabilities.indices { all[row, k] = own.values[i, k] }
        }
        quantiles = all
        described += heldOut.count
        least = own.least
      }
      let nearest = model.domain.nearestDistances(of: samples.map(\.composition))
      for (i, row) in heldOut.enumerated() {
        mean[row] = prediction.mean[i]
        deviation[row] = prediction.standardDeviation[i]
        lower[row] = interval.lower[i]
        upper[row] = interval.upper[i]
        shapes[row] = prediction.shape
        domain[row] = model.domain.score(distance: nearest[i])
        distances[row] = nearest[i]
      }
      guard let fold else { continue }
      folds.append(
        Fold(
          name: fold.name, trainingRows: fold.trainingRows, rows: heldOut,
          metrics: RegressionMetrics(
            targets: heldOut.map { data.rows[$0].target },
            censoring: heldOut.map { data.rows[$0].censoring }, prediction: prediction,
            level: intervalLevel)))
    }
    self.folds = folds
    isClassification = options.model.isClassifier
    predictions = Prediction(
      mean: mean, standardDeviation: deviation,
      quantiles: described == data.count
        ? quantiles.map { RowQuantiles(probabilities: probabilities, values: $0, least: least) } : nil)
    pooled = RegressionMetrics(
      targets: data.rows.map(\.target), censoring: data.rows.map(\.censoring), mean: mean,
      standardDeviation: deviation, lower: lower, upper: upper, level: intervalLevel)
    self.lower = lower
    self.upper = upper
    self.shapes = shapes
    domainScores = domain
    nearestDistances = distances
    self.intervalLevel = intervalLevel
  }

  /// Central intervals of another level, for each row by the model that had not seen it.
  ///
  /// - Parameter level: in (0, 1).
  public func interval(_ level: Double) -> (lower: [Double], upper: [Double]) {
    if predictions.quantiles != nil { return predictions.interval(level) }
    var (lower, upper) = (predictions.mean, predictions.mean)
    for row in shapes.indices {
      let (below, above) = shapes[row].centralQuantiles(level)
      lower[row] += below * predictions.standardDeviation[row]
      upper[row] += above * predictions.standardDeviation[row]
    }
    return (lower, upper)
  }

  /// The share of the measured rows inside central intervals of a level, in (0, 1); nil where every row is
  /// censored. `data` is what was validated on.
  public func coverage(of data: Measurements, level: Double) -> Double? {
    let (lower, upper) = interval(level)
    let measured = data.rows.indices.filter { data.rows[$0].censoring == .none }
    guard !measured.isEmpty else { return nil }
    let inside = measured.count { lower[$0] <= data.rows[$0].target && data.rows[$0].target <= upper[$0] }
    return Double(inside) / Double(measured.count)
  }

  /// The held-out probability of each row to lie at or below a threshold.
  public func probabilities(below threshold: Double) -> [Double] {
    if predictions.quantiles != nil { return predictions.probabilities(below: threshold) }
    return shapes.indices.map { row in
      shapes[row].cumulative((threshold - predictions.mean[row]) / predictions.standardDeviation[row])
    }
  }

  /// The same as a classification of the rows; a bound counts where it tells the side.
  ///
  /// For a classifier the labels are its own, whatever the threshold.
  public func classification(of data: Measurements, below threshold: Double) -> ClassificationMetrics? {
    if isClassification {
      return ClassificationMetrics(probabilities: predictions.mean, labels: data.rows.map { $0.target == 1 })
    }
    let p = probabilities(below: threshold)
    let known = data.rows.indices.filter { index in
      switch data.rows[index].censoring {
      case .none: true
      case .left: data.rows[index].target <= threshold
      case .right: data.rows[index].target > threshold
      }
    }
    guard !known.isEmpty else { return nil }
    return ClassificationMetrics(probabilities: known.map { p[$0] }, labels: known.map { data.rows[$0].target <= threshold })
  }

  /// Rows nearer than this to a training row of another group are all but known.
  public static let leakageDistance = 0.02

  /// How many held-out rows have a near-identical composition among the training rows of their fold.
  public var nearlyKnownCount: Int { nearestDistances.count { $0 < Self.leakageDistance } }

  /// R² of the same validation with targets exchanged at random, where nothing can be learned.
  ///
  /// Well above 0 it says that the validation itself gives the answer away, as with groups that are
  /// too fine. An automatic choice is represented by extra trees, its quickest flexible candidate.
  /// - Complexity: as a validation of one kind of model.
  public static func scrambledRSquared(
    of data: Measurements, options: ModelingOptions, folds: Int = 5
  ) throws(ModelingError) -> Double? {
    var options = options
    if options.model == .auto { options.model = .extraTrees }
    let scrambled = data.scramblingTargets(seed: options.seed)
    return try ModelValidation(of: scrambled, options: options, folds: folds).pooled.rSquared
  }

  /// A scrambled R² above this is reported as a warning.
  public static let suspiciousScrambledRSquared = 0.1
}
