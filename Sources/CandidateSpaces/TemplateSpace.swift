import Chemistry

/// A formula with variables, as papers write it: `Li{7-x+y}La{3-y}[A]{y}Zr{2-x}[M]{x}O12`.
///
/// `{…}` holds a linear amount, `[A]` a place for one ion out of a list, and `{?}` the one amount
/// that is solved from the charges. An index runs through the ions of all places and the values of
/// all variables; where an amount is negative it is empty.
public struct TemplateSpace: CandidateSpace {
  struct Part: Sendable {
    /// Element, or position of a place.
    let element: Element?
    let place: Int
    /// Nil for the amount that is solved.
    let amount: AmountExpression?
    let factor: Double
  }

  public let count: Int
  public var isDense: Bool { false }

  private let parts: [Part]
  private let placeNames: [String]
  private let ions: [[Ion]]
  private let names: [String]
  private let values: [[Double]]
  /// Charges of the fixed parts; 0 where they do not matter.
  private let charges: [Int]
  private let range: ClosedRange<Double>
  /// Whether the same ion may stand in two places.
  private let allowsRepeats: Bool

  private func digits(_ index: Int) -> (ions: [Int], values: [Double]) {
    var rest = index
    var numbers = [Double](repeating: 0, count: values.count)
    for i in values.indices.reversed() {
      numbers[i] = values[i][rest % values[i].count]
      rest /= values[i].count
    }
    var chosen = [Int](repeating: 0, count: ions.count)
    for i in ions.indices.reversed() {
      chosen[i] = rest % ions[i].count
      rest /= ions[i].count
    }
    return (chosen, numbers)
  }

  public func candidate(at index: Int) -> Composition? {
    let (chosen, numbers) = digits(index)
    var builder = AmountBuilder(capacity: parts.count)
    var charge = 0.0
    var solved: (element: Element, charge: Int)?
    if !allowsRepeats {
      for i in chosen.indices { for j in 0..<i where ions[i][chosen[i]].element == ions[j][chosen[j]].element { return nil } }
    }
    for (position, part) in parts.enumerated() {
      let element: Element
      let own: Int
      if let fixed = part.element {
        element = fixed
        own = charges[position]
      } else {
        let ion = ions[part.place][chosen[part.place]]
        element = ion.element
        own = ion.charge
      }
      guard let expression = part.amount else {
        solved = (element, own)
        continue
      }
      let amount = expression.value(numbers, names: names) * part.factor
      if amount < -1e-9 { return nil }
      charge += amount * Double(own)
      builder.add(max(0, amount), of: element)
    }
    if let solved {
      let amount = -charge / Double(solved.charge)
      guard amount >= range.lowerBound - 1e-9, amount <= range.upperBound + 1e-9 else { return nil }
      builder.add(max(0, amount), of: solved.element)
    }
    return builder.composition()
  }

  public func label(at index: Int) -> String {
    let (chosen, numbers) = digits(index)
    let places = zip(placeNames, chosen.indices).map { "\($0) = \(ions[$1][chosen[$1]])" }
    return (places + zip(names, numbers).map { "\($0) = \($1)" }).joined(separator: ", ")
  }

  /// Reads `kind = "template"`.
  init(_ table: SpaceTable) throws(SpaceError) {
    let text = try table.requiredString("formula")
    var names: [String] = []
    var values: [[Double]] = []
    if let variables = try table.subtable("variables") {
      for name in variables.keys {
        guard let numbers = try variables.numbers(name, in: -1e6...1e6) else { continue }
        names.append(name)
        values.append(numbers)
      }
    }
    var placeNames: [String] = []
    var ions: [[Ion]] = []
    if let places = try table.subtable("places") {
      for name in places.keys {
        var list: [Ion] = []
        for ion in try places.strings(name) ?? [] { list.append(try places.ion(ion, name, positive: nil)) }
        guard !list.isEmpty, Set(list).count == list.count else { throw places.failure(name, "is empty, or names an ion twice", "write each ion once") }
        placeNames.append(name)
        ions.append(list)
      }
    }
    var parser = TemplateParser(text, places: placeNames)
    let parts: [Part]
    do throws(TemplateParser.Failure) {
      parts = try parser.parse()
    } catch {
      throw table.failure("formula", "\(error.problem) at character \(error.position) of \"\(text)\"", error.remedy)
    }
    for name in Set(parts.flatMap { $0.amount.map { Array($0.terms.keys) } ?? [] }).sorted() where !names.contains(name) {
      throw table.failure("formula", "the variable \(name) has no values", "add [space.variables] with \(name) = { from = 0, to = 1, step = 0.1 }")
    }
    for name in names where !parts.contains(where: { $0.amount?.terms[name] != nil }) {
      throw table.failure("variables", "\(name) is not in the formula", "use it or remove it")
    }
    for (place, name) in placeNames.enumerated() where !parts.contains(where: { $0.element == nil && $0.place == place }) {
      throw table.failure("places", "[\(name)] is not in the formula", "use it or remove it")
    }
    let solvedCount = parts.count { $0.amount == nil }
    guard solvedCount <= 1 else { throw table.failure("formula", "two amounts are {?}", "only one amount follows from the charges") }
    var charges = [Int](repeating: 0, count: parts.count)
    let given = try table.subtable("charges")
    if solvedCount == 1 {
      for (position, part) in parts.enumerated() {
        guard let element = part.element else { continue }
        if let charge = try given?.integer(element.symbol, in: -9...9) {
          charges[position] = charge
        } else {
          let states = element.commonOxidationStates.filter { $0 != 0 }
          guard states.count == 1 || element.symbol == "O" || element.isHalogen, let first = states.first else {
            throw table.failure("formula", "the charge of \(element) is not known", "add charges = { \(element.symbol) = … }")
          }
          charges[position] = element.symbol == "O" ? -2 : element.isHalogen ? -1 : first
        }
        if part.amount == nil, charges[position] == 0 { throw table.failure("formula", "{?} needs an ion with a charge", "give \(element) a charge") }
      }
    }
    try given?.finish()
    if let limits = try table.numbers("balance-range", in: 0...1e6) {
      guard limits.count == 2 else { throw table.failure("balance-range", "has \(limits.count) numbers", "write [least, most]") }
      range = limits[0]...limits[1]
    } else {
      range = 1e-6...1e6
    }
    allowsRepeats = try table.flag("repeats", default: false)
    try table.finish()
    self.parts = parts
    self.placeNames = placeNames
    self.ions = ions
    self.names = names
    self.values = values
    self.charges = charges
    count = try SpaceSize.product(ions.map(\.count) + values.map(\.count))
  }
}

/// Reads the formula of a template.
struct TemplateParser {
  struct Failure: Error {
    let position: Int
    let problem: String
    let remedy: String
  }

  private let letters: [Character]
  private let places: [String]
  private var position = 0

  init(_ text: String, places: [String]) {
    letters = Array(text)
    self.places = places
  }

  mutating func parse() throws(Failure) -> [TemplateSpace.Part] {
    let parts = try group(factor: 1, depth: 0)
    guard position == letters.count else { throw failure("a bracket too many", "remove it") }
    guard !parts.isEmpty else { throw failure("nothing", "write a formula") }
    return parts
  }

  private func failure(_ problem: String, _ remedy: String) -> Failure {
    Failure(position: min(position + 1, max(1, letters.count)), problem: problem, remedy: remedy)
  }

  private mutating func group(factor: Double, depth: Int) throws(Failure) -> [TemplateSpace.Part] {
    guard depth < 20 else { throw failure("brackets too deep", "write the formula out") }
    var parts: [TemplateSpace.Part] = []
    while position < letters.count, letters[position] != ")" {
      let letter = letters[position]
      if letter.isWhitespace {
        position += 1
      } else if letter == "(" {
        // The factor stands behind the group, so read it twice: once to find it, once with it.
        let start = position + 1
        position = start
        _ = try group(factor: factor, depth: depth + 1)
        guard position < letters.count else { throw failure("an open bracket", "close it") }
        position += 1
        let multiple = number()
        let end = position
        position = start
        parts += try group(factor: factor * multiple, depth: depth + 1)
        position = end
      } else if letter == "[" {
        guard let close = letters[position...].firstIndex(of: "]") else { throw failure("an open [", "close it with ]") }
        let name = String(letters[(position + 1)..<close])
        guard let place = places.firstIndex(of: name) else { throw failure("[\(name)] has no ions", "add [space.places] with \(name.isEmpty ? "A" : name) = [\"Al3+\", \"Ga3+\"]") }
        position = close + 1
        parts.append(.init(element: nil, place: place, amount: try amount(), factor: factor))
      } else {
        var symbol = String(letter)
        if position + 1 < letters.count, letters[position + 1].isLowercase { symbol.append(letters[position + 1]) }
        guard let element = Element(symbol) else { throw failure("\"\(symbol)\" is no element", "write symbols, [places] and {amounts}") }
        position += symbol.count
        parts.append(.init(element: element, place: 0, amount: try amount(), factor: factor))
      }
    }
    return parts
  }

  /// A number, `{…}`, or nothing, which is one; nil for `{?}`.
  private mutating func amount() throws(Failure) -> AmountExpression? {
    guard position < letters.count, letters[position] == "{" else {
      let digits = number()
      guard let constant = AmountExpression("\(digits)") else { throw failure("an amount that cannot be read", "write a number") }
      return constant
    }
    guard let close = letters[position...].firstIndex(of: "}") else { throw failure("an open {", "close it with }") }
    let inside = String(letters[(position + 1)..<close])
    if inside == "?" {
      position = close + 1
      return nil
    }
    guard let expression = AmountExpression(inside) else { throw failure("\"{\(inside)}\" is no linear amount", "write sums such as {7-3x-y}, or {?}") }
    position = close + 1
    return expression
  }

  private mutating func number() -> Double {
    var digits = ""
    while position < letters.count, letters[position].isASCII, letters[position].isNumber || letters[position] == "." {
      digits.append(letters[position])
      position += 1
    }
    return Double(digits) ?? 1
  }
}
