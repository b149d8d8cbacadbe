import Screening

/// A screening result in columns, each with its unit; what all output formats write.
public struct ScreeningTable: Sendable {
  public struct Column: Sendable, Encodable, Equatable {
    public let name: String
    /// Empty for text and counts.
    public let unit: String
    public let meaning: String
  }

  public enum Cell: Sendable, Equatable {
    case integer(Int)
    case number(Double)
    case text(String)
  }

  public let columns: [Column]
  public let rows: [[Cell]]

  public init(_ result: ScreeningResult) {
    let settings = result.description.settings
    var columns = [
      Column(name: "rank", unit: "", meaning: "place, from 1"),
      Column(name: "formula", unit: "", meaning: "composition as generated"),
      Column(name: "score", unit: "", meaning: "\(settings.rule.rawValue) of \(settings.objective.isMinimised ? "min" : "max"):\(settings.objective.model); larger is better"),
    ]
    for model in result.description.models {
      let level = settings.intervalLevel
      columns += [
        Column(name: model.name, unit: model.predicts, meaning: "predicted mean"),
        Column(name: "\(model.name)_std", unit: model.predicts, meaning: "standard deviation of a new measurement"),
        Column(name: "\(model.name)_lower", unit: model.predicts, meaning: "lower end of the central \(level) interval"),
        Column(name: "\(model.name)_upper", unit: model.predicts, meaning: "upper end of the central \(level) interval"),
        Column(name: "\(model.name)_domain", unit: "", meaning: "coverage by the training data, 0 to 1"),
      ]
    }
    columns += [
      Column(name: "feasible", unit: "", meaning: "probability of meeting all constraints"),
      Column(name: "nearest", unit: "", meaning: "nearest training composition of \(settings.objective.model)"),
      Column(name: "nearest_distance", unit: "atomic fraction", meaning: "summed absolute difference of atomic fractions, 0 to 2"),
      Column(name: "origin", unit: "", meaning: "how the candidate came about"),
      Column(name: "index", unit: "", meaning: "position in the space, from 0"),
    ]
    self.columns = columns
    rows = result.rows.enumerated().map { place, row in
      var cells: [Cell] = [.integer(place + 1), .text(row.formula), .number(row.score)]
      for p in row.predictions {
        cells += [p.mean, p.standardDeviation, p.lower, p.upper, p.domain].map(Cell.number)
      }
      return cells + [
        .number(row.feasibility), .text(row.nearest), .number(row.nearestDistance), .text(row.origin),
        .integer(row.index),
      ]
    }
  }
}
