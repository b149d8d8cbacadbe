import LinearAlgebra
import ModelFiles

/// A forest fitted by `RandomForestRegressor` or `ExtraTreesRegressor`.
public struct ForestModel: FittedRegressor, Equatable {
  public static let kind = "forest"

  public let featureCount: Int
  /// How spread among trees and within leaves becomes a standard deviation.
  public let calibration: ResidualCalibration
  /// The mean of the training targets; leaves hold differences from it.
  let intercept: Double
  let trees: TreeEnsemble

  public var treeCount: Int { trees.count }

  init(
    featureCount: Int, intercept: Double, trees: TreeEnsemble, calibration: ResidualCalibration
  ) {
    self.featureCount = featureCount
    self.intercept = intercept
    self.trees = trees
    self.calibration = calibration
  }

  /// The mean over trees. The local variance that `calibration` scales is that of the targets the
  /// forest would draw: between trees, and within the leaves of each.
  ///
  /// - Complexity: O(m · trees · depth), in parallel over rows.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let local = Self.moments(
      trees, features, trees: 0..<trees.count, threads: Threads.limit)
    return Prediction(
      mean: local.mean.map { intercept + $0 },
      standardDeviation: zip(local.variance, local.mean).map { calibration.standardDeviation($0, mean: $1) },
      shape: calibration.shape)
  }

  static func moments(
    _ trees: TreeEnsemble, _ features: Matrix, trees range: Range<Int>, threads: Int
  ) -> (mean: [Double], variance: [Double]) {
    let sums = trees.sums(features, trees: range, threads: threads)
    let count = Double(range.count)
    let mean = sums.values.map { $0 / count }
    let variance = mean.indices.map { i in
      max(0, sums.squares[i] / count - mean[i] * mean[i]) + sums.variances[i] / count
    }
    return (mean, variance)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("feature_count", [featureCount])
    archive.set("intercept", [intercept])
    trees.write(to: &archive)
    archive.nest(calibration.archive(), under: "calibration")
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    featureCount = try archive.integers("feature_count", shape: [1])[0]
    intercept = try archive.finiteDoubles("intercept", shape: [1])[0]
    trees = try TreeEnsemble(from: archive, featureCount: featureCount)
    guard trees.count > 0 else { throw .invalid("roots", reason: "holds no trees") }
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
  }
}
