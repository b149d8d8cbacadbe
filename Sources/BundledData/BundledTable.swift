/// The rows of a bundled table, by column name.
///
/// Bundled tables are plain: comma, LF, no quotation marks; a test reads each of them.
public struct BundledTable: Sendable {
  public let columns: [String]
  /// One cell for each column; empty where the source has no value.
  public let rows: [[Substring]]

  public init(_ data: BundledData) {
    let lines = data.text.split(separator: "\n")
    columns = lines.first.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  /// The cells of a column; a name that is not there is a mistake in the program.
  public func column(_ name: String) -> [Substring] {
    guard let index = columns.firstIndex(of: name) else { preconditionFailure("no bundled column \(name)") }
    return rows.map { $0[index] }
  }

  /// The numbers of a column; nil where the source has no value.
  public func numbers(_ name: String) -> [Double?] { column(name).map { Double($0) } }
}
