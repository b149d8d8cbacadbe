/// Reads a cell in the full grammar: values of parameters, then mixtures, then one formula at a time.
struct FormulaReader {
  let text: String
  private let characters: [Character]
  private let range: Range<Int>
  private let clause: ParameterClause

  /// - Throws: `FormulaError` when the text is too long or values of parameters cannot be read.
  init(_ text: String) throws(FormulaError) {
    guard text.utf8.count <= 4 * FormulaParser.maximumLength else {
      throw FormulaError(kind: .tooLong, text: text, position: 1)
    }
    self.text = text
    let all = Array(text)
    clause = try ParameterClause(text, all)
    characters = clause.rest
    var (start, end) = (0, characters.count)
    while start < end, characters[start].isWhitespace { start += 1 }
    while end > start, characters[end - 1].isWhitespace { end -= 1 }
    // One pair of quotes around the whole, as left by a double export.
    if end - start >= 2, let closing = Self.quotes[characters[start]], characters[end - 1] == closing {
      start += 1
      end -= 1
    }
    range = start..<end
  }

  private static let quotes: [Character: Character] = ["\"": "\"", "'": "'", "“": "”", "‘": "’"]

  /// How many compositions the text stands for.
  func count() throws(FormulaError) -> Int {
    guard clause.count <= FormulaParser.maximumMembers else {
      throw FormulaError(kind: .severalCompositions(clause.count), text: text, position: 1)
    }
    return clause.count
  }

  /// The one composition.
  func composition() throws(FormulaError) -> Composition {
    guard clause.count == 1 else {
      throw FormulaError(
        kind: .severalCompositions(clause.count), text: text, position: clause.parameters.first?.position ?? 1)
    }
    return try composition(at: 0)
  }

  /// The composition for one combination of parameters.
  func composition(at index: Int) throws(FormulaError) -> Composition {
    var used = Set<Character>()
    let values = clause.values(at: index)
    let composition: Composition
    var mixture = MixtureReader(text: text, characters: characters, values: values)
    if let mixed = try mixture.read(range) {
      composition = mixed.composition
      used = mixture.used
    } else {
      composition = try Self.formula(text, characters, range, values: values, used: &used).composition
    }
    if let unused = clause.parameters.first(where: { !used.contains($0.name) }) {
      throw FormulaError(kind: .unusedParameter(String(unused.name)), text: text, position: unused.position)
    }
    return composition
  }

  /// The text for one combination of parameters: the same formula with single values.
  func text(at index: Int) -> String {
    guard clause.count > 1 else { return text }
    let values = clause.values(at: index)
    let list = clause.parameters.map { "\($0.name)=" + Self.number(values[$0.name] ?? 0) }
    return String(characters[range]) + " (" + list.joined(separator: ", ") + ")"
  }

  private static func number(_ value: Double) -> String { value == 1 ? "1" : Composition.exactText(value) }

  /// Composition and charge of one formula that is no mixture.
  func species() throws(FormulaError) -> (Composition, charge: Int) {
    guard clause.count == 1 else { return (try composition(), 0) }
    var used = Set<Character>()
    let result = try Self.formula(text, characters, range, values: clause.values(at: 0), used: &used)
    return (result.composition, result.charge)
  }

  /// One formula or abbreviation.
  ///
  /// - Parameters:
  ///   - characters: those of `text`, perhaps with blanks in places.
  ///   - used: gains the parameters that occur.
  static func formula(
    _ text: String, _ characters: [Character], _ range: Range<Int>, values: [Character: Double],
    used: inout Set<Character>
  ) throws(FormulaError) -> (composition: Composition, charge: Int) {
    if range.count <= 40, characters[range].contains(where: \.isLetter),
      let known = Abbreviation.named(String(characters[range]))
    {
      // Symbols of elements, such as PC, win over a name of two materials.
      let isSpelled = known.kind == .ambiguous && spelled(characters[range]) != nil
      if !isSpelled { return (try known.single(text: text, position: range.lowerBound + 1), 0) }
    }
    let normalized = try FormulaNormalizer.normalize(text, characters, range)
    let parameters = FormulaParameters(values: values)
    var input = try parameters.substitute(normalized, text: text, used: &used)
    var charge = input.finalCharge ?? 0
    if let written = try FormulaCharge.read(input, text: text, characters: characters) {
      charge = written.value
      input.bytes.removeLast(written.length)
      input.positions.removeLast(written.length)
      input.isLowered.removeLast(written.length)
    }
    let result = input.bytes.withUnsafeBufferPointer { FormulaScanner.composition($0) }
    switch result {
    case .success(let composition):
      if let glass = GlassReader.mixture(input.bytes) { return (glass.composition, charge) }
      return (composition, charge)
    case .failure(let failure):
      throw failure.error(in: text, positions: input.positions)
    }
  }

  private static func spelled(_ characters: ArraySlice<Character>) -> Composition? {
    let result = Array(String(characters).utf8).withUnsafeBufferPointer(FormulaScanner.composition)
    guard case .success(let composition) = result else { return nil }
    return composition
  }
}

/// The compositions that one cell stands for: one, or more where a parameter has several values.
///
///     try FormulaSeries(formula: "Li7-xLa3Zr2-xTaxO12 (x=0:0.6:0.1)").count      // 7
public struct FormulaSeries: Sendable {
  public let count: Int
  private let reader: FormulaReader

  /// - Throws: `FormulaError` for values that cannot be read, or too many of them; not for formulas.
  public init(formula: String) throws(FormulaError) {
    reader = try FormulaReader(formula)
    count = try reader.count()
  }

  /// Member `index` as text with one value for each parameter, which `Composition(formula:)` reads.
  public func text(at index: Int) -> String { reader.text(at: index) }

  /// Member `index`, 0 ..< `count`.
  public func composition(at index: Int) throws(FormulaError) -> Composition { try reader.composition(at: index) }
}
