import Modeling

extension LeagueTable {
  /// The table for a terminal, best first.
  public func text(width: Int = 100) -> [String] {
    var table = TextTable([
      ("model", .left), ("MAE", .right), ("95% interval", .right), ("NLPD", .right), ("Spearman", .right),
      ("weight", .right), ("note", .left),
    ])
    for row in cells { table.append(row) }
    return table.lines(width: width)
  }

  /// A row for each candidate, best first.
  var cells: [[String]] {
    let order = lines.indices.sorted {
      (lines[$0].meanAbsoluteError ?? .infinity, $0) < (lines[$1].meanAbsoluteError ?? .infinity, $1)
    }
    return order.map { lines[$0] }.map { line in
      let interval = line.lower.flatMap { lower in line.upper.map { "\(lower.fixed(3)) to \($0.fixed(3))" } }
      return [
        line.model, line.meanAbsoluteError?.fixed(3) ?? "–", interval ?? "–",
        line.negativeLogPredictiveDensity?.fixed(3) ?? "–", line.spearman?.fixed(3) ?? "–",
        line.weight.fixed(2), line.note,
      ]
    }
  }
}
