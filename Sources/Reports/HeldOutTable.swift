import Foundation
import Modeling
import Regression
import Tables

/// The held-out prediction of every row beside what was measured, as CSV.
public struct HeldOutTable: Sendable {
  /// Rows in the order of the measurements; `measured` is the bound for a censored row.
  public let csv: Data

  public init(_ validation: ModelValidation, of data: Measurements, options: ModelingOptions) {
    let prefix = options.log10 ? "log10_" : ""
    var writer = CSVWriter(
      columns: ["file", "line", "formula", "group", "fold", "bound"]
        + ["measured", "mean", "std", "lower", "upper"].map { prefix + $0 } + ["domain", "distance"])
    var fold = [Int](repeating: 0, count: data.count)
    for (index, part) in validation.folds.enumerated() { for row in part.rows { fold[row] = index + 1 } }
    for (index, row) in data.rows.enumerated() {
      let bound = switch row.censoring {
      case .none: ""
      case .left: "<"
      case .right: ">"
      }
      let numbers = [
        row.target, validation.predictions.mean[index], validation.predictions.standardDeviation[index],
        validation.lower[index], validation.upper[index], validation.domainScores[index],
        validation.nearestDistances[index],
      ]
      writer.append(
        [row.location.file, "\(row.location.line)", row.sample.formula, row.groupCell, "\(fold[index])", bound]
          + numbers.map(CSVWriter.number))
    }
    csv = writer.data
  }
}
