import Modeling

/// A comparison of models as text, in the order that was asked for.
public struct ComparisonTable: Sendable {
  private let comparison: ModelComparison

  public init(_ comparison: ModelComparison) { self.comparison = comparison }

  public func lines(width: Int = 120) -> [String] {
    func text(_ value: Double?) -> String { value?.fixed(3) ?? "–" }
    let isClipped = comparison.lines.contains { $0.clippedError != nil }
    var table = TextTable(
      [("model", .left), ("MAE", .right), ("range", .right)]
        + (isClipped ? [("clipped, all", .right), ("measured", .right)] : [])
        + [
          ("NLPD", .right), ("Spearman", .right), ("coverage", .right), ("width", .right), ("difference", .right),
          ("95% interval", .right),
        ],
      wrapped: ["model"])
    for line in comparison.lines {
      let interval = line.lower.flatMap { low in line.upper.map { "\(low.fixed(3)) to \($0.fixed(3))" } }
      table.append(
        [line.model, text(line.meanAbsoluteError), text(line.range)]
          + (isClipped ? [text(line.clippedError), text(line.clippedMeasuredError)] : [])
          + [
            line.negativeLogPredictiveDensity.fixed(3), text(line.spearman), text(line.coverage), line.meanWidth.fixed(2),
            text(line.difference), interval ?? "–",
          ])
    }
    return table.lines(width: width)
  }
}
