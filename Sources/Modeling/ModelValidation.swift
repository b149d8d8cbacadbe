import Descriptors
import LinearAlgebra
import Regression

/// Cross-validation that never splits a group: how well a model predicts what it has not seen.
///
/// Everything that learns from rows (imputation, categories, standardisation, calibration) is
/// settled inside each training part.
public struct ModelValidation: Sendable {
  public struct Fold: Sendable {
    public let trainingRows: Int
    /// Rows of the measurements that were held out.
    public let rows: [Int]
    public let metrics: RegressionMetrics
    /// How deviations from the mean are distributed for the model of this fold.
    public let shape: Prediction.Shape
  }

  public let folds: [Fold]
  /// Over the held-out predictions of all folds together.
  public let pooled: RegressionMetrics
  /// For each row, the prediction of the model that had not seen it.
  public let predictions: Prediction
  /// Bounds of the central interval of each row.
  public let lower: [Double]
  public let upper: [Double]
  /// For each row, its score against the training part of its fold.
  public let domainScores: [Double]
  /// For each row, the distance to the nearest composition of the training part of its fold: the sum
  /// of absolute differences of atomic fractions, 0 to 2.
  public let nearestDistances: [Double]
  public let intervalLevel: Double

  /// - Parameters:
  ///   - count: number of folds, at least 2, at most the number of groups.
  ///   - progress: called after each fold with the number done and the number of all.
  /// - Throws: `ModelingError`.
  /// - Complexity: `folds` trainings.
  public init(
    of data: Measurements, options: ModelingOptions, folds count: Int = 5, intervalLevel: Double = 0.9,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    let splits: GroupedFolds
    do {
      splits = try GroupedFolds(groups: data.groups, count: count, seed: options.seed)
    } catch {
      throw .folds(error)
    }
    var mean = [Double](repeating: 0, count: data.count)
    var deviation = mean
    var lower = mean
    var upper = mean
    var domain = mean
    var distances = mean
    var folds: [Fold] = []
    for (fold, heldOut) in splits.heldOut.enumerated() {
      let training = splits.trainingRows(fold)
      let model = try PropertyModel(training: data.selecting(training), options: options)
      let samples = heldOut.map { data.rows[$0].sample }
      let prediction = try model.predict(samples)
      let interval = prediction.interval(intervalLevel)
      let nearest = model.domain.nearestDistances(of: samples.map(\.composition))
      for (i, row) in heldOut.enumerated() {
        mean[row] = prediction.mean[i]
        deviation[row] = prediction.standardDeviation[i]
        lower[row] = interval.lower[i]
        upper[row] = interval.upper[i]
        domain[row] = model.domain.score(distance: nearest[i])
        distances[row] = nearest[i]
      }
      folds.append(
        Fold(
          trainingRows: training.count, rows: heldOut,
          metrics: RegressionMetrics(
            targets: heldOut.map { data.rows[$0].target },
            censoring: heldOut.map { data.rows[$0].censoring }, prediction: prediction,
            level: intervalLevel),
          shape: prediction.shape))
      progress(folds.count, splits.count)
    }
    self.folds = folds
    predictions = Prediction(mean: mean, standardDeviation: deviation)
    pooled = RegressionMetrics(
      targets: data.rows.map(\.target), censoring: data.rows.map(\.censoring), mean: mean,
      standardDeviation: deviation, lower: lower, upper: upper, level: intervalLevel)
    self.lower = lower
    self.upper = upper
    domainScores = domain
    nearestDistances = distances
    self.intervalLevel = intervalLevel
  }

  /// Central intervals of another level, for each row by the model that had not seen it.
  ///
  /// - Parameter level: in (0, 1).
  public func interval(_ level: Double) -> (lower: [Double], upper: [Double]) {
    var (lower, upper) = (predictions.mean, predictions.mean)
    for fold in folds {
      let (below, above) = fold.shape.centralQuantiles(level)
      for row in fold.rows {
        lower[row] += below * predictions.standardDeviation[row]
        upper[row] += above * predictions.standardDeviation[row]
      }
    }
    return (lower, upper)
  }

  /// The share of the measured rows of `data` inside central intervals of a level; nil where every row is censored.
  ///
  /// - Parameter data: what was validated on.
  public func coverage(of data: Measurements, level: Double) -> Double? {
    let (lower, upper) = interval(level)
    let measured = data.rows.indices.filter { data.rows[$0].censoring == .none }
    guard !measured.isEmpty else { return nil }
    let inside = measured.count { lower[$0] <= data.rows[$0].target && data.rows[$0].target <= upper[$0] }
    return Double(inside) / Double(measured.count)
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
