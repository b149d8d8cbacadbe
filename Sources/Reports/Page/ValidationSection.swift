import Modeling
import Regression

/// What a report says about a cross-validation: scores, parity, residuals, calibration, learning curve and
/// how errors grow away from the data.
public struct ValidationSection: Sendable {
  private let validation: ModelValidation
  private let data: Measurements
  private let options: ModelingOptions
  private let families: RowFamilies
  private let curve: LearningCurve?
  private let scrambledRSquared: Double?

  /// - Parameters:
  ///   - validation: of `data`.
  ///   - data: the rows that were validated on.
  ///   - options: those of `validation`: they name the target and its unit.
  ///   - families: of `data`.
  ///   - curve: of the same model on `data`; nil shows none.
  ///   - scrambledRSquared: of the same validation with targets exchanged at random.
  public init(
    _ validation: ModelValidation, of data: Measurements, options: ModelingOptions, families: RowFamilies,
    curve: LearningCurve? = nil, scrambledRSquared: Double? = nil
  ) {
    self.validation = validation
    self.data = data
    self.options = options
    self.families = families
    self.curve = curve
    self.scrambledRSquared = scrambledRSquared
  }

  /// Families beyond this number share one line of the residuals.
  static let familyLimit = 20
  /// Points drawn at most; beyond, every n-th row stands for the rest.
  static let pointLimit = 4000

  public var section: ReportSection {
    var section = ReportSection("validation", heading: "Validation")
    let summary = ValidationSummary(validation, of: data)
    let level = percent(validation.intervalLevel)
    section.blocks = [
      .paragraph(
        "Each row was predicted by a model that had seen none of its group (\(validation.folds.count) folds"
          + (options.groupColumn.map { ", groups by \($0)" } ?? "") + "). Errors are in \(scale.differenceUnit)."),
      .table(scores),
    ]
    section.blocks += summary.cautions(scrambledRSquared: scrambledRSquared).map { .notice($0) }
    section.blocks += [
      .subheading("Parity"),
      .figure(svg: parity.svg(theme: .page), caption: "Predicted against measured values of held-out rows with central \(level) intervals; the dashed line is perfect agreement."),
      .subheading("Residuals by family"),
      .figure(svg: residuals.svg(theme: .page), caption: "Predicted less measured value of held-out rows, bounds left out: dots are rows, boxes hold the middle half, strokes are medians."),
      .subheading("Calibration of intervals"),
      .figure(svg: calibration.svg(theme: .page), caption: "Share of held-out measured rows inside central intervals, against the probability the intervals were given. Above the dashed line they are too wide, below too narrow."),
    ]
    if let curve {
      section.blocks += [
        .subheading("Learning curve"),
        .figure(
          svg: learning(curve).svg(theme: .page),
          caption: "Error on the same held-out rows with growing shares of the training groups (\(curve.kind.rawValue)); the band is the 95% interval from drawing whole groups again. A curve that still falls says that more data would help."),
      ]
    }
    section.blocks += [
      .subheading("Error against domain score"),
      .figure(svg: domain.svg(theme: .page), caption: "The domain score is 1 for a composition the model knows and falls to 0 beyond its training data; the line is the mean of each quarter."),
      .table(strata("By domain score", "domain score", summary.domainStrata)),
      .table(strata("By distance to the nearest composition trained on", "distance", summary.distanceStrata)),
    ]
    return section
  }

  /// The charts as files of their own, by name.
  public var charts: [(name: String, svg: String)] {
    [("parity.svg", parity.svg()), ("residuals.svg", residuals.svg()), ("calibration.svg", calibration.svg()), ("domain.svg", domain.svg())]
  }

  private var scale: TargetScale { TargetScale(options) }

  private func percent(_ level: Double) -> String { "\(Int((level * 100).rounded()))%" }

  private var scores: ReportTable {
    var table = ReportTable(
      "Scores on held-out rows",
      columns: [
        .init("fold"), .init("rows", isNumber: true), .init("bounds", isNumber: true), .init("MAE", isNumber: true),
        .init("RMSE", isNumber: true), .init("R²", isNumber: true), .init("Spearman", isNumber: true), .init("NLPD", isNumber: true),
        .init("in \(percent(validation.intervalLevel)) interval", isNumber: true), .init("interval width", isNumber: true),
      ])
    func append(_ label: String, _ m: RegressionMetrics) {
      table.append([
        label, "\(m.count)", "\(m.censoredCount)", m.meanAbsoluteError?.fixed(3) ?? "–", m.rootMeanSquaredError?.fixed(3) ?? "–",
        m.rSquared?.fixed(3) ?? "–", m.spearman?.fixed(3) ?? "–", m.negativeLogPredictiveDensity.fixed(3),
        m.coverage?.fixed(3) ?? "–", m.meanWidth.fixed(2),
      ])
    }
    for (k, fold) in validation.folds.enumerated() { append("\(k + 1)", fold.metrics) }
    append("all", validation.pooled)
    return table
  }

  private func strata(_ caption: String, _ title: String, _ strata: [ValidationSummary.Stratum]) -> ReportTable {
    var table = ReportTable(
      caption,
      columns: [
        .init(title), .init("rows", isNumber: true), .init("MAE", isNumber: true), .init("in interval", isNumber: true),
        .init("interval width", isNumber: true),
      ])
    for one in strata {
      table.append([
        one.label, "\(one.metrics.count)", one.metrics.meanAbsoluteError?.fixed(3) ?? "–", one.metrics.coverage?.fixed(3) ?? "–",
        one.metrics.meanWidth.fixed(2),
      ])
    }
    return table
  }

  // MARK: Charts

  /// Rows to draw.
  private var drawn: [Int] {
    let stride = max(1, (data.count + Self.pointLimit - 1) / Self.pointLimit)
    return Array(Swift.stride(from: 0, to: data.count, by: stride))
  }

  private func note(_ row: Int) -> String {
    let one = data.rows[row]
    let group = one.groupCell.isEmpty ? "" : " · \(one.groupCell)"
    let sign = one.censoring == .left ? "≤ " : one.censoring == .right ? "≥ " : ""
    return "\(one.sample.formula): measured \(sign)\(one.target.fixed(2)), predicted \(validation.predictions.mean[row].fixed(2)) (\(validation.lower[row].fixed(2)) to \(validation.upper[row].fixed(2)))\(group)"
  }

  private var parity: XYChart {
    var chart = XYChart("Parity of held-out rows", x: scale.axis("Measured"), y: scale.axis("Predicted"))
    (chart.width, chart.height) = (640, 620)
    chart.references = [.diagonal]
    // The axes span the measured and predicted values; long intervals run off the chart.
    let values = drawn.flatMap { [scale.value(data.rows[$0].target), scale.value(validation.predictions.mean[$0])] }
    let fitted = chart.x.fitted(to: values)
    (chart.x.lower, chart.x.upper) = (fitted.low, fitted.high)
    (chart.y.lower, chart.y.upper) = (fitted.low, fitted.high)
    func points(_ rows: [Int]) -> [XYChart.Point] {
      rows.map {
        XYChart.Point(
          scale.value(data.rows[$0].target), scale.value(validation.predictions.mean[$0]),
          interval: scale.value(validation.lower[$0])...scale.value(validation.upper[$0]), note: note($0))
      }
    }
    chart.add(.points, name: "measured", points(drawn.filter { data.rows[$0].censoring == .none }))
    let bounds = drawn.filter { data.rows[$0].censoring != .none }
    if !bounds.isEmpty { chart.add(.rings, name: "bound", points(bounds)) }
    return chart
  }

  private var residuals: BoxChart {
    var chart = BoxChart("Residuals by family", axis: ChartAxis("Predicted less measured", unit: scale.differenceUnit))
    chart.reference = 0
    func values(_ rows: [Int]) -> [(value: Double, note: String)] {
      rows.filter { data.rows[$0].censoring == .none }
        .map { (validation.predictions.mean[$0] - data.rows[$0].target, note($0)) }
    }
    let families = families.members
    for (name, rows) in families.prefix(Self.familyLimit) { chart.add(name, values(rows)) }
    let others = families.dropFirst(Self.familyLimit).flatMap(\.rows)
    if !others.isEmpty { chart.add("\(families.count - Self.familyLimit) others", values(others)) }
    return chart
  }

  /// Levels whose coverage is shown.
  static let levels = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]

  private var calibration: XYChart {
    var chart = XYChart(
      "Calibration of intervals", x: ChartAxis("Probability of the interval", lower: 0, upper: 1),
      y: ChartAxis("Share of rows inside", lower: 0, upper: 1))
    (chart.width, chart.height) = (520, 500)
    chart.references = [.diagonal]
    let points = Self.levels.compactMap { level in
      validation.coverage(of: data, level: level).map {
        XYChart.Point(level, $0, note: "\(percent(level)) intervals hold \(percent($0)) of the rows")
      }
    }
    chart.add(.linePoints, points)
    return chart
  }

  private func learning(_ curve: LearningCurve) -> XYChart {
    var chart = XYChart(
      "Learning curve", x: ChartAxis("Rows trained on", lower: 0), y: ChartAxis("Mean absolute error", unit: scale.differenceUnit, lower: 0))
    chart.height = 400
    chart.add(
      .linePoints,
      curve.points.compactMap { point in
        point.meanAbsoluteError.map {
          XYChart.Point(point.rows, $0, interval: point.errorInterval, note: "\(point.rows.fixed(0)) rows: \($0.fixed(3))")
        }
      })
    return chart
  }

  private var domain: XYChart {
    var chart = XYChart(
      "Error against domain score", x: ChartAxis("Domain score", lower: 0, upper: 1),
      y: ChartAxis("Absolute error", unit: scale.differenceUnit, lower: 0))
    chart.height = 400
    let rows = drawn.filter { data.rows[$0].censoring == .none }
    func error(_ row: Int) -> Double { abs(validation.predictions.mean[row] - data.rows[row].target) }
    chart.add(.points, name: "held-out rows", rows.map { .init(validation.domainScores[$0], error($0), note: note($0)) })
    let quarters = [0.0, 0.25, 0.5, 0.75].compactMap { low -> XYChart.Point? in
      let members = data.rows.indices.filter {
        let score = validation.domainScores[$0]
        return data.rows[$0].censoring == .none && score >= low && (score < low + 0.25 || low == 0.75)
      }
      guard !members.isEmpty else { return nil }
      let mean = members.reduce(0) { $0 + error($1) } / Double(members.count)
      return .init(low + 0.125, mean, note: "mean of \(members.count) rows: \(mean.fixed(2))")
    }
    chart.add(.linePoints, name: "mean of each quarter", quarters)
    return chart
  }
}
