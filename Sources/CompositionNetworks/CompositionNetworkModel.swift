import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// Networks trained by `CompositionNetworkRegressor`.
public struct CompositionNetworkModel: FittedRegressor {
  public static let kind = "composition-network"

  public let featureCount: Int
  /// How the predicted scale becomes a standard deviation.
  public let calibration: ResidualCalibration
  public var memberCount: Int { weights.count }
  /// Numbers in each member.
  public var parameterCount: Int { network.layout.count }
  private let network: CompositionNetwork
  private let columns: ElementColumns
  private let standardizer: Standardizer
  private let center: Double
  private let scale: Double
  private let weights: [[Float]]

  init(
    network: CompositionNetwork, columns: ElementColumns, featureCount: Int, standardizer: Standardizer, center: Double,
    scale: Double, weights: [[Float]], calibration: ResidualCalibration
  ) {
    self.network = network
    self.columns = columns
    self.featureCount = featureCount
    self.standardizer = standardizer
    self.center = center
    self.scale = scale
    self.weights = weights
    self.calibration = calibration
  }

  /// 2·s², the variance of a Laplace distribution, in squared units of the target.
  static func variance(logScale: Float, scale: Double) -> Double {
    let range = LaplaceLikelihood.logScaleRange
    let s = scale * exp(Double(min(max(logScale, range.lowerBound), range.upperBound)))
    return 2 * s * s
  }

  /// The mean of the members; their disagreement adds to the variance that they predict.
  ///
  /// In single precision: a row alone and among others agrees to about six digits.
  /// - Complexity: O(members · rows · parameters), on all cores.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let standardized = standardizer.standardize(features.selectingColumns(columns.others))
    let input = NetworkInput(features, columns: columns, standardized: standardized)
    var sum = [Double](repeating: 0, count: features.rows)
    var squares = sum
    var variances = sum
    let rows = Array(0..<features.rows)
    for member in weights {
      let predicted = network.predict(input, rows: rows, weights: member)
      for i in rows {
        let mean = scale * Double(predicted.means[i])
        sum[i] += mean
        squares[i] += mean * mean
        variances[i] += Self.variance(logScale: predicted.logScales[i], scale: scale)
      }
    }
    let n = Double(weights.count)
    return Prediction(
      mean: sum.map { center + $0 / n },
      standardDeviation: rows.map { i in
        let spread = max(0, squares[i] / n - sum[i] / n * sum[i] / n)
        return calibration.standardDeviation(variances[i] / n + spread, mean: center + sum[i] / n)
      },
      shape: calibration.shape)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    let shape = network.shape
    archive.set("kind", text: Self.kind)
    archive.set(
      "shape",
      [
        shape.width, shape.hidden, shape.heads, shape.layers, shape.poolHeads, shape.headWidth, shape.headBlocks,
        shape.extras,
      ])
    archive.set("feature_count", [featureCount])
    archive.set("share_columns", columns.shares)
    archive.set("target", [center, scale])
    archive.nest(standardizer.archive(), under: "standardizer")
    archive.nest(calibration.archive(), under: "calibration")
    for (index, member) in weights.enumerated() { archive.set("weights\(index)", member) }
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let sizes = try archive.integers("shape", shape: [8])
    guard sizes[0...6].allSatisfy({ (1...4096).contains($0) }), sizes[7] >= 0, sizes[0] % 8 == 0, sizes[5] % 8 == 0,
      sizes[1] % (8 * sizes[2]) == 0
    else { throw .invalid("shape", reason: "is not that of a network") }
    var shape = CompositionNetwork.Shape()
    (shape.width, shape.hidden, shape.heads, shape.layers) = (sizes[0], sizes[1], sizes[2], sizes[3])
    (shape.poolHeads, shape.headWidth, shape.headBlocks, shape.extras) = (sizes[4], sizes[5], sizes[6], sizes[7])
    network = CompositionNetwork(shape)
    featureCount = try archive.integers("feature_count", shape: [1])[0]
    let shares = try archive.integers("share_columns")
    guard let columns = ElementColumns(shares: shares, count: featureCount), columns.others.count == shape.extras else {
      throw .invalid("share_columns", reason: "does not name a column for each element")
    }
    self.columns = columns
    standardizer = try Standardizer(archive: archive.nested(under: "standardizer"))
    guard standardizer.featureCount == shape.extras else {
      throw .invalid("standardizer", reason: "expects another number of features")
    }
    let target = try archive.finiteDoubles("target", shape: [2])
    (center, scale) = (target[0], target[1])
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
    var weights: [[Float]] = []
    while archive.tensors["weights\(weights.count)"] != nil {
      weights.append(try archive.floats("weights\(weights.count)", shape: [network.layout.count]))
    }
    guard !weights.isEmpty, weights.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalid("weights0", reason: "is missing or not finite")
    }
    self.weights = weights
  }
}
