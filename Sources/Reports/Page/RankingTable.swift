import Foundation
import Modeling

/// Ranked rows for a page, of any number: the page shows those that are in view.
///
///     var table = RankingTable("ranking", caption: "Candidates", formulas: formulas)
///     table.append("conductivity", numbers: means, decimals: 2)
///     table.append("competes with", texts: phases)
///
/// Columns are whole, so that the file stays small and the page sorts fast.
public struct RankingTable: Sendable {
  public struct Column: Sendable {
    public let title: String
    /// Whether it stands in the table; all columns stand in the details of a row.
    public let isShown: Bool
    public let values: Values
  }

  public enum Values: Sendable, Equatable {
    /// NaN where there is none. Without `decimals`, four significant digits are shown.
    case numbers([Double], decimals: Int?)
    case texts([String])
  }

  /// The measured rows that stand nearest to each ranked one.
  public struct Neighbours: Sendable {
    public let references: [PropertyModel.Reference]
    /// What `references` were measured of, in the units that are modelled.
    public let quantity: String
    /// For each ranked row, nearest first.
    public let nearest: [[(index: Int, distance: Double)]]

    public init(references: [PropertyModel.Reference], quantity: String, nearest: [[(index: Int, distance: Double)]]) {
      self.references = references
      self.quantity = quantity
      self.nearest = nearest
    }
  }

  /// What the families of a model's descriptors add to its predictions of the first ranked rows.
  public struct Contributions: Sendable {
    /// The name of the model.
    public let model: String
    /// What is predicted, in the units that are modelled.
    public let quantity: String
    /// For each of the first rows; nil for one that the model cannot read.
    public let explanations: [Explanation?]
    /// Whether the rows were ranked by these predictions, and not by others made earlier.
    public let isOfRanking: Bool

    public init(model: String, quantity: String, explanations: [Explanation?], isOfRanking: Bool) {
      self.isOfRanking = isOfRanking
      self.model = model
      self.quantity = quantity
      self.explanations = explanations
    }
  }

  /// Part of addresses on the page: `#NAME-3` is the row of rank 3.
  public let name: String
  public let caption: String
  public let count: Int
  public private(set) var columns: [Column] = []
  public var neighbours: Neighbours?
  public var contributions: Contributions?

  /// A table of ranks and formulas, to which columns are appended. Formulas come best first: their
  /// places are their ranks.
  public init(_ name: String, caption: String, formulas: [String]) {
    self.name = name
    self.caption = caption
    count = formulas.count
    append("rank", numbers: formulas.indices.map { Double($0 + 1) }, decimals: 0)
    append("formula", texts: formulas)
  }

  /// - Precondition: a value for each row.
  public mutating func append(_ title: String, numbers: [Double], decimals: Int? = nil, isShown: Bool = true) {
    precondition(numbers.count == count, "\(numbers.count) values for \(count) rows")
    columns.append(Column(title: title, isShown: isShown, values: .numbers(numbers, decimals: decimals)))
  }

  /// - Precondition: a text for each row.
  public mutating func append(_ title: String, texts: [String], isShown: Bool = true) {
    precondition(texts.count == count, "\(texts.count) texts for \(count) rows")
    columns.append(Column(title: title, isShown: isShown, values: .texts(texts)))
  }

  /// Rows that a page without script shows, and that are printed first.
  static let previewCount = 50

  /// The first rows as a plain table.
  var preview: ReportTable {
    let shown = columns.filter(\.isShown)
    var table = ReportTable(
      caption,
      columns: shown.map {
        if case .numbers = $0.values { return .init($0.title, isNumber: true) }
        return .init($0.title)
      })
    for row in 0..<min(count, Self.previewCount) {
      table.append(
        shown.map { column in
          switch column.values {
          case .texts(let texts): texts[row]
          case .numbers(let numbers, let decimals): Self.text(numbers[row], decimals: decimals)
          }
        })
    }
    return table
  }

  static func text(_ number: Double, decimals: Int?) -> String {
    guard number.isFinite else { return "–" }
    guard let decimals else { return number == number.rounded() && abs(number) < 1e6 ? number.fixed(0) : "\(Double(String(format: "%.4g", number)) ?? number)" }
    return number.fixed(decimals)
  }

  /// What the script of the page reads.
  ///
  /// Texts that repeat are written once, as `levels`, and counted through by `codes`.
  var document: JSONValue {
    var members: [JSONValue.Member] = [
      .init("count", .number(Double(count))),
      .init(
        "columns",
        .array(
          columns.map { column in
            var members: [JSONValue.Member] = [.init("title", .text(column.title)), .init("shown", .bool(column.isShown))]
            switch column.values {
            case .numbers(let numbers, let decimals):
              members.append(.init("decimals", decimals.map { .number(Double($0)) } ?? .null))
              members.append(.init("numbers", .array(numbers.map { .number($0) })))
            case .texts(let texts):
              let (levels, codes) = Self.levels(of: texts)
              if 2 * levels.count <= texts.count {
                members.append(.init("levels", .array(levels.map { .text($0) })))
                members.append(.init("codes", .array(codes.map { .number(Double($0)) })))
              } else {
                members.append(.init("texts", .array(texts.map { .text($0) })))
              }
            }
            return .object(members)
          })),
    ]
    if let neighbours {
      let references = neighbours.references
      members.append(
        .init(
          "neighbours",
          .object([
            .init("quantity", .text(neighbours.quantity)),
            .init("formulas", .array(references.map { .text($0.formula) })),
            .init(
              "values",
              .array(references.map { .text(($0.censoring == .left ? "≤ " : $0.censoring == .right ? "≥ " : "") + $0.target.fixed(2)) })),
            .init("sources", .array(references.map { .text($0.group) })),
            .init("addresses", .array(references.map { DigitalObjectIdentifier.address(of: $0.group).map { .text($0) } ?? .null })),
            .init("nearest", .array(neighbours.nearest.map { .array($0.map { .number(Double($0.index)) }) })),
            .init(
              "distances",
              .array(neighbours.nearest.map { .array($0.map { .number(($0.distance * 1000).rounded() / 1000) }) })),
          ])))
    }
    if let contributions { members.append(.init("contributions", Self.document(of: contributions))) }
    return .object(members)
  }

  /// Families are written once and counted through; numbers have four decimals.
  private static func document(of contributions: Contributions) -> JSONValue {
    func number(_ value: Double) -> JSONValue { .number((value * 10_000).rounded() / 10_000) }
    let known = contributions.explanations.map { $0?.effects ?? [] }
    let (families, codes) = levels(of: known.flatMap { $0.map(\.family) })
    var next = codes.makeIterator()
    return .object([
      .init("model", .text(contributions.model)),
      .init("quantity", .text(contributions.quantity)),
      .init("ranked", .bool(contributions.isOfRanking)),
      .init("families", .array(families.map { .text($0) })),
      .init("bases", .array(contributions.explanations.map { $0.map { number($0.base) } ?? .null })),
      .init("members", .array(known.map { .array($0.compactMap { _ in next.next().map { .number(Double($0)) } }) })),
      .init("effects", .array(known.map { .array($0.map { number($0.effect) }) })),
    ])
  }

  /// The different texts in the order they first occur, and the place of each text among them.
  private static func levels(of texts: [String]) -> ([String], [Int]) {
    var places: [String: Int] = [:]
    var levels: [String] = []
    let codes = texts.map { text -> Int in
      if let known = places[text] { return known }
      places[text] = levels.count
      levels.append(text)
      return levels.count - 1
    }
    return (levels, codes)
  }
}
