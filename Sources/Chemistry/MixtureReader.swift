/// Reads mixtures: components between ` + `, each with an amount before it or in brackets behind it.
///
///     PEO + LiTFSI (EO:Li=18) + 10 wt% Li6.4La3Zr1.4Ta0.6O12
///     90 wt% Li6PS5Cl + 10 wt% PVDF-HFP (HFP=5 mol%)
///
/// Shares in per cent are of the whole mixture; components without one make up the rest, in the ratio of their
/// moles or of oxygen to lithium.
struct MixtureReader {
  let text: String
  let characters: [Character]
  let values: [Character: Double]
  /// The parameters that occur.
  private(set) var used = Set<Character>()

  init(text: String, characters: [Character], values: [Character: Double]) {
    self.text = text
    self.characters = characters
    self.values = values
  }

  /// - Returns: nil when nothing in the text says that it is a mixture.
  mutating func read(_ range: Range<Int>) throws(FormulaError) -> Mixture? {
    let pieces = components(in: range)
    if pieces.count == 1, !characters[range].contains(where: { $0 == "%" || $0 == "=" }), complex(range) == nil,
      !Self.roles.contains(where: { String(characters[range]).hasSuffix("(\($0.rawValue))") })
    { return nil }
    var parts: [MixturePart] = []
    for piece in pieces { parts += try component(piece) }
    return try MixtureAmounts(parts: parts, text: text).mixture()
  }

  /// The components: cut at a + with blanks on both sides, outside brackets.
  private func components(in range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var (depth, start) = (0, range.lowerBound)
    for i in range {
      if "([{".contains(characters[i]) { depth += 1 }
      if ")]}".contains(characters[i]) { depth -= 1 }
      if depth == 0, characters[i] == "+", i > start, i + 1 < range.upperBound, characters[i - 1].isWhitespace,
        characters[i + 1].isWhitespace
      {
        result.append(start..<i)
        start = i + 1
      }
    }
    result.append(start..<range.upperBound)
    return result.map(trimmed)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, characters[start].isWhitespace { start += 1 }
    while end > start, characters[end - 1].isWhitespace { end -= 1 }
    return start..<end
  }

  // MARK: One component

  private mutating func component(_ piece: Range<Int>) throws(FormulaError) -> [MixturePart] {
    guard !piece.isEmpty else {
      throw FormulaError(kind: .badMixture("nothing between two +"), text: text, position: piece.lowerBound + 1)
    }
    if let (ratio, salt) = complex(piece) {
      // P(EO)18LiTFSI
      var polymer = MixturePart(position: piece.lowerBound + 1)
      polymer.name = "PEO"
      polymer.composition = Abbreviation.named("PEO")?.composition
      var dissolved = MixturePart(position: salt.lowerBound + 1)
      try substance(salt, of: &dissolved)
      dissolved.ratio = .init(oxygens: .ether, perLithium: ratio)
      return [polymer, dissolved]
    }
    var part = MixturePart(position: piece.lowerBound + 1)
    var rest = piece
    while let (inside, before) = lastBracket(rest), try annotation(inside, of: &part) { rest = trimmed(before) }
    rest = try leadingAmount(rest, of: &part)
    guard !rest.isEmpty else {
      throw FormulaError(kind: .badMixture("an amount of nothing"), text: text, position: piece.lowerBound + 1)
    }
    try substance(rest, of: &part)
    return [part]
  }

  /// The formula or abbreviation of a component.
  private mutating func substance(_ range: Range<Int>, of part: inout MixturePart) throws(FormulaError) {
    let written = String(characters[range])
    if let known = Abbreviation.named(written) {
      part.name = written
      if known.kind == .copolymer, let second = part.secondUnit, let a = known.composition, let b = known.secondUnit {
        let percent = second.unit == .mole ? second.percent : Self.molePercent(second.percent, a, b)
        part.name = "\(written) (HFP=\(percent == 1 ? "1" : Composition.exactText(percent)) mol%)"
        part.composition = percent == 0 ? a : percent == 100 ? b : (1 - percent / 100) * a + (percent / 100) * b
      } else {
        part.composition = try known.single(text: text, position: range.lowerBound + 1)
      }
    } else {
      let composition = try FormulaReader.formula(text, characters, range, values: values, used: &used).composition
      part.composition = Composition(ordered: composition.entries)
      part.name = part.composition?.componentName ?? written
    }
    if part.secondUnit != nil, Abbreviation.ofComponent(part.name)?.kind != .copolymer {
      throw FormulaError(
        kind: .badMixture("only a copolymer such as PVDF-HFP has a share of HFP"), text: text,
        position: range.lowerBound + 1)
    }
  }

  private static func molePercent(_ mass: Double, _ a: Composition, _ b: Composition) -> Double {
    let (first, second) = ((100 - mass) / a.molarMass, mass / b.molarMass)
    return 100 * second / (first + second)
  }

  /// The last bracket of a component, if it ends with one and has something before it.
  private func lastBracket(_ range: Range<Int>) -> (inside: Range<Int>, before: Range<Int>)? {
    guard range.count > 2, characters[range.upperBound - 1] == ")" else { return nil }
    var depth = 0
    for i in range.reversed() {
      if characters[i] == ")" { depth += 1 }
      if characters[i] == "(" { depth -= 1 }
      if depth == 0 {
        return i > range.lowerBound ? (trimmed((i + 1)..<(range.upperBound - 1)), range.lowerBound..<i) : nil
      }
    }
    return nil
  }

  private static let roles = MixtureRole.allCases

  /// What brackets behind a component say: a share, a ratio, a density, a role, the share of a second unit.
  ///
  /// - Returns: false when they belong to the formula.
  private mutating func annotation(_ range: Range<Int>, of part: inout MixturePart) throws(FormulaError) -> Bool {
    let content = String(characters[range])
    if let role = Self.roles.first(where: { $0.rawValue == content.lowercased() }) {
      part.role = role
      return true
    }
    let compact = content.filter { !$0.isWhitespace }
    if compact.lowercased().hasSuffix("g/cm3") || compact.lowercased().hasSuffix("g/cm³") {
      let number = compact.dropLast(5).drop { !$0.isNumber }
      guard let density = Double(number), density > 0, density < 50 else {
        throw FormulaError(kind: .badMixture("\"\(content)\" is no density"), text: text, position: range.lowerBound + 1)
      }
      part.density = density
      return true
    }
    if let equals = compact.firstIndex(of: "=") {
      let name = compact[..<equals].filter { !"[]+".contains($0) }
      let value = String(compact[compact.index(after: equals)...])
      if name == "HFP" {
        guard let (percent, unit) = MixtureShare.read(value), unit != .volume, percent >= 0, percent <= 100 else {
          throw FormulaError(
            kind: .badMixture("\"\(value)\" is no share of HFP"), text: text, position: range.lowerBound + 1)
        }
        part.secondUnit = (percent, unit)
        return true
      }
      guard let ratio = try ratio(name.replacing("/", with: ":"), value, at: range.lowerBound + 1) else {
        throw FormulaError(
          kind: .badMixture("\"\(content)\" is no ratio"), text: text, position: range.lowerBound + 1)
      }
      part.ratio = ratio
      return true
    }
    if content.contains("%"), let (before, unit) = MixtureShare.split(content) {
      part.share = (try number(before, at: range.lowerBound + 1), unit)
      return true
    }
    return false
  }

  private mutating func ratio(
    _ name: String, _ value: String, at position: Int
  ) throws(FormulaError) -> MixturePart.Ratio? {
    let sides = name.split(separator: ":").map(String.init)
    guard sides.count == 2, let lithium = sides.firstIndex(of: "Li") else { return nil }
    let oxygens: MixturePart.Oxygens
    switch sides[1 - lithium] {
    case "EO": oxygens = .ether
    case "O": oxygens = .all
    default: return nil
    }
    let terms = value.split(whereSeparator: { $0 == ":" || $0 == "/" }).map(String.init)
    guard let first = terms.first, terms.count <= 2 else { return nil }
    var quotient = try number(first, at: position)
    if terms.count == 2 {
      let divisor = try number(terms[1], at: position)
      guard divisor > 0 else { return nil }
      quotient /= divisor
    }
    guard quotient > 0, quotient.isFinite else { return nil }
    return .init(oxygens: oxygens, perLithium: lithium == 1 ? quotient : 1 / quotient)
  }

  /// A number, or an amount with parameters.
  private mutating func number(_ written: String, at position: Int) throws(FormulaError) -> Double {
    let names = Array(values)
    guard let expression = AmountExpression(written) else {
      throw FormulaError(kind: .badAmount(written), text: text, position: position)
    }
    for name in expression.terms.keys {
      guard let letter = name.first, name.count == 1, values[letter] != nil else {
        throw FormulaError(kind: .unknownAmount(name), text: text, position: position)
      }
      used.insert(letter)
    }
    let value = expression.value(names.map(\.value), names: names.map { String($0.key) })
    guard value.isFinite, value >= 0 else { throw FormulaError(kind: .negativeAmount, text: text, position: position) }
    return value
  }

  /// `10 wt%`, `2 mol`, `0.5`, before the formula; the rest is the formula.
  private mutating func leadingAmount(_ range: Range<Int>, of part: inout MixturePart) throws(FormulaError) -> Range<Int> {
    let piece = characters[range]
    if let percent = piece.firstIndex(of: "%") {
      var from = percent
      while from > range.lowerBound, characters[from - 1].isLetter || ". ".contains(characters[from - 1]) { from -= 1 }
      let head = String(characters[range.lowerBound...percent])
      guard let (before, unit) = MixtureShare.split(head), part.share == nil else {
        throw FormulaError(
          kind: .badMixture("per cent of what? Write wt%, vol% or mol%"), text: text, position: percent + 1)
      }
      part.share = (try number(before, at: range.lowerBound + 1), unit)
      return trimmed((percent + 1)..<range.upperBound)
    }
    // A number and a blank, or a number right before a symbol that would be its coefficient.
    var end = range.lowerBound
    while end < range.upperBound, characters[end].isASCII, characters[end].isNumber || ".e/".contains(characters[end])
      || ("+-".contains(characters[end]) && end > range.lowerBound && characters[end - 1] == "e")
    { end += 1 }
    let digits = String(characters[range.lowerBound..<end])
    guard !digits.isEmpty, end < range.upperBound else { return range }
    let moles = try? number(digits, at: range.lowerBound + 1)
    guard let moles else { return range }
    let isGlass = piece[end...].contains { "·*•-–".contains($0) }
    if isGlass, !characters[end].isWhitespace { return range }
    part.moles = moles
    var next = trimmed(end..<range.upperBound)
    if next.count > 4, String(characters[next.prefix(4)]) == "mol " { next = trimmed((next.lowerBound + 4)..<next.upperBound) }
    return next
  }

  /// `PEO18LiTFSI`, `P(EO)18LiTFSI`, `(PEO)18:LiTFSI`: repeat units for each salt.
  private func complex(_ range: Range<Int>) -> (Double, salt: Range<Int>)? {
    let piece = String(characters[range])
    guard let head = ["P(EO)", "(PEO)", "PEO"].first(where: piece.hasPrefix) else { return nil }
    let start = range.lowerBound + head.count
    var end = start
    while end < range.upperBound, characters[end].isASCII && characters[end].isNumber || characters[end] == "." { end += 1 }
    guard let ratio = Double(String(characters[start..<end])), ratio > 0 else { return nil }
    if end < range.upperBound, ":-–·".contains(characters[end]) { end += 1 }
    let salt = trimmed(end..<range.upperBound)
    let name = String(characters[salt])
    if Abbreviation.named(name)?.kind == .salt { return (ratio, salt) }
    guard name.hasPrefix("Li"), let composition = try? Composition(formula: name),
      Abbreviation.salt(composition) != nil
    else { return nil }
    return (ratio, salt)
  }
}

extension Range where Bound == Int {
  /// The first `count` indices.
  fileprivate func prefix(_ count: Int) -> Range<Int> { lowerBound..<Swift.min(upperBound, lowerBound + count) }
}

extension String {
  fileprivate func replacing(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
