/// Why a space file cannot be used.
public enum SpaceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is no TOML.
  case syntax(file: String, line: Int, column: Int, problem: String)
  /// Something in it is wrong: where, what, and the way out.
  case invalid(file: String, line: Int, key: String, problem: String, remedy: String)
  /// More candidates than can be counted.
  case tooLarge

  public var description: String {
    switch self {
    case .syntax(let file, let line, let column, let problem):
      "\(file):\(line): column \(column): \(problem); correct the TOML syntax"
    case .invalid(let file, let line, let key, let problem, let remedy):
      "\(file):\(line): \(key.isEmpty ? "" : "\(key): ")\(problem); \(remedy)"
    case .tooLarge:
      "the space has more than 2^62 candidates; take fewer elements, amounts or steps"
    }
  }
}
