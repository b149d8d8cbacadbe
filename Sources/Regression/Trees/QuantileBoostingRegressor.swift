import LinearAlgebra
import ModelFiles

/// Gradient boosting of quantiles: one model for each of several probabilities, by the pinball loss.
///
/// The mean is the median, the intervals are the quantiles (`RowQuantiles`), shifted until they hold on groups left out
/// (`QuantileCalibration`), and the deviation is the calibrated width of the central 90% (`ResidualCalibration`).
/// Settings of the trees are those of `GradientBoostingRegressor`. Censored rows are used as bounds.
public struct QuantileBoostingRegressor: Regressor, Hashable, Codable {
  /// Trees and runs; its loss is not used.
  public var base: GradientBoostingRegressor

  public init(_ base: GradientBoostingRegressor = GradientBoostingRegressor()) { self.base = base }

  static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]
  /// Normal deviations between the outermost of them.
  static let width = NormalDistribution.quantile(0.95) - NormalDistribution.quantile(0.05)

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: five times that of `GradientBoostingRegressor`.
  public func fit(_ original: TrainingSet) throws(FitError) -> QuantileBoostingModel {
    let data = original.canonicallyOrdered()
    guard data.count >= 2 else { throw .tooFewRows(needed: 2, found: data.count) }
    let bins = FeatureBins(data.features)
    var models: [BoostedMean] = []
    var rows: [Int] = []
    var columns: [[Double]] = []
    for p in Self.probabilities {
      var settings = base
      settings.loss = .quantile(p)
      let members = try GradientBoostingRegressor.Members(settings, data, bins: bins)
      models.append(BoostedMean(members.results))
      rows = members.heldOutRows
      columns.append(rows.map { members.means[$0] })
    }
    let targets = rows.map { data.targets[$0] }
    let censoring = rows.map { data.censoring[$0] }
    let quantiles = RowQuantiles(probabilities: Self.probabilities, values: Self.matrix(columns))
    return QuantileBoostingModel(
      featureCount: data.featureCount, models: models,
      quantileCalibration: QuantileCalibration(quantiles, targets: targets, censoring: censoring),
      calibration: ResidualCalibration(
        targets: targets, censoring: censoring, means: quantiles.median, variances: Self.variances(quantiles),
        smallest: leastDeviation(of: data.targets)))
  }

  /// A matrix of these columns.
  static func matrix(_ columns: [[Double]]) -> Matrix {
    let rows = columns[0].count
    var result = Matrix(rows: rows, columns: columns.count)
    for (j, column) in columns.enumerated() { for i in 0..<rows { result[i, j] = column[i] } }
    return result
  }

  static func variances(_ quantiles: RowQuantiles) -> [Double] {
    (0..<quantiles.count).map { i in
      let row = quantiles.values.row(i)
      let deviation = (row[row.count - 1] - row[0]) / width
      return deviation * deviation
    }
  }
}

/// What `QuantileBoostingRegressor` learned.
public struct QuantileBoostingModel: FittedRegressor, Equatable {
  public static let kind = "quantile-boosting"

  public let featureCount: Int
  let models: [BoostedMean]
  let quantileCalibration: QuantileCalibration
  public let calibration: ResidualCalibration

  init(
    featureCount: Int, models: [BoostedMean], quantileCalibration: QuantileCalibration, calibration: ResidualCalibration
  ) {
    self.featureCount = featureCount
    self.models = models
    self.quantileCalibration = quantileCalibration
    self.calibration = calibration
  }

  /// The quantiles as learned, before calibration. O(m · trees · depth), in parallel over rows.
  public func learnedQuantiles(_ features: Matrix) throws(PredictionError) -> RowQuantiles {
    try check(features)
    return RowQuantiles(
      probabilities: QuantileBoostingRegressor.probabilities,
      values: QuantileBoostingRegressor.matrix(models.map { $0(features) }))
  }

  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    let quantiles = try learnedQuantiles(features)
    let mean = quantiles.median
    return Prediction(
      mean: mean,
      standardDeviation: zip(QuantileBoostingRegressor.variances(quantiles), mean).map {
        calibration.standardDeviation($0, mean: $1)
      },
      shape: calibration.shape, quantiles: quantileCalibration(quantiles))
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("feature_count", [featureCount])
    for (index, model) in models.enumerated() {
      var one = TensorArchive()
      model.write(to: &one)
      archive.nest(one, under: "quantile\(index)")
    }
    archive.nest(quantileCalibration.archive(), under: "quantiles")
    archive.nest(calibration.archive(), under: "calibration")
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let width = try archive.integers("feature_count", shape: [1])[0]
    featureCount = width
    var models: [BoostedMean] = []
    for index in QuantileBoostingRegressor.probabilities.indices {
      models.append(try BoostedMean(from: archive.nested(under: "quantile\(index)"), featureCount: width))
    }
    self.models = models
    quantileCalibration = try QuantileCalibration(archive: archive.nested(under: "quantiles"))
    guard quantileCalibration.probabilities == QuantileBoostingRegressor.probabilities else {
      throw .invalid("quantiles", reason: "names other probabilities than the model has")
    }
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
  }
}
