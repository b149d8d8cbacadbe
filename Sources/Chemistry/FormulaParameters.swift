/// Puts numbers in place of amounts with letters: `Li7-xLa3Zr2-xTaxO12` at x = 0.25.
struct FormulaParameters {
  let values: [Character: Double]

  /// Letters that nobody reads as part of a symbol; without a value they are reported as such.
  private static let usual: Set<Character> = ["x", "y", "z", "w"]

  /// Greek letters in the bytes of a formula, which are ASCII otherwise.
  private static let greek: [Character] = ["α", "β", "γ", "δ", "ε", "ζ", "η", "σ", "ϵ"]

  static func byte(for character: Character) -> UInt8? {
    greek.firstIndex(of: character).map { UInt8(128 + $0) }
  }

  static func isName(_ character: Character) -> Bool {
    (character.isASCII && character.isLowercase) || greek.contains(character)
  }

  /// - Parameter used: gains the letters that were found.
  /// - Throws: `unknownAmount` for a letter without a value, `negativeAmount` where a difference is below 0.
  func substitute(
    _ input: FormulaNormalizer.Result, text: String, used: inout Set<Character>
  ) throws(FormulaError) -> FormulaNormalizer.Result {
    guard !values.isEmpty || input.bytes.contains(where: { Self.usual.contains(Character(UnicodeScalar($0))) || $0 >= 128 })
    else { return input }
    var pass = Substitution(input: input, text: text, parameters: self)
    try pass.run()
    used.formUnion(pass.used)
    return pass.output
  }

  private func name(_ byte: UInt8) -> Character? {
    let name: Character
    if byte >= 128 {
      name = Self.greek[min(Int(byte) - 128, Self.greek.count - 1)]
    } else {
      guard byte &- 97 < 26 else { return nil }
      name = Character(UnicodeScalar(byte))
    }
    return values[name] != nil || Self.usual.contains(name) || byte >= 128 ? name : nil
  }

  private struct Substitution {
    let input: FormulaNormalizer.Result
    let text: String
    let parameters: FormulaParameters
    var output = FormulaNormalizer.Result()
    var used = Set<Character>()
    var index = 0

    init(input: FormulaNormalizer.Result, text: String, parameters: FormulaParameters) {
      self.input = input
      self.text = text
      self.parameters = parameters
      output.finalCharge = input.finalCharge
    }

    /// The number before a part: with letters in it, a minus sign ends what follows instead of continuing it.
    private enum Coefficient { case none, number, letters }

    mutating func run() throws(FormulaError) {
      let bytes = input.bytes
      var coefficient = Coefficient.none
      var outer: [Coefficient] = []
      var isPartStart = true
      while index < bytes.count {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
          copy(symbolLength)
          isPartStart = false
          try amount(after: coefficient)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
          copy(1)
          coefficient = outer.popLast() ?? .none
          isPartStart = false
          try amount(after: coefficient)
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
          if isPartStart, let end = expressionEnd(from: index, sums: false), hasLetters(index..<end) {
            try replace(end)
            coefficient = .letters
          } else {
            outer.append(coefficient)
            coefficient = .none
            copy(1)
          }
          isPartStart = true
        case UInt8(ascii: "*"), UInt8(ascii: "-"):
          copy(1)
          coefficient = .none
          isPartStart = true
        case UInt8(ascii: " "): copy(1)
        case UInt8(ascii: ".") where !(index + 1 < bytes.count && bytes[index + 1] &- 48 < 10):
          copy(1)
          coefficient = .none
          isPartStart = true
        default:
          guard isPartStart, let end = expressionEnd(from: index, sums: false) else {
            copy(1)
            continue
          }
          if hasLetters(index..<end) {
            try replace(end)
            coefficient = .letters
          } else {
            copy(end - index)
            coefficient = .number
          }
        }
      }
    }

    /// Bytes of the symbol at `index`: two only where both are one.
    private var symbolLength: Int {
      guard index + 1 < input.bytes.count, input.bytes[index + 1] &- 97 < 26 else { return 1 }
      if SymbolTable.shared.number(input.bytes[index], input.bytes[index + 1]) != 0 { return 2 }
      // Not two letters of a symbol, unless the first is none by itself or the second no parameter: `Xx` is unknown.
      if SymbolTable.shared.number(input.bytes[index], 0) == 0 { return 2 }
      return parameters.name(input.bytes[index + 1]) == nil ? 2 : 1
    }

    private mutating func copy(_ count: Int) {
      for i in index..<min(index + count, input.bytes.count) {
        output.bytes.append(input.bytes[i])
        output.positions.append(input.positions[i])
        output.isLowered.append(input.isLowered[i])
      }
      index += count
    }

    private func hasLetters(_ range: Range<Int>) -> Bool { range.contains { parameters.name(input.bytes[$0]) != nil } }

    /// Replaces the amount at `index` if it has letters.
    private mutating func amount(after coefficient: Coefficient) throws(FormulaError) {
      guard let short = expressionEnd(from: index, sums: false) else { return }
      let long = expressionEnd(from: index, sums: true) ?? short
      var end = coefficient == .letters ? short : long
      if coefficient == .number, long > short, hasLetters(index..<long) {
        let characters = Array(text)
        let (start, minus) = (input.positions[index] - 1, input.positions[short] - 1)
        let last = input.positions[long - 1]
        throw FormulaError(
          kind: .ambiguous(
            String(characters[..<minus]) + "·" + String(characters[(minus + 1)...]),
            or: String(characters[..<start]) + "(" + String(characters[start..<last]) + ")" + String(characters[last...])),
          text: text, position: minus + 1)
      }
      if !hasLetters(index..<end) { end = short }
      if hasLetters(index..<end) { try replace(end) } else { copy(end - index) }
    }

    private mutating func replace(_ end: Int) throws(FormulaError) {
      let letters = String((index..<end).map { parameters.name(input.bytes[$0]) ?? Character(UnicodeScalar(input.bytes[$0])) })
      let place = input.positions[index]
      for i in index..<end {
        guard let name = parameters.name(input.bytes[i]) else { continue }
        used.insert(name)
        guard parameters.values[name] != nil else {
          throw FormulaError(kind: .unknownAmount(String(name)), text: text, position: input.positions[i])
        }
      }
      let names = Array(parameters.values)
      guard let expression = AmountExpression(letters) else {
        throw FormulaError(kind: .badAmount(letters), text: text, position: place)
      }
      guard expression.terms.keys.allSatisfy({ $0.count == 1 }) else {
        throw FormulaError(kind: .badAmount(letters), text: text, position: place)
      }
      let value = expression.value(names.map(\.value), names: names.map { String($0.key) })
      guard value.isFinite, value < 9e5 else { throw FormulaError(kind: .badAmount(letters), text: text, position: place) }
      // Twelve decimals, as an integer with an exponent: no dot that could be taken for another.
      var digits = Int((value * 1e12).rounded())
      guard digits >= 0 else { throw FormulaError(kind: .negativeAmount, text: text, position: place) }
      var exponent = 12
      while exponent > 0, digits % 10 == 0 {
        digits /= 10
        exponent -= 1
      }
      for byte in (exponent == 0 ? "\(digits)" : "\(digits)e-\(exponent)").utf8 {
        output.bytes.append(byte)
        output.positions.append(place)
        output.isLowered.append(false)
      }
      index = end
    }

    // MARK: Extent of expressions

    /// The end of `7-x`, `2x`, `(1-x-y)`, `x/2`, `7` at `start`; nil when no amount begins there.
    ///
    /// - Parameter sums: whether to go on over + and - outside brackets.
    private func expressionEnd(from start: Int, sums: Bool, depth: Int = 0) -> Int? {
      guard depth < 8, var end = productEnd(from: start, depth: depth) else { return nil }
      while sums, end < input.bytes.count,
        input.bytes[end] == UInt8(ascii: "-") || input.bytes[end] == UInt8(ascii: "+"),
        let next = productEnd(from: end + 1, depth: depth)
      { end = next }
      return end
    }

    private func productEnd(from start: Int, depth: Int) -> Int? {
      var end = start
      while end < input.bytes.count {
        if let number = numberEnd(from: end) {
          end = number
        } else if parameters.name(input.bytes[end]) != nil {
          end += 1
        } else if input.bytes[end] == UInt8(ascii: "("),
          let close = expressionEnd(from: end + 1, sums: true, depth: depth + 1), close < input.bytes.count,
          input.bytes[close] == UInt8(ascii: ")")
        {
          end = close + 1
        } else if end > start, input.bytes[end] == UInt8(ascii: "/"), let number = numberEnd(from: end + 1) {
          end = number
        } else {
          break
        }
      }
      return end > start ? end : nil
    }

    private func numberEnd(from start: Int) -> Int? {
      var end = start
      while end < input.bytes.count, input.bytes[end] &- 48 < 10 { end += 1 }
      if end < input.bytes.count, input.bytes[end] == UInt8(ascii: "."), end + 1 < input.bytes.count,
        input.bytes[end + 1] &- 48 < 10
      {
        end += 1
        while end < input.bytes.count, input.bytes[end] &- 48 < 10 { end += 1 }
      }
      return end > start ? end : nil
    }
  }
}
