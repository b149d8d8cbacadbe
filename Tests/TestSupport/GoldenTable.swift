import Foundation

/// A CSV of reference values in the folder `Golden` beside a test file: bare cells, no quotes.
public struct GoldenTable {
  public let columns: [String]
  public let rows: [[String]]

  /// - Parameter folder: `#filePath` of the test.
  public init(folder: String, _ name: String) throws {
    let url = URL(fileURLWithPath: folder).deletingLastPathComponent()
      .appendingPathComponent("Golden/\(name)")
    var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    columns = lines.removeFirst()
    rows = lines
  }
}
