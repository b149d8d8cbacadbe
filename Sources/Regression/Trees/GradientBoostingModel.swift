import LinearAlgebra
import ModelFiles

/// Boosted trees fitted by `GradientBoostingRegressor`.
public struct GradientBoostingModel: FittedRegressor, Equatable {
  public static let kind = "gradient-boosting"

  public let featureCount: Int
  /// How the predicted size of errors becomes a standard deviation.
  public let calibration: ResidualCalibration
  /// The number of runs that are averaged.
  public let memberCount: Int
  let start: Double
  /// Those of all runs; a prediction is `start` and the sum over trees divided by `memberCount`.
  let trees: TreeEnsemble
  private let scale: ErrorScaleModel

  public var treeCount: Int { trees.count }

  init(
    featureCount: Int, runs: [BoostingRun.Result], scale: ErrorScaleModel,
    calibration: ResidualCalibration
  ) {
    self.featureCount = featureCount
    self.calibration = calibration
    self.scale = scale
    memberCount = runs.count
    start = runs.map(\.start).reduce(0, +) / Double(runs.count)
    var trees = TreeEnsemble()
    for run in runs { trees.append(run.trees) }
    self.trees = trees
  }

  /// - Complexity: O(m · trees · depth), in parallel over rows.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let sums = trees.sums(features, trees: 0..<trees.count)
    let mean = sums.values.map { start + $0 / Double(memberCount) }
    return Prediction(
      mean: mean,
      standardDeviation: zip(scale.variances(features), mean).map { calibration.standardDeviation($0, mean: $1) },
      shape: calibration.shape)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("counts", [featureCount, memberCount])
    archive.set("start", [start])
    trees.write(to: &archive)
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
    (featureCount, memberCount) = (counts[0], counts[1])
    start = try archive.finiteDoubles("start", shape: [1])[0]
    trees = try TreeEnsemble(from: archive, featureCount: featureCount)
    scale = try ErrorScaleModel(
      archive: archive.nested(under: "scale"), featureCount: featureCount)
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
  }
}
