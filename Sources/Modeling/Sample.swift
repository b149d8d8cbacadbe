import Chemistry
import Tables

/// Which columns of a table describe a material and its conditions.
public struct SampleColumns: Sendable, Equatable {
  public var formula: String
  public var temperature: String?
  public var numeric: [String]
  public var categories: [String]

  public init(
    formula: String = "formula", temperature: String? = nil, numeric: [String] = [],
    categories: [String] = []
  ) {
    self.formula = formula
    self.temperature = temperature
    self.numeric = numeric
    self.categories = categories
  }
}

/// A material and its conditions: what a prediction is made from.
public struct Sample: Sendable, Equatable {
  /// The formula as written.
  public let formula: String
  public let composition: Composition
  /// In °C; nil when not given.
  public var temperature: Double?
  /// One for each numeric column; nil where unknown.
  public var numeric: [Double?]
  /// One for each category column; nil where unknown.
  public var categories: [String?]

  public init(
    formula: String, composition: Composition, temperature: Double? = nil, numeric: [Double?] = [],
    categories: [String?] = []
  ) {
    self.formula = formula
    self.composition = composition
    self.temperature = temperature
    self.numeric = numeric
    self.categories = categories
  }
}

/// Reads samples from the rows of a table.
public struct SampleReader: Sendable {
  private let formula: Int
  private let temperature: Int?
  private let numeric: [Int?]
  private let categories: [Int?]
  private let columns: SampleColumns

  /// Absolute zero in °C; nothing is colder.
  static let absoluteZero = -273.15

  /// - Parameters:
  ///   - columns: the names of the columns.
  ///   - table: what `sample(in:)` will read rows of.
  ///   - requiringAll: whether temperature, numeric and category columns must be present, as in
  ///     training; a table to predict for may lack them.
  /// - Throws: `TableError.missingColumn`.
  public init(_ columns: SampleColumns, in table: Table, requiringAll: Bool) throws(TableError) {
    func index(_ name: String) throws(TableError) -> Int? {
      requiringAll ? try table.requireIndex(of: name) : table.index(of: name)
    }
    self.columns = columns
    formula = try table.requireIndex(of: columns.formula)
    if let name = columns.temperature { temperature = try index(name) } else { temperature = nil }
    var numeric: [Int?] = []
    for name in columns.numeric { numeric.append(try index(name)) }
    self.numeric = numeric
    var categories: [Int?] = []
    for name in columns.categories { categories.append(try index(name)) }
    self.categories = categories
  }

  /// The sample in a row.
  /// - Throws: a `Diagnostic` that names the line, the column, the text and a way out.
  public func sample(in row: Table.Row) throws(Diagnostic) -> Sample {
    if let defect = row.defect { throw defect }
    let text = row.cells[formula]
    let composition: Composition
    do {
      composition = try Composition(formula: text)
    } catch {
      throw Diagnostic(
        at: row.location, column: columns.formula, problem: error.problem, remedy: error.remedy)
    }
    var temperatureValue: Double?
    if let temperature {
      temperatureValue = try number(row, temperature, columns.temperature ?? "temperature")
    }
    if let value = temperatureValue, value < Self.absoluteZero {
      throw Diagnostic(
        at: row.location, column: columns.temperature,
        problem: "\(value) °C is below absolute zero", remedy: "give the temperature in °C")
    }
    var numericValues: [Double?] = []
    for (index, name) in zip(numeric, columns.numeric) {
      numericValues.append(try index.flatMap { index throws(Diagnostic) in try number(row, index, name) })
    }
    return Sample(
      formula: text, composition: composition, temperature: temperatureValue, numeric: numericValues,
      categories: categories.map { index in
        index.flatMap { row.cells[$0].isEmpty ? nil : row.cells[$0] }
      })
  }

  /// A remark on how the formula of a sample was read, where it leaves room: `LATP` was taken as x = 0.3.
  public func warning(about sample: Sample, in row: Table.Row) -> Diagnostic? {
    guard let nominal = Abbreviation.nominal(in: sample.formula), let composition = nominal.composition else { return nil }
    return Diagnostic(
      at: row.location, column: columns.formula,
      problem: "\(nominal.name) was read as \(composition.formula) (\(nominal.meaning))",
      remedy: "write the composition if it is another", severity: .warning)
  }

  /// The number in a cell; nil for an empty one.
  private func number(_ row: Table.Row, _ index: Int, _ column: String) throws(Diagnostic) -> Double? {
    let cell = row.cells[index]
    if cell.isEmpty { return nil }
    let value = try measuredValue(cell, in: row, column: column)
    guard value.bound == .exact else {
      throw Diagnostic(
        at: row.location, column: column, problem: "\"\(cell)\" is a bound, not a number",
        remedy: "give the number or leave the cell empty")
    }
    return value.number
  }
}

/// The value in a cell, or a diagnostic with its place.
func measuredValue(_ cell: String, in row: Table.Row, column: String) throws(Diagnostic) -> MeasuredValue {
  do {
    return try MeasuredValue(parsing: cell)
  } catch {
    throw Diagnostic(at: row.location, column: column, problem: error.problem, remedy: error.remedy)
  }
}
