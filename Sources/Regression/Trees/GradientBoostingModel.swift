import LinearAlgebra
import ModelFiles

/// Boosted trees fitted by `GradientBoostingRegressor`.
public struct GradientBoostingModel: FittedRegressor, Equatable {
  public static let kind = "gradient-boosting"

  public let featureCount: Int
  /// How the predicted size of errors becomes a standard deviation.
  public let calibration: ResidualCalibration
  let average: BoostedMean
  private let scale: ErrorScaleModel

  /// The number of runs that are averaged.
  public var memberCount: Int { average.memberCount }
  public var treeCount: Int { average.trees.count }

  init(
    featureCount: Int, runs: [BoostingRun.Result], scale: ErrorScaleModel,
    calibration: ResidualCalibration
  ) {
    self.featureCount = featureCount
    self.calibration = calibration
    self.scale = scale
    average = BoostedMean(runs)
  }

  /// - Complexity: O(m · trees · depth), in parallel over rows.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let mean = average(features)
    return Prediction(
      mean: mean,
      standardDeviation: zip(scale.variances(features), mean).map { calibration.standardDeviation($0, mean: $1) },
      shape: calibration.shape)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("counts", [featureCount, memberCount])
    archive.set("start", [average.start])
    average.trees.write(to: &archive)
    archive.nest(scale.archive(), under: "scale")
    archive.nest(calibration.archive(), under: "calibration")
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let counts = try archive.integers("counts", shape: [2])
    guard counts[0] >= 0, counts[1] > 0 else {
      throw .invalid("counts", reason: "counts no runs")
    }
    featureCount = counts[0]
    average = try BoostedMean(from: archive, members: counts[1], featureCount: featureCount)
    scale = try ErrorScaleModel(
      archive: archive.nested(under: "scale"), featureCount: featureCount)
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
  }
}
