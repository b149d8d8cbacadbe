/// An amount with variables, linear: `7-3x-y`, `2 - x`, `0.5x`, `12`.
struct AmountExpression: Sendable, Equatable {
  private(set) var constant = 0.0
  /// Coefficient of each variable.
  private(set) var terms: [String: Double] = [:]

  /// - Returns: nil for text that is no such sum.
  init?(_ text: some StringProtocol) {
    let letters = Array(text.filter { !$0.isWhitespace })
    guard !letters.isEmpty else { return nil }
    var position = 0
    var isFirst = true
    while position < letters.count {
      var sign = 1.0
      if letters[position] == "+" || letters[position] == "-" || letters[position] == "−" {
        sign = letters[position] == "+" ? 1 : -1
        position += 1
      } else if !isFirst {
        return nil
      }
      isFirst = false
      var digits = ""
      while position < letters.count, letters[position].isASCII, letters[position].isNumber || letters[position] == "." {
        digits.append(letters[position])
        position += 1
      }
      if position < letters.count, letters[position] == "*" || letters[position] == "·" {
        guard !digits.isEmpty else { return nil }
        position += 1
        guard position < letters.count, letters[position].isLetter else { return nil }
      }
      var name = ""
      while position < letters.count, letters[position].isLetter || (!name.isEmpty && letters[position] == "_") {
        name.append(letters[position])
        position += 1
      }
      guard !digits.isEmpty || !name.isEmpty else { return nil }
      guard let number = digits.isEmpty ? 1 : Double(digits), number.isFinite else { return nil }
      if name.isEmpty { constant += sign * number } else { terms[name, default: 0] += sign * number }
    }
  }

  /// The amount, with a value for each variable in the order of `names`.
  func value(_ values: [Double], names: [String]) -> Double {
    var sum = constant
    for (name, value) in zip(names, values) { if let factor = terms[name] { sum += factor * value } }
    return sum
  }
}
