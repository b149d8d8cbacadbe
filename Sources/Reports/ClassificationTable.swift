import Regression

/// Scores of a classification, and how its probabilities came out.
public struct ClassificationTable: Sendable {
  private let metrics: ClassificationMetrics

  public init(_ metrics: ClassificationMetrics) { self.metrics = metrics }

  public func lines(width: Int = 100) -> [String] {
    func text(_ value: Double?) -> String { value?.fixed(3) ?? "–" }
    var lines = [
      "\(metrics.positives) of \(metrics.count) rows; F1 \(text(metrics.f1)), precision \(text(metrics.precision)), recall "
        + "\(text(metrics.recall)), accuracy \(text(metrics.accuracy)), AUC \(text(metrics.auc))",
      "Brier \(text(metrics.brier)), log loss \(text(metrics.logLoss)), calibration error \(text(metrics.calibrationError))",
      "",
    ]
    var table = TextTable([("rows", .right), ("mean probability", .right), ("share that is", .right)])
    for bin in metrics.reliability { table.append(["\(bin.rows)", bin.meanProbability.fixed(3), bin.share.fixed(3)]) }
    lines += table.lines(width: width)
    return lines
  }
}
