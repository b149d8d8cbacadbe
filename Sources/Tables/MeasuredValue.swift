/// A number as people write it in a table: plain, or a bound such as `<1E-10`.
public struct MeasuredValue: Sendable, Equatable {
  public enum Bound: Sendable, Equatable {
    /// The value itself.
    case exact
    /// At or below: below the limit of detection.
    case upper
    /// At or above.
    case lower
  }

  public let number: Double
  public let bound: Bound

  public init(number: Double, bound: Bound = .exact) {
    self.number = number
    self.bound = bound
  }

  /// Why a cell is not a number, and what to write instead.
  public struct ParseError: Error, Equatable, Sendable {
    public let problem: String
    public let remedy: String

    public init(problem: String, remedy: String) {
      self.problem = problem
      self.remedy = remedy
    }
  }

  /// Reads `1.5e-4`, `<1E-10`, `≥ 3`, `−2`, `1.2×10^-4`; refuses units, decimal commas and words.
  public init(parsing cell: String) throws(ParseError) {
    var text = cell.filter { !$0.isWhitespace }[...]
    guard !text.isEmpty else {
      throw ParseError(problem: "the cell is empty", remedy: "give a number or remove the row")
    }
    var bound = Bound.exact
    if let first = text.first, let found = MeasuredValue.bounds[first] {
      bound = found
      text.removeFirst()
      if text.first == "=" { text.removeFirst() }
    }
    let plain = MeasuredValue.plainNotation(text)
    guard let number = Double(plain), !plain.lowercased().hasPrefix("0x") else {
      throw MeasuredValue.explain(cell, text)
    }
    guard number.isFinite else {
      throw ParseError(problem: "\"\(cell)\" is not a finite number", remedy: "give a number or remove the row")
    }
    self.number = number
    self.bound = bound
  }

  private static let bounds: [Character: Bound] = [
    "<": .upper, "≤": .upper, "⩽": .upper, ">": .lower, "≥": .lower, "⩾": .lower,
  ]

  /// `1.2×10^-4`, `1.2x10-4` and the typographic minus, in the notation of `Double`.
  private static func plainNotation(_ text: Substring) -> String {
    var result = text.replacing("−", with: "-").replacing("–", with: "-")
    for times in ["×10^", "x10^", "*10^", "·10^", "×10", "x10"] where result.contains(times) {
      result = result.replacing(times, with: "e", maxReplacements: 1)
      break
    }
    return String(result)
  }

  private static func explain(_ cell: String, _ text: Substring) -> ParseError {
    let isDecimalComma = text.count { $0 == "," } == 1 && Double(text.replacing(",", with: ".")) != nil
    if isDecimalComma {
      return ParseError(
        problem: "\"\(cell)\" has a decimal comma", remedy: "write \(text.replacing(",", with: "."))")
    }
    let numeric = text.prefix { $0.isNumber || "+-.eE−".contains($0) }
    let unit = text.dropFirst(numeric.count)
    if Double(plainNotation(numeric)) != nil, unit.contains(where: \.isLetter) {
      return ParseError(
        problem: "\"\(cell)\" carries a unit (\(unit))",
        remedy: "convert to the unit of the column and write the number alone")
    }
    return ParseError(problem: "\"\(cell)\" is not a number", remedy: "give a number or remove the row")
  }
}
