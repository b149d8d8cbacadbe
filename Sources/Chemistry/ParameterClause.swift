/// Values of parameters behind a formula: `(x=0.25)`, `; x = 0.25`, `, x=0:0.6:0.1, y=0.2`, `for x = 0,0.1,0.2`.
struct ParameterClause {
  struct Parameter {
    let name: Character
    let values: [Double]
    /// Of the name, from 1.
    let position: Int
  }
  let parameters: [Parameter]
  /// The characters with blanks in place of what was read.
  let rest: [Character]

  /// How many combinations of values there are.
  var count: Int {
    parameters.reduce(1) { product, parameter in
      let (count, overflow) = product.multipliedReportingOverflow(by: parameter.values.count)
      return overflow ? .max : count
    }
  }

  /// The values of combination `index`; the last parameter runs fastest.
  func values(at index: Int) -> [Character: Double] {
    var rest = index
    var result: [Character: Double] = [:]
    for parameter in parameters.reversed() {
      result[parameter.name] = parameter.values[rest % parameter.values.count]
      rest /= parameter.values.count
    }
    return result
  }

  init(_ text: String, _ characters: [Character]) throws(FormulaError) {
    guard characters.contains("=") else {
      parameters = []
      rest = characters
      return
    }
    var found: [Parameter] = []
    var regions: [Range<Int>] = []
    var index = 0
    while index < characters.count {
      guard let (parameter, end) = try Self.parameter(at: index, text, characters) else {
        index += 1
        continue
      }
      guard !found.contains(where: { $0.name == parameter.name }) else {
        throw FormulaError(kind: .badParameter(String(parameter.name)), text: text, position: index + 1)
      }
      found.append(parameter)
      // "x=0.1, y=0.2" is one region.
      if let last = regions.last, characters[last.upperBound..<index].allSatisfy({ ",; ".contains($0) }) {
        regions[regions.count - 1] = last.lowerBound..<end
      } else {
        regions.append(index..<end)
      }
      index = end
    }
    var rest = characters
    for region in regions {
      var (start, end) = (region.lowerBound, region.upperBound)
      func skipBlanks() { while start > 0, characters[start - 1].isWhitespace { start -= 1 } }
      skipBlanks()
      for word in ["for", "with", "where", "at"] {
        let letters = Array(word)
        if start > letters.count, Array(characters[(start - letters.count)..<start]) == letters,
          characters[start - letters.count - 1].isWhitespace || "(,;".contains(characters[start - letters.count - 1])
        {
          start -= letters.count
          skipBlanks()
        }
      }
      var close = end
      while close < characters.count, characters[close].isWhitespace { close += 1 }
      if start > 0, close < characters.count,
        [["(", ")"], ["[", "]"]].contains([characters[start - 1], characters[close]])
      {
        (start, end) = (start - 1, close + 1)
      } else if start > 0, ",;|".contains(characters[start - 1]) {
        start -= 1
      }
      for i in start..<end { rest[i] = " " }
    }
    parameters = found
    self.rest = rest
  }

  /// `x = VALUES` at `index`.
  private static func parameter(
    at index: Int, _ text: String, _ characters: [Character]
  ) throws(FormulaError) -> (Parameter, end: Int)? {
    guard FormulaParameters.isName(characters[index]) else { return nil }
    if index > 0, !characters[index - 1].isWhitespace, !"([;,|".contains(characters[index - 1]) { return nil }
    var next = index + 1
    func skipBlanks() { while next < characters.count, characters[next].isWhitespace { next += 1 } }
    skipBlanks()
    guard next < characters.count, characters[next] == "=" else { return nil }
    next += 1
    skipBlanks()
    let start = next
    var end = start
    var values: [Double] = []
    func fail() -> FormulaError {
      var last = max(end, start)
      while last < characters.count, !characters[last].isWhitespace, !")];".contains(characters[last]) { last += 1 }
      return FormulaError(
        kind: .badParameter(String(characters[start..<last])), text: text, position: min(start + 1, characters.count))
    }
    func number() -> Double? {
      guard let (value, after) = Self.number(at: next, characters) else { return nil }
      next = after
      return value
    }
    while let first = number() {
      end = next
      if next < characters.count, characters[next] == ":" {
        next += 1
        guard let stop = number(), next < characters.count, characters[next] == ":" else { throw fail() }
        next += 1
        guard let step = number(), step > 0, stop >= first, (stop - first) / step < Double(FormulaParser.maximumMembers)
        else { throw fail() }
        for i in 0...Int(((stop - first) / step + 1e-9).rounded(.down)) {
          values.append(((first + Double(i) * step) * 1e12).rounded() / 1e12)
        }
        end = next
      } else {
        values.append(first)
      }
      skipBlanks()
      guard next < characters.count, characters[next] == "," else { break }
      next += 1
      skipBlanks()
    }
    guard !values.isEmpty, end == characters.count || characters[end].isWhitespace || ")];,|+".contains(characters[end])
    else { throw fail() }
    return (Parameter(name: characters[index], values: values, position: index + 1), end)
  }

  /// `0.25`, `-1`, `1/3`, `1e-3`.
  private static func number(at start: Int, _ characters: [Character]) -> (Double, end: Int)? {
    func decimal(_ from: Int) -> (Double, Int)? {
      var end = from
      while end < characters.count, characters[end].isASCII,
        characters[end].isNumber || ".+-−e".contains(characters[end])
      {
        if "+-−".contains(characters[end]), end > from, characters[end - 1] != "e" { break }
        end += 1
      }
      let digits = String(characters[from..<end].map { $0 == "−" ? "-" : $0 })
      guard let value = Double(digits), value.isFinite, abs(value) < 1e6 else { return nil }
      return (value, end)
    }
    guard let (first, end) = decimal(start) else { return nil }
    guard end < characters.count, characters[end] == "/" else { return (first, end) }
    guard let (divisor, last) = decimal(end + 1), divisor != 0 else { return nil }
    return (first / divisor, last)
  }
}
