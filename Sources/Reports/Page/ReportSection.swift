/// A section of a report page: a heading and what stands below it, as plain values.
///
/// Texts are plain text, whatever they hold; the page escapes them.
public struct ReportSection: Sendable {
  /// Part of the address of the section, `report.html#ANCHOR`: letters, digits and `-`.
  public let anchor: String
  public let heading: String
  public var blocks: [ReportBlock]

  public init(_ anchor: String, heading: String, blocks: [ReportBlock] = []) {
    self.anchor = anchor
    self.heading = heading
    self.blocks = blocks
  }
}

/// What a section is made of.
public enum ReportBlock: Sendable {
  case paragraph(String)
  /// Something to keep in mind.
  case notice(String)
  case subheading(String)
  /// Terms and their values.
  case facts([(term: String, value: String)])
  case table(ReportTable)
  /// An SVG document of `Charts`, drawn for `ChartTheme.page`.
  case figure(svg: String, caption: String)
  /// Rows to sort, search and open, of any number.
  case ranking(RankingTable)
}

/// A small table of a report page.
public struct ReportTable: Sendable {
  public struct Column: Sendable {
    public let title: String
    /// Numbers stand to the right.
    public let isNumber: Bool

    public init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  public let caption: String
  public let columns: [Column]
  /// A cell for each column.
  public private(set) var rows: [[String]] = []

  public init(_ caption: String, columns: [Column]) {
    self.caption = caption
    self.columns = columns
  }

  /// Adds a row; missing cells are empty.
  public mutating func append(_ cells: [String]) {
    rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
  }
}
