import Regression

/// Several models on the same folds, several times shuffled: which is better, and by how much for sure.
public struct ModelComparison: Sendable {
  public struct Line: Sendable, Codable, Equatable {
    public let model: String
    /// Of measured rows, in units of the target, over shuffles.
    public let meanAbsoluteError: Double?
    /// Largest minus smallest over shuffles.
    public let range: Double?
    /// Of all rows, targets and predictions raised to the clip, where one was given; a bound counts as its value.
    public let clippedError: Double?
    /// The same of measured rows alone.
    public let clippedMeasuredError: Double?
    public let negativeLogPredictiveDensity: Double
    public let spearman: Double?
    public let coverage: Double?
    public let meanWidth: Double
    /// Mean absolute error minus that of the first model, row by row, with its 95% interval from drawing whole groups.
    public let difference: Double?
    public let lower: Double?
    public let upper: Double?
  }

  public private(set) var lines: [Line] = []

  /// - Parameters:
  ///   - data: what models are trained and scored on.
  ///   - options: what all models share; each variant changes some of it.
  ///   - models: at least one; the first is the one that the others are compared with.
  ///   - shuffles: seeds 0, 1, … of folds and models.
  ///   - folds: at least 2, at most the number of groups.
  ///   - intervalLevel: of the intervals whose coverage and width are compared, in (0, 1).
  ///   - clip: see `Line.clippedError`.
  ///   - atRoomTemperature: whether only rows within 10 °C of 25 °C, or of no temperature, are scored.
  ///   - progress: called after each validation with the number done and the number of all.
  /// - Throws: `ModelingError`.
  /// - Complexity: `models` · `shuffles` · `folds` trainings.
  public init(
    of data: Measurements, options: ModelingOptions, models: [ModelVariant], shuffles: Int = 3, folds: Int = 5,
    intervalLevel: Double = 0.9, clip: Double? = nil, atRoomTemperature: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    let scored = data.rows.indices.filter { !atRoomTemperature || Self.isAtRoom(data.rows[$0]) }
    let measured = scored.filter { data.rows[$0].censoring == .none }
    let targets = data.rows.map(\.target)
    let bootstrap = GroupBootstrap(groups: data.groups, seed: options.seed)
    var first: [Double]?
    for (place, variant) in models.enumerated() {
      var errors = [Double](repeating: 0, count: data.count)
      var maes: [Double] = []
      var (clipped, clippedMeasured, nlpd, width) = (0.0, 0.0, 0.0, 0.0)
      var (spearmen, coverages): ([Double], [Double]) = ([], [])
      for shuffle in 0..<shuffles {
        var one = variant.options(options)
        one.seed = options.seed + UInt64(shuffle)
        let validation = try ModelValidation(of: data, options: one, folds: folds, intervalLevel: intervalLevel, learning: variant.learned)
        let mean = validation.predictions.mean
        let metrics = RegressionMetrics(
          targets: scored.map { targets[$0] }, censoring: scored.map { data.rows[$0].censoring }, mean: scored.map { mean[$0] },
          standardDeviation: scored.map { validation.predictions.standardDeviation[$0] },
          lower: scored.map { validation.lower[$0] }, upper: scored.map { validation.upper[$0] }, level: intervalLevel)
        for row in data.rows.indices { errors[row] += abs(mean[row] - targets[row]) / Double(shuffles) }
        if let mae = metrics.meanAbsoluteError { maes.append(mae) }
        if let clip {
          func error(_ row: Int) -> Double { abs(max(mean[row], clip) - max(targets[row], clip)) }
          clipped += scored.reduce(0) { $0 + error($1) } / Double(max(1, scored.count) * shuffles)
          clippedMeasured += measured.reduce(0) { $0 + error($1) } / Double(max(1, measured.count) * shuffles)
        }
        nlpd += metrics.negativeLogPredictiveDensity / Double(shuffles)
        width += metrics.meanWidth / Double(shuffles)
        if let value = metrics.spearman { spearmen.append(value) }
        if let value = metrics.coverage { coverages.append(value) }
        progress(place * shuffles + shuffle + 1, models.count * shuffles)
      }
      func average(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      var interval: ClosedRange<Double>?
      var difference: Double?
      if let first {
        let gaps = measured.map { errors[$0] - first[$0] }
        difference = average(gaps)
        interval = bootstrap.meanInterval(of: gaps, at: measured)
      } else {
        first = errors
      }
      lines.append(
        Line(
          model: variant.name, meanAbsoluteError: average(maes), range: maes.max().flatMap { high in maes.min().map { high - $0 } },
          clippedError: clip == nil ? nil : clipped, clippedMeasuredError: clip == nil || measured.isEmpty ? nil : clippedMeasured,
          negativeLogPredictiveDensity: nlpd, spearman: average(spearmen), coverage: average(coverages), meanWidth: width,
          difference: difference, lower: interval?.lowerBound, upper: interval?.upperBound))
    }
  }

  /// Whether a row was measured within 10 °C of room temperature, or is of no temperature.
  static func isAtRoom(_ row: Measurements.Row) -> Bool {
    abs((row.sample.temperature ?? FeatureSpace.roomTemperature) - FeatureSpace.roomTemperature) <= 10
  }
}
