import Foundation
import Tables

/// Which rows of a table take part: `temperature_C=20..30`, `family=argyrodite`.
public struct RowFilter: Sendable, Equatable {
  public let column: String
  public let range: ClosedRange<Double>?
  public let text: String

  /// - Throws: `CampaignError.badFilter`.
  public init(parsing filter: String) throws(CampaignError) {
    guard let equals = filter.firstIndex(of: "="), equals != filter.startIndex else { throw .badFilter(filter) }
    column = String(filter[..<equals]).trimmingCharacters(in: .whitespaces)
    text = String(filter[filter.index(after: equals)...]).trimmingCharacters(in: .whitespaces)
    if let dots = text.firstRange(of: "..") {
      guard let low = Double(text[..<dots.lowerBound]), let high = Double(text[dots.upperBound...]), low <= high else {
        throw .badFilter(filter)
      }
      range = low...high
    } else {
      range = nil
    }
  }

  /// The rows that pass. Cells that hold no number do not pass a range.
  ///
  /// - Throws: `TableError.missingColumn`.
  public func rows(of table: Table) throws(TableError) -> Table {
    let index = try table.requireIndex(of: column)
    var result = table
    result.rows = table.rows.filter { row in
      let cell = row.cells[index]
      if let range { return Double(cell.trimmingCharacters(in: .whitespaces)).map(range.contains) ?? false }
      return cell == text
    }
    return result
  }
}
