import Tables

/// The rows of a report, described once: under which names a row says what in CSV and in JSON.
///
///     let table = RecordTable<Candidate>([
///       .init(csv: "reduction_V", json: "reductionPotential") { .optional($0.reduction) },
///     ])
///     table.csv(of: candidates)       // one column for each field with a name in CSV
///     table.json(of: candidates)      // one object for each row; members without a value are left out
public struct RecordTable<Row> {
  public struct Field {
    let csv: String?
    let json: String?
    let value: (Row) -> JSONValue

    /// - Parameters:
    ///   - csv: the column; nil leaves the field out of CSV.
    ///   - json: the member; nil leaves the field out of JSON.
    ///   - value: what a row says; null is an empty cell and no member.
    public init(csv: String? = nil, json: String? = nil, _ value: @escaping (Row) -> JSONValue) {
      self.csv = csv
      self.json = json
      self.value = value
    }
  }

  public let fields: [Field]

  public init(_ fields: [Field]) { self.fields = fields }

  /// The names of the columns in CSV.
  public var csvColumns: [String] { fields.compactMap(\.csv) }

  /// The cells of a row in CSV: numbers in full, flags as `yes` and `no`, nothing where there is no value.
  public func csvCells(of row: Row) -> [String] { fields.filter { $0.csv != nil }.map { $0.value(row).cell } }

  public func csv(of rows: [Row]) -> CSVWriter {
    var writer = CSVWriter(columns: csvColumns)
    for row in rows { writer.append(csvCells(of: row)) }
    return writer
  }

  public func json(of rows: [Row]) -> [JSONValue] {
    rows.map { row in
      .object(
        fields.compactMap { field in
          guard let name = field.json else { return nil }
          let value = field.value(row)
          return value == .null ? nil : .init(name, value)
        })
    }
  }
}
