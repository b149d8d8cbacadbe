import Modeling
import Mustache

/// Text that is HTML already.
///
/// Templates write every value as it is (`{{{…}}}`), and this type is how a text becomes a value: escaped
/// by `Markup`, or one of our own files. The escaping of Mustache goes by characters and lets
/// `U+0600 <` through.
struct HTML: MustacheCustomRenderable {
  let renderText: String

  /// Any text.
  init(_ text: String) { renderText = Markup.escaped(text) }

  /// Markup of our own: a chart, the style, encoded data.
  init(trusted markup: String) { renderText = markup }

  var isNull: Bool { false }
}

/// What `page.mustache` and `section.mustache` read: values by the names of the templates, optional ones
/// as lists of none or one.
struct PageContext {
  let title: HTML
  let subtitle: HTML
  let version = HTML(SuperionicVersion.current)
  let style: HTML
  let styleHash: HTML
  let script: HTML
  let scriptHash: HTML
  let sections: [Section]
  let data: [DataBlock]

  init(_ page: ReportPage) {
    title = HTML(page.title)
    subtitle = HTML(page.subtitle)
    let (style, script) = (ReportAsset.style.text, ReportAsset.script.text)
    self.style = HTML(trusted: style)
    styleHash = HTML(trusted: ReportPage.policyHash(style))
    self.script = HTML(trusted: script)
    scriptHash = HTML(trusted: ReportPage.policyHash(script))
    sections = page.sections.map(Section.init)
    data = page.sections.flatMap(\.blocks).compactMap { block in
      guard case .ranking(let ranking) = block else { return nil }
      return DataBlock(name: HTML("\(ranking.name)-data"), json: HTML(trusted: ScriptData.json(ranking.document)))
    }
  }

  struct DataBlock {
    let name: HTML
    let json: HTML
  }

  struct Section {
    let anchor: HTML
    let heading: HTML
    let blocks: [Block]

    init(_ section: ReportSection) {
      anchor = HTML(section.anchor)
      heading = HTML(section.heading)
      blocks = section.blocks.map(Block.init)
    }
  }

  struct Text {
    let text: HTML
    init(_ text: String) { self.text = HTML(text) }
  }

  struct Pair {
    let term: HTML
    let value: HTML
    /// Whether a word of the value would break in a narrow column.
    let isLong: Bool

    /// Letters that fit the narrowest column.
    private static let width = 24

    init(_ term: String, _ value: String) {
      self.term = HTML(term)
      self.value = HTML(value)
      isLong = value.split(separator: " ").contains { $0.count > Self.width }
    }
  }

  struct Pairs {
    let pairs: [Pair]
  }

  struct Figure {
    let svg: HTML
    let caption: HTML
  }

  struct Title {
    let title: HTML
    let isNumber: Bool
  }

  struct Link {
    let address: HTML
  }

  struct Cell {
    let text: HTML
    let isNumber: Bool
    /// How its column is set, a class of the style: `number`, `short` (one line on any page), `long` (so long that it needs
    /// room, or a narrow page would show it a word a line) or `text`.
    let kind: HTML
    let link: [Link]
  }

  struct Row {
    let cells: [Cell]
  }

  struct Table {
    /// Characters of the longest cell of a column.
    private static let shortLength = 16
    private static let longLength = 40

    let name: HTML
    let caption: HTML
    let titles: [Title]
    let rows: [Row]

    init(_ table: ReportTable, name: String = "") {
      self.name = HTML(name)
      caption = HTML(table.caption)
      titles = table.columns.map { Title(title: HTML($0.title), isNumber: $0.isNumber) }
      let kinds = table.columns.indices.map { column in
        let length = table.rows.reduce(0) { max($0, $1[column].count) }
        return HTML(
          table.columns[column].isNumber ? "number" : length <= Self.shortLength ? "short" : length > Self.longLength ? "long" : "text")
      }
      rows = table.rows.map { cells in
        Row(
          cells: table.columns.indices.map { k in
            Cell(
              text: HTML(cells[k]), isNumber: table.columns[k].isNumber, kind: kinds[k],
              link: DigitalObjectIdentifier.address(of: cells[k]).map { [Link(address: HTML($0))] } ?? [])
          })
      }
    }
  }

  /// One of the lists has one element.
  struct Block {
    var paragraph: [Text] = []
    var notice: [Text] = []
    var subheading: [Text] = []
    var facts: [Pairs] = []
    var table: [Table] = []
    var figure: [Figure] = []
    var ranking: [Table] = []

    init(_ block: ReportBlock) {
      switch block {
      case .paragraph(let text): paragraph = [Text(text)]
      case .notice(let text): notice = [Text(text)]
      case .subheading(let text): subheading = [Text(text)]
      case .facts(let facts):
        self.facts = [Pairs(pairs: facts.map { Pair($0.term, $0.value) })]
      case .table(let table): self.table = [Table(table)]
      case .figure(let svg, let caption): figure = [Figure(svg: HTML(trusted: svg), caption: HTML(caption))]
      case .ranking(let table): ranking = [Table(table.preview, name: table.name)]
      }
    }
  }
}

/// DOIs as links.
enum DigitalObjectIdentifier {
  /// The address of a text that is a DOI and nothing else; nil for any other text.
  static func address(of text: String) -> String? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("10."), parts[0].utf8.count >= 7,
      parts[0].utf8.dropFirst(3).allSatisfy({ (48...57).contains($0) || $0 == 46 }), !parts[1].isEmpty,
      text.utf8.count < 200, text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 124 })
    else { return nil }
    let plain = text.utf8.map { byte -> String in
      let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._~/():;".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return "https://doi.org/" + plain.joined()
  }
}
