/// Groups of rows from text cells, each of which may name several groups separated by `|`.
///
/// Rows that share any one name are in one group, and so are rows linked by a chain of such rows:
/// a group is a connected set. Measurements published together must not be split between
/// training and validation, and a row with two DOIs belongs to both publications.
///
///     GroupLabels(cells: ["a", "b", "a|c", "c"]).labels   // [0, 1, 0, 0]
///
/// Spaces around a name are dropped. A DOI is compared without regard to case and without a
/// resolver address in front, as DOIs are defined to be; any other name is compared exactly. An
/// empty cell links its row to nothing.
public struct GroupLabels: Sendable, Equatable {
  /// One number for each cell, from 0, in the order of first appearance.
  public let labels: [Int]
  /// The number of groups.
  public let count: Int

  /// O(total length of the cells), by union-find.
  public init(cells: some Sequence<String>) {
    var parents: [Int] = []
    func root(_ start: Int) -> Int {
      var i = start
      while parents[i] != i {
        parents[i] = parents[parents[i]]
        i = parents[i]
      }
      return i
    }
    var firstRow: [String: Int] = [:]
    for (row, cell) in cells.enumerated() {
      parents.append(row)
      for part in cell.split(separator: "|") {
        let name = Self.key(part)
        guard !name.isEmpty else { continue }
        if let other = firstRow[name] {
          let (a, b) = (root(other), root(row))
          parents[max(a, b)] = min(a, b)
        } else {
          firstRow[name] = row
        }
      }
    }
    var numbers: [Int: Int] = [:]
    labels = parents.indices.map { row in
      let r = root(row)
      if let number = numbers[r] { return number }
      let number = numbers.count
      numbers[r] = number
      return number
    }
    count = numbers.count
  }

  private static let resolvers = [
    "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:",
  ]

  private static func key(_ part: Substring) -> String {
    var name = part
    while name.first?.isWhitespace == true { name.removeFirst() }
    while name.last?.isWhitespace == true { name.removeLast() }
    let folded = name.lowercased()
    for prefix in Self.resolvers where folded.hasPrefix(prefix + "10.") {
      return String(folded.dropFirst(prefix.count))
    }
    return folded.hasPrefix("10.") && folded.contains("/") ? folded : String(name)
  }
}
