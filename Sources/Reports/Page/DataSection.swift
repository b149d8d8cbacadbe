import Chemistry
import Modeling
import Regression
import Tables

/// What a report says about the measured rows: counts, families, elements, targets, and what was left out.
public struct DataSection: Sendable {
  private let data: Measurements
  private let table: Table
  private let options: ModelingOptions
  private let families: RowFamilies

  /// Rejected rows are listed up to this number, and counted beyond.
  static let rejectedLimit = 500

  public init(_ data: Measurements, table: Table, options: ModelingOptions, families: RowFamilies) {
    self.data = data
    self.table = table
    self.options = options
    self.families = families
  }

  public var section: ReportSection {
    var section = ReportSection("data", heading: "Data")
    section.blocks = [.facts(facts), .figure(svg: histogram.svg(theme: .page), caption: histogramCaption)]
    section.blocks.append(
      .figure(svg: elements.svg(theme: .page), caption: "How many measured rows hold each element; shades follow the logarithm of the number."))
    section.blocks += [.subheading("Families"), .table(familyTable), .subheading("Rows left out or to look at")]
    section.blocks += rejected
    return section
  }

  private var scale: TargetScale { TargetScale(options) }

  private var facts: [(term: String, value: String)] {
    let rejectedCount = data.diagnostics.count { $0.severity == .rejected }
    var facts = [
      ("rows used", "\(data.count) of \(table.rows.count)"), ("rows rejected", "\(rejectedCount)"),
      ("bounds (censored rows)", "\(data.censoredCount)"),
      ("distinct compositions", "\(Set(data.rows.map { $0.sample.composition.normalized }).count)"),
      ("elements", "\(elements.counts.count)"), ("families", "\(families.members.count)"),
    ]
    if let column = options.groupColumn { facts.append(("groups by \(column)", "\(data.groupCount)")) }
    let temperatures = data.rows.compactMap(\.sample.temperature)
    if let low = temperatures.min(), let high = temperatures.max() {
      facts.append(("temperatures", low == high ? "\(low.fixed(0)) °C" : "\(low.fixed(0)) to \(high.fixed(0)) °C"))
    }
    return facts.map { (term: $0.0, value: $0.1) }
  }

  private var elements: PeriodicTableChart {
    var counts: [Element: Int] = [:]
    for row in data.rows { for element in row.sample.composition.elements { counts[element, default: 0] += 1 } }
    return PeriodicTableChart("Elements in the data", counts: counts)
  }

  private var histogram: HistogramChart {
    var chart = HistogramChart("\(scale.quantity.name) in the data", x: scale.axis())
    for (name, censoring) in [("measured", Censoring.none), ("at or below (bound)", .left), ("at or above (bound)", .right)] {
      let values = data.rows.filter { $0.censoring == censoring }.map { scale.value($0.target) }
      if !values.isEmpty { chart.add(name, values, hollow: censoring != .none) }
    }
    return chart
  }

  private var histogramCaption: String {
    let bounds = data.censoredCount
    return "Distribution of the target." + (bounds > 0 ? " Outlined bars are bounds such as values below detection; the true values lie beyond." : "")
  }

  private var familyTable: ReportTable {
    let unit = options.log10 ? "log10" : scale.quantity.unit
    var table = ReportTable(
      families.isDerived ? "Families, derived from the anions because the table names none" : "Rows and targets of each family",
      columns: [
        .init("family"), .init("rows", isNumber: true), .init("bounds", isNumber: true),
        .init(unit.isEmpty ? "lowest" : "lowest (\(unit))", isNumber: true), .init("median", isNumber: true), .init("highest", isNumber: true),
      ])
    for (name, rows) in families.members {
      let values = rows.map { data.rows[$0].target }.sorted()
      let bounds = rows.count { data.rows[$0].censoring != .none }
      table.append([
        name, "\(rows.count)", "\(bounds)", values[0].fixed(2), BoxChart.quantile(values, 0.5).fixed(2), values[values.count - 1].fixed(2),
      ])
    }
    return table
  }

  private var rejected: [ReportBlock] {
    guard !data.diagnostics.isEmpty else { return [.paragraph("Every row of the table was used.")] }
    var blocks = [ReportBlock.table(Self.table(of: data.diagnostics, caption: "Rows of the measurements that were rejected or look wrong"))]
    if data.diagnostics.count > Self.rejectedLimit {
      blocks.append(.paragraph("… and \(data.diagnostics.count - Self.rejectedLimit) more."))
    }
    return blocks
  }

  /// Diagnostics as a table, the first `rejectedLimit` of them. A file that all are of stands in the caption: as a column
  /// its path would leave a narrow page no room for what is wrong.
  static func table(of diagnostics: [Diagnostic], caption: String) -> ReportTable {
    let files = Set(diagnostics.map(\.location.file))
    let isOne = files.count == 1
    var table = ReportTable(
      caption + (isOne ? ", of \(files.first ?? "")" : ""),
      columns: (isOne ? [] : [.init("file")])
        + [.init("line", isNumber: true), .init("verdict"), .init("column"), .init("what is wrong"), .init("what to do")])
    for one in diagnostics.prefix(rejectedLimit) {
      table.append(
        (isOne ? [] : [one.location.file])
          + ["\(one.location.line)", one.severity.rawValue, one.column ?? "", one.problem, one.remedy])
    }
    return table
  }
}
