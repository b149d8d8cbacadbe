import Chemistry
import Tables

extension Table {
  /// The table with one row for each composition that a formula with ranges stands for.
  ///
  /// `Li7-xLa3Zr2-xTaxO12 (x=0:0.6:0.1)` becomes seven rows with one value of x each; other cells, file and line
  /// are those of the row it came from. Rows whose formula cannot be read stay, for their reader to report.
  public func expandingFormulas(in column: String) -> Table {
    guard let index = index(of: column), rows.contains(where: { $0.cells[index].contains("=") }) else { return self }
    var expanded = self
    expanded.rows = rows.flatMap { row -> [Row] in
      guard row.cells[index].contains("="), let series = try? FormulaSeries(formula: row.cells[index]), series.count > 1
      else { return [row] }
      return (0..<series.count).map { member in
        var copy = row
        copy.cells[index] = series.text(at: member)
        return copy
      }
    }
    return expanded
  }
}
