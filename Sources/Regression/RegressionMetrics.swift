import Foundation

/// How well predictions agree with measurements that the model had not seen.
///
/// A censored row has no known error, so it stays out of MAE, RMSE, R² and coverage. It counts in
/// `nlpd`, with the probability of the tail in which the value lies, and in `spearman`, with its
/// bound as the value. A metric that the rows do not define is nil.
public struct RegressionMetrics: Sendable, Equatable, Codable {
  /// Rows, and how many of them are censored.
  public let count: Int
  public let censoredCount: Int
  /// Mean |error|, in units of the target; nil without uncensored rows.
  public let meanAbsoluteError: Double?
  /// √ mean error², in units of the target; nil without uncensored rows.
  public let rootMeanSquaredError: Double?
  /// 1 − Σ error² / Σ (target − mean)²; nil when the uncensored targets do not vary.
  public let rSquared: Double?
  /// Rank correlation of targets and means, ties at their mean rank; nil when either is constant.
  public let spearman: Double?
  /// Mean negative log density (for a censored row, tail probability) of the targets under a
  /// normal distribution of the predicted mean and standard deviation, in nats. It is normal
  /// whatever the shape of the intervals, so that models compare.
  public let negativeLogPredictiveDensity: Double
  /// The part of uncensored targets inside their interval; nil without uncensored rows.
  public let coverage: Double?
  /// How far the probability integral transform Φ((target − mean)/deviation) of uncensored targets is from
  /// uniform: the largest distance of their distribution functions (Kolmogorov and Smirnov), 0 when normal
  /// predictions are perfectly calibrated; nil without uncensored rows.
  public let transformDistance: Double?
  /// Mean width of all intervals, in units of the target.
  public let meanWidth: Double
  /// The probability that the intervals should hold.
  public let level: Double

  /// - Parameters:
  ///   - targets: of the rows; for a censored row, the bound.
  ///   - censoring: one for each row; nil where every target is a value.
  ///   - prediction: by a model that had not seen the rows.
  ///   - level: of the intervals, in (0, 1).
  /// - Precondition: at least one row, and a prediction and censoring for each.
  public init(
    targets: [Double], censoring: [Censoring]? = nil, prediction: Prediction, level: Double = 0.9
  ) {
    let (lower, upper) = prediction.interval(level)
    self.init(
      targets: targets, censoring: censoring, mean: prediction.mean,
      standardDeviation: prediction.standardDeviation, lower: lower, upper: upper, level: level)
  }

  /// From intervals already made, such as those of several folds.
  public init(
    targets: [Double], censoring: [Censoring]? = nil, mean: [Double], standardDeviation: [Double],
    lower: [Double], upper: [Double], level: Double
  ) {
    let n = targets.count
    precondition(
      n > 0 && mean.count == n && standardDeviation.count == n && lower.count == n
        && upper.count == n && (censoring == nil || censoring?.count == n),
      "one of each for every row")
    let censoring = censoring ?? [Censoring](repeating: .none, count: n)
    let known = (0..<n).filter { censoring[$0] == .none }
    count = n
    censoredCount = n - known.count
    self.level = level

    var absolute = 0.0
    var squared = 0.0
    var inside = 0
    for i in known {
      let error = mean[i] - targets[i]
      absolute += abs(error)
      squared += error * error
      if lower[i] <= targets[i] && targets[i] <= upper[i] { inside += 1 }
    }
    let m = Double(known.count)
    meanAbsoluteError = known.isEmpty ? nil : absolute / m
    rootMeanSquaredError = known.isEmpty ? nil : (squared / m).squareRoot()
    coverage = known.isEmpty ? nil : Double(inside) / m
    transformDistance = Self.distanceFromUniform(
      known.map { NormalDistribution.cumulative((targets[$0] - mean[$0]) / max(standardDeviation[$0], 1e-100)) })
    let spread = known.isEmpty ? 0 : Standardizer.moments(of: known.map { targets[$0] }).deviation
    rSquared = spread > 0 ? 1 - squared / (m * spread * spread) : nil
    spearman = RankCorrelation.spearman(targets, mean)

    var density = 0.0
    var width = 0.0
    for i in 0..<n {
      density -= Self.logDensity(
        targets[i], censoring[i], mean: mean[i], standardDeviation: standardDeviation[i])
      width += upper[i] - lower[i]
    }
    negativeLogPredictiveDensity = density / Double(n)
    meanWidth = width / Double(n)
  }

  private static func distanceFromUniform(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    var worst = 0.0
    for (rank, value) in values.sorted().enumerated() {
      worst = max(worst, value - Double(rank) / n, Double(rank + 1) / n - value)
    }
    return worst
  }

  /// log density of a measurement under a normal distribution; for a censored one the log
  /// probability of the side on which the value lies.
  public static func logDensity(
    _ target: Double, _ censoring: Censoring, mean: Double, standardDeviation: Double
  ) -> Double {
    // A deviation of 0 claims certainty; this floor keeps the verdict finite.
    let sigma = max(standardDeviation, 1e-100)
    let z = (target - mean) / sigma
    return switch censoring {
    case .none: NormalDistribution.logDensity(z) - log(sigma)
    case .left: NormalDistribution.logCumulative(z)
    case .right: NormalDistribution.logCumulative(-z)
    }
  }
}

/// Correlation of ranks.
public enum RankCorrelation {
  /// The ranks of `values` from 1, ties at the mean of their ranks. O(n log n).
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for k in start..<end { ranks[order[k]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  /// Spearman's ρ, the Pearson correlation of the ranks; nil when either side is constant.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) values beside \(y.count)")
    let (a, b) = (ranks(x), ranks(y))
    let middle = Double(x.count + 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for i in a.indices {
      xy += (a[i] - middle) * (b[i] - middle)
      xx += (a[i] - middle) * (a[i] - middle)
      yy += (b[i] - middle) * (b[i] - middle)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }
}
