import Modeling

/// A data check as text, most serious first.
public struct DataCheckReport: Sendable {
  private let check: DataCheck
  private let unit: String

  /// A report in which differences have a unit, such as `decades`.
  public init(_ check: DataCheck, unit: String) {
    self.check = check
    self.unit = unit
  }

  /// One sentence, for a program that goes on to train.
  public var summary: String {
    "\(count(check.conflicts.count, "composition")) with values \(unit) apart, \(count(check.outliers.count, "outlier")) "
      + "against neighbours, \(count(check.duplicates.count, "value")) given twice"
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// - Parameter limit: at most so many of each kind.
  public func lines(limit: Int = 20) -> [String] {
    var lines = ["\(check.rowCount) rows checked: \(summary)."]
    if let noise = check.noise {
      lines.append(
        "Repeats: \(noise.compositions) compositions measured by several groups; half of \(noise.pairs) pairs differ by more "
          + "than \(noise.medianDifference.fixed(2)) \(unit); a single measurement scatters by \(noise.deviation.fixed(2)).")
    }
    section("Same composition, values apart", check.conflicts, limit, &lines) { conflict, lines in
      lines.append("\(conflict.rows[0].formula): \(conflict.spread.fixed(2)) \(unit) apart")
      for row in conflict.rows { lines.append("  " + describe(row)) }
    }
    section("Outliers against measured neighbours", check.outliers, limit, &lines) { outlier, lines in
      lines.append(
        "\(describe(outlier.row)): neighbours have \(outlier.expected.fixed(2)), \(outlier.score.fixed(1)) deviations away"
          + (outlier.unitHint.isEmpty ? "" : "; \(outlier.unitHint)"))
    }
    section("Temperatures that look like kelvin", check.kelvin, limit, &lines) { row, lines in lines.append(describe(row)) }
    section("Given more than once", check.duplicates, limit, &lines) { duplicate, lines in
      lines.append(duplicate.rows.map { describe($0) }.joined(separator: " = "))
    }
    return lines
  }

  private func section<T>(
    _ title: String, _ items: [T], _ limit: Int, _ lines: inout [String], _ add: (T, inout [String]) -> Void
  ) {
    guard !items.isEmpty else { return }
    lines += ["", "\(title) (\(items.count)):"]
    for item in items.prefix(limit) { add(item, &lines) }
    if items.count > limit { lines.append("… and \(items.count - limit) more; --limit shows them") }
  }

  private func describe(_ row: DataCheck.Row) -> String {
    let temperature = row.temperature.map { " at \($0.fixed(0)) °C" } ?? ""
    return "\(row.file):\(row.line) \(row.formula)\(temperature) \(row.value.fixed(2))"
      + (row.group.isEmpty ? "" : " (\(row.group))")
  }
}
