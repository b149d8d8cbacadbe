import Modeling
import Regression

/// Text of a cross-validation: a row for each fold, one for all, and errors by distance.
public struct ValidationSummary: Sendable {
  private let validation: ModelValidation
  private let targets: [Double]
  private let censoring: [Censoring]

  public init(_ validation: ModelValidation, of data: Measurements) {
    self.validation = validation
    targets = data.rows.map(\.target)
    censoring = data.rows.map(\.censoring)
  }

  public func lines(width: Int = 100) -> [String] {
    let level = Int((validation.intervalLevel * 100).rounded())
    var table = TextTable([
      ("left out", .left), ("rows", .right), ("MAE", .right), ("RMSE", .right), ("R²", .right),
      ("Spearman", .right), ("NLPD", .right), ("in \(level)%", .right), ("width", .right),
    ])
    for fold in validation.folds { table.append(cells(fold.name, fold.metrics)) }
    table.append(cells("all", validation.pooled))
    return table.lines(width: width)
  }

  private func cells(_ label: String, _ m: RegressionMetrics) -> [String] {
    [
      label, "\(m.count)", m.meanAbsoluteError?.fixed(3) ?? "–", m.rootMeanSquaredError?.fixed(3) ?? "–",
      m.rSquared?.fixed(3) ?? "–", m.spearman?.fixed(3) ?? "–", m.negativeLogPredictiveDensity.fixed(3),
      m.coverage?.fixed(3) ?? "–", m.meanWidth.fixed(2),
    ]
  }

  /// The scores of the held-out rows between two bounds.
  public struct Stratum: Sendable {
    public let label: String
    public let metrics: RegressionMetrics
  }

  /// Rows by domain score in quarters: how far the error grows away from the data. Empty quarters are left out.
  public var domainStrata: [Stratum] {
    [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)].compactMap { low, high in
      stratum("\(low.fixed(2)) to \(high.fixed(2))") {
        let score = validation.domainScores[$0]
        return score >= low && (score < high || high == 1)
      }
    }
  }

  /// Rows by distance to the nearest composition trained on, in the sum of differences of fractions.
  public var distanceStrata: [Stratum] {
    let bounds = [0, 0.02, 0.1, 0.3, Double.infinity]
    return zip(bounds, bounds.dropFirst()).compactMap { low, high in
      stratum(high.isFinite ? "\(low.fixed(2)) to \(high.fixed(2))" : "beyond \(low.fixed(2))") {
        validation.nearestDistances[$0] >= low && validation.nearestDistances[$0] < high
      }
    }
  }

  public func domainLines(width: Int = 100) -> [String] { lines(title: "domain score", domainStrata, width: width) }

  public func distanceLines(width: Int = 100) -> [String] { lines(title: "distance", distanceStrata, width: width) }

  private func stratum(_ label: String, _ isMember: (Int) -> Bool) -> Stratum? {
    let rows = targets.indices.filter(isMember)
    guard !rows.isEmpty else { return nil }
    return Stratum(
      label: label,
      metrics: RegressionMetrics(
        targets: rows.map { targets[$0] }, censoring: rows.map { censoring[$0] },
        mean: rows.map { validation.predictions.mean[$0] },
        standardDeviation: rows.map { validation.predictions.standardDeviation[$0] },
        lower: rows.map { validation.lower[$0] }, upper: rows.map { validation.upper[$0] },
        level: validation.intervalLevel))
  }

  private func lines(title: String, _ strata: [Stratum], width: Int) -> [String] {
    var table = TextTable([
      (title, .left), ("rows", .right), ("MAE", .right), ("NLPD", .right), ("in interval", .right), ("width", .right),
    ])
    for stratum in strata {
      table.append([
        stratum.label, "\(stratum.metrics.count)", stratum.metrics.meanAbsoluteError?.fixed(3) ?? "–",
        stratum.metrics.negativeLogPredictiveDensity.fixed(3), stratum.metrics.coverage?.fixed(3) ?? "–", stratum.metrics.meanWidth.fixed(2),
      ])
    }
    return table.lines(width: width)
  }

  /// What to keep in mind about the scores, one sentence a line.
  ///
  /// - Parameter scrambledRSquared: of the same validation with targets exchanged at random.
  public func cautions(scrambledRSquared: Double?) -> [String] {
    var lines: [String] = []
    let known = validation.nearlyKnownCount
    if known > 0 {
      lines.append(
        "\(known) of \(targets.count) held-out rows have a composition within \(ModelValidation.leakageDistance) of one "
          + "trained on; the rows beyond say more about new materials.")
    }
    if let scrambledRSquared {
      let isSuspicious = scrambledRSquared > ModelValidation.suspiciousScrambledRSquared
      lines.append(
        "With targets exchanged at random R² is \(scrambledRSquared.fixed(2))"
          + (isSuspicious
            ? ": the folds give answers away; check the group column." : ", as it should be: at or below 0."))
    }
    return lines
  }
}
