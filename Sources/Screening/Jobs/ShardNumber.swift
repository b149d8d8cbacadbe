/// Which part of a job: the i-th of N, counted from one.
public struct ShardNumber: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  public let number: Int
  public let count: Int

  public static let whole = ShardNumber(unchecked: 1, of: 1)

  private init(unchecked number: Int, of count: Int) {
    self.number = number
    self.count = count
  }

  /// Reads `3/16`. - Throws: `ShardError.badNumber`.
  public init(parsing text: String) throws(ShardError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, count <= 10_000_000,
      (1...count).contains(number)
    else { throw .badNumber(text) }
    self.init(unchecked: number, of: count)
  }

  /// All shards of a count.
  static func all(of count: Int) -> [ShardNumber] { (1...max(1, count)).map { ShardNumber(unchecked: $0, of: count) } }

  /// Its tiles, out of all; parts differ by one tile at most.
  public func tiles(of total: Int) -> Range<Int> {
    // total · number can overflow a word.
    func edge(_ k: Int) -> Int {
      let product = total.multipliedFullWidth(by: k)
      return count.dividingFullWidth(product).quotient
    }
    return edge(number - 1)..<edge(number)
  }

  public var description: String { "\(number)/\(count)" }

  public static func < (a: ShardNumber, b: ShardNumber) -> Bool { (a.count, a.number) < (b.count, b.number) }
}

/// Why shards cannot be run, read or merged.
public enum ShardError: Error, Equatable, Sendable, CustomStringConvertible {
  case badNumber(String)
  case notAShard(String, reason: String)
  case otherJob(String, differs: String)
  case overlapping(String, String)
  case missing([String])
  case otherShard(String, expected: String)
  case nothingToMerge

  public var description: String {
    switch self {
    case .badNumber(let text): "\"\(text)\" is no shard; write I/N with I from 1 to N, such as 3/16"
    case .notAShard(let path, let reason): "\(path): is no shard of a screening job (\(reason)); give files that screen --shard wrote"
    case .otherJob(let path, let differs): "\(path): belongs to another job (\(differs)); merge shards of one space, model set, settings and version"
    case .overlapping(let a, let b): "\(a) and \(b) hold the same part of the job; give each shard once"
    case .missing(let names):
      "the job is not complete: missing \(names.count == 1 ? "shard" : "shards") \(names.prefix(50).joined(separator: ", "))"
        + (names.count > 50 ? " and \(names.count - 50) more" : "")
        + "; run \(names.count == 1 ? "it" : "them") and merge again, or merge into a .shard file for now"
    case .otherShard(let path, let expected): "\(path): is a checkpoint of another part of the job, not of \(expected); remove it or run without --resume"
    case .nothingToMerge: "no shards were given; name the files that screen --shard wrote"
    }
  }
}
