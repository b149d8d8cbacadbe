import Regression

/// How the candidates of an automatic choice did on rows of groups they had not seen.
public struct LeagueTable: Sendable, Codable, Equatable {
  public struct Line: Sendable, Codable, Equatable {
    /// A kind of model, or `stack` for the mixture of all.
    public let model: String
    /// Mean absolute error of the measured rows; nil where every row is censored, or for one left out.
    public let meanAbsoluteError: Double?
    /// Bounds of its 95% confidence interval, from drawing whole groups again.
    public let lower: Double?
    public let upper: Double?
    public let negativeLogPredictiveDensity: Double?
    public let spearman: Double?
    /// Share of the model in the final predictions.
    public let weight: Double
    /// Why the candidate was not tried; empty for one that was.
    public let note: String
  }

  public let lines: [Line]

  init(_ league: ModelLeague) {
    func line(
      _ model: String, _ metrics: RegressionMetrics, _ interval: ClosedRange<Double>?, weight: Double
    ) -> Line {
      Line(
        model: model, meanAbsoluteError: metrics.meanAbsoluteError, lower: interval?.lowerBound,
        upper: interval?.upperBound, negativeLogPredictiveDensity: metrics.negativeLogPredictiveDensity,
        spearman: metrics.spearman, weight: weight, note: "")
    }
    var lines = league.entries.map { entry in
      line(
        entry.kind.rawValue, entry.metrics, entry.errorInterval,
        weight: league.chosen.first { $0.kind == entry.kind }?.weight ?? 0)
    }
    if league.entries.count > 1 {
      let isStack = league.chosen.count > 1
      lines.append(line("stack", league.stack, league.stackErrorInterval, weight: isStack ? 1 : 0))
    }
    lines += league.skipped.map {
      Line(
        model: $0.rawValue, meanAbsoluteError: nil, lower: nil, upper: nil, negativeLogPredictiveDensity: nil,
        spearman: nil, weight: 0, note: "beyond the budget")
    }
    self.lines = lines
  }
}
