import LinearAlgebra
import ModelFiles
import Regression

/// A Gaussian process whose intervals are those of `JackknifePlus`: for few rows, of which none is to be held back.
///
/// Means are the process's; its deviations are scaled to the errors of groups left out.
public struct JackknifePlusRegressor: Regressor, Hashable, Codable {
  public var base: GaussianProcessRegressor

  public init(_ base: GaussianProcessRegressor = GaussianProcessRegressor()) { self.base = base }

  /// - Throws: `FitError`.
  /// - Complexity: one fit of the base, and O(n³).
  public func fit(_ data: TrainingSet) throws(FitError) -> JackknifePlusModel {
    JackknifePlusModel(try base.jackknifePlus(data), smallest: leastDeviation(of: data.targets))
  }
}

/// What `JackknifePlusRegressor` learned.
public struct JackknifePlusModel: FittedRegressor {
  public static let kind = "jackknife-plus gaussian process"

  public let jackknife: JackknifePlus
  private let smallest: Double
  /// What deviations are multiplied by: the root mean square of the scores.
  public var scale: Double {
    let scores = jackknife.scores
    return (scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)).squareRoot()
  }

  init(_ jackknife: JackknifePlus, smallest: Double) {
    self.jackknife = jackknife
    self.smallest = smallest
  }

  public var featureCount: Int { jackknife.process.featureCount }

  /// Probabilities of one tail whose quantiles are kept.
  private static let tails = [0.025, 0.05, 0.1, 0.25]

  /// - Complexity: that of `JackknifePlus.intervals`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try jackknife.process.predict(features)
    let intervals = try jackknife.intervals(features, levels: Self.tails.map { 1 - 2 * $0 })
    let width = 2 * Self.tails.count + 1
    var values = Matrix(rows: features.rows, columns: width)
    let scale = scale
    for i in 0..<features.rows {
      for (k, interval) in intervals.enumerated() {
        values[i, k] = interval.lower[i]
        values[i, width - 1 - k] = interval.upper[i]
      }
      values[i, Self.tails.count] = prediction.mean[i]
      prediction.standardDeviation[i] = max(smallest, prediction.standardDeviation[i] * scale)
    }
    prediction.quantiles = RowQuantiles(
      probabilities: Self.tails + [0.5] + Self.tails.reversed().map { 1 - $0 }, values: values)
    return prediction
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(jackknife.process.archive(), under: "process")
    archive.set("groups", jackknife.labels)
    archive.set("smallest", [smallest])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let process = try GaussianProcess(archive: archive.nested(under: "process"))
    let labels = try archive.integers("groups", shape: [process.posterior.count])
    smallest = try archive.double("smallest")
    do throws(CholeskyError) {
      jackknife = try JackknifePlus(process, groups: labels, normalized: true)
    } catch {
      throw .invalid("groups", reason: "names a group that cannot be left out")
    }
  }
}
