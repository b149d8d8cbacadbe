import Modeling

/// Permutation importances as text, most important first.
public struct ImportanceTable: Sendable {
  private let importances: [PermutationImportance.Line]

  public init(_ lines: [PermutationImportance.Line]) { importances = lines }

  public func lines(width: Int = 100) -> [String] {
    var table = TextTable([("family", .left), ("columns", .right), ("rise of MAE", .right), ("±", .right)])
    for line in importances {
      table.append([line.family, "\(line.columns)", line.increase.fixed(3), line.standardError.fixed(3)])
    }
    return table.lines(width: width)
  }
}
