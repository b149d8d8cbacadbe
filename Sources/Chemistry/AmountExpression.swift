/// An amount with variables, linear: `7-3x-y`, `2 - x`, `0.5x`, `(7-x)/2`, `2(1-x)`, `12`.
package struct AmountExpression: Sendable, Equatable {
  package private(set) var constant = 0.0
  /// Coefficient of each variable.
  package private(set) var terms: [String: Double] = [:]

  /// - Returns: nil for text that is no such sum.
  package init?(_ text: some StringProtocol) {
    var parser = Parser(letters: Array(text.filter { !$0.isWhitespace }))
    guard let sum = parser.sum(), parser.position == parser.letters.count else { return nil }
    self = sum
  }

  private init(constant: Double, terms: [String: Double] = [:]) {
    self.constant = constant
    self.terms = terms
  }

  /// The amount, with a value for each variable in the order of `names`.
  package func value(_ values: [Double], names: [String]) -> Double {
    var sum = constant
    for (name, value) in zip(names, values) { if let factor = terms[name] { sum += factor * value } }
    return sum
  }

  private mutating func add(_ other: AmountExpression, sign: Double) {
    constant += sign * other.constant
    terms.merge(other.terms.mapValues { sign * $0 }) { $0 + $1 }
  }

  private func scaled(by factor: Double) -> AmountExpression {
    AmountExpression(constant: factor * constant, terms: terms.mapValues { factor * $0 })
  }

  /// The product, if one of the two is a number.
  private func multiplied(by other: AmountExpression) -> AmountExpression? {
    if terms.isEmpty { return other.scaled(by: constant) }
    return other.terms.isEmpty ? scaled(by: other.constant) : nil
  }

  private struct Parser {
    let letters: [Character]
    var position = 0
    var depth = 0

    var next: Character? { position < letters.count ? letters[position] : nil }

    /// `[±] product (± product)*`
    mutating func sum() -> AmountExpression? {
      var sum = AmountExpression(constant: 0)
      var isFirst = true
      while let letter = next, letter != ")" {
        var sign = 1.0
        if letter == "+" || letter == "-" || letter == "−" {
          sign = letter == "+" ? 1 : -1
          position += 1
        } else if !isFirst {
          return nil
        }
        isFirst = false
        guard let product = product() else { return nil }
        sum.add(product, sign: sign)
      }
      return isFirst ? nil : sum
    }

    /// `factor ([*] factor | / number)*`
    private mutating func product() -> AmountExpression? {
      guard var result = factor() else { return nil }
      while let letter = next {
        if letter == "/" {
          position += 1
          guard let divisor = number(), divisor != 0 else { return nil }
          result = result.scaled(by: 1 / divisor)
          // 1/2x could be either.
          if let next, next.isLetter { return nil }
        } else if letter == "*" || letter == "·" {
          position += 1
          guard let other = factor(), let product = result.multiplied(by: other) else { return nil }
          result = product
        } else if letter == "(" || letter.isLetter {
          guard let other = factor(), let product = result.multiplied(by: other) else { return nil }
          result = product
        } else {
          return result
        }
      }
      return result
    }

    private mutating func factor() -> AmountExpression? {
      if next == "(" {
        guard depth < 16 else { return nil }
        position += 1
        depth += 1
        guard let sum = sum(), next == ")" else { return nil }
        depth -= 1
        position += 1
        return sum
      }
      if let number = number() { return AmountExpression(constant: number) }
      var name = ""
      while let letter = next, letter.isLetter || (!name.isEmpty && letter == "_") {
        name.append(letter)
        position += 1
      }
      return name.isEmpty ? nil : AmountExpression(constant: 0, terms: [name: 1])
    }

    private mutating func number() -> Double? {
      let start = position
      while let letter = next, letter.isASCII, letter.isNumber || letter == "." { position += 1 }
      guard position > start else { return nil }
      // 1e-05, as small numbers are printed.
      if next == "e", position + 1 < letters.count {
        let isSigned = "+-".contains(letters[position + 1])
        let digit = position + (isSigned ? 2 : 1)
        if digit < letters.count, letters[digit].isASCII, letters[digit].isNumber {
          position = digit
          while let letter = next, letter.isASCII, letter.isNumber { position += 1 }
        }
      }
      let number = Double(String(letters[start..<position]))
      return number.flatMap { $0.isFinite ? $0 : nil }
    }
  }
}
