import Chemistry
import LinearAlgebra
import Modeling
import Screening
import Stability
import Tables

/// What a report says about ranked candidates: the table, the trade-off of objectives, what was left out.
public struct RankingSection: Sendable {
  private let job: RankingJob
  private let result: RankingJob.Result
  private let table: Table
  /// One for each of the first candidates.
  private let hints: [StabilityHint]
  private let contributions: RankingTable.Contributions

  /// Measured neighbours that the details of a row name.
  static let neighbourCount = 5
  /// Candidates whose contributions are computed if nothing else is said.
  public static let contributionLimit = 200
  /// Candidates beyond the first so many have no stability hints.
  public static let hintLimit = 5000

  /// - Parameters:
  ///   - job: what was ranked by.
  ///   - result: of `job` on `table`.
  ///   - table: the candidates; its columns beyond the formula are shown, too.
  ///   - source: gives the windows of the first `hintLimit` candidates, on all cores.
  ///   - limit: the first so many candidates come with what each family of descriptors adds to the first model's
  ///     prediction.
  /// - Throws: `ModelingError`.
  public init(
    _ job: RankingJob, _ result: RankingJob.Result, table: Table, hints source: StabilityHints, contributions limit: Int = contributionLimit
  ) throws(ModelingError) {
    self.job = job
    self.result = result
    self.table = table
    hints = source.hints(for: result.ranked.prefix(Self.hintLimit).map(\.composition))
    contributions = try RankingTable.Contributions(
      of: result.ranked.prefix(limit).map(\.sample), to: job.models[0], temperature: job.temperature, isOfRanking: true)
  }

  public var section: ReportSection {
    var section = ReportSection("ranking", heading: "Ranking")
    section.blocks.append(.paragraph(introduction))
    section.blocks.append(.ranking(ranking))
    if let pareto = tradeOff { section.blocks += [.subheading(pareto.title), .figure(svg: pareto.svg(theme: .page), caption: paretoCaption)] }
    if !result.diagnostics.isEmpty {
      section.blocks += [
        .subheading("Candidates left out"), .table(DataSection.table(of: result.diagnostics, caption: "Rows of the candidates that were rejected or look wrong")),
      ]
    }
    return section
  }

  private var introduction: String {
    let units = job.models.map { "\($0.name) is \($0.model.options.predictedName)" }.joined(separator: ", ")
    let goals = job.objectives.map { ($0.isMinimised ? "small " : "large ") + $0.model }.joined(separator: " and ")
    var text = "\(result.ranked.count) of \(table.rows.count) candidates, ordered for \(goals) by \(job.rule.rawValue); \(units)."
    let left = [
      (result.excludedCount, "left out for their elements"), (result.duplicateCount, "repeat an earlier one"),
      (result.infeasibleCount, "too unlikely to meet the constraints"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !left.isEmpty { text += " " + left.joined(separator: ", ") + "." }
    text += " Windows and competing phases are those of the known phases at the composition, which the candidate has to beat."
    if result.ranked.count > Self.hintLimit { text += " They were computed for the first \(Self.hintLimit)." }
    return text + " " + contributions.sentence(of: result.ranked.count)
  }

  // MARK: Table

  /// The ranked candidates with predictions, hints and the columns of their table.
  var ranking: RankingTable {
    let ranked = result.ranked
    var out = RankingTable("ranking", caption: "Ranked candidates", formulas: ranked.map(\.formula))
    let level = Int((job.intervalLevel * 100).rounded())
    for (m, named) in job.models.enumerated() {
      let rows = ranked.map { $0.predictions[m] }
      out.append(named.name, numbers: rows.map(\.mean), decimals: 2)
      out.append("\(level)% from", numbers: rows.map(\.lower), decimals: 2)
      out.append("to", numbers: rows.map(\.upper), decimals: 2)
      out.append("\(named.name) deviation", numbers: rows.map(\.standardDeviation), decimals: 2, isShown: false)
      out.append(job.models.count > 1 ? "\(named.name) domain" : "domain", numbers: rows.map(\.domain), decimals: 2)
      if named.model.hasActivationEnergies {
        out.append(
          "activation energy (eV)", numbers: rows.map { $0.activationEnergy?.mean ?? .nan }, decimals: 3, isShown: false)
      }
    }
    if !job.constraints.isEmpty { out.append("feasible", numbers: ranked.map(\.feasibility), decimals: 2) }
    if job.objectives.count > 1 { out.append("front", numbers: ranked.map { Double($0.front) }, decimals: 0) }
    out.append("score", numbers: ranked.map(\.score), decimals: 3, isShown: false)
    func hint<T>(_ value: (StabilityHint) -> T, _ missing: T) -> [T] {
      ranked.indices.map { $0 < hints.count ? value(hints[$0]) : missing }
    }
    out.append("reduction (V)", numbers: hint({ $0.reductionPotential ?? .nan }, .nan), decimals: 2)
    out.append("oxidation (V)", numbers: hint({ $0.oxidationPotential ?? .nan }, .nan), decimals: 2)
    out.append("competes with", texts: hint(\.competingPhases, ""))
    out.append("energy to beat (eV/atom)", numbers: hint({ $0.hullEnergyPerAtom ?? .nan }, .nan), decimals: 3, isShown: false)
    out.append("charge", texts: hint(\.chargeText, ""), isShown: false)
    if hints.contains(where: { !$0.note.isEmpty }) { out.append("note", texts: hint(\.note, ""), isShown: false) }
    let formula = job.models[0].model.options.formulaColumn
    for (k, column) in table.columns.enumerated() where column != formula {
      out.append(column, texts: ranked.map { table.rows[$0.row].cells[k] }, isShown: false)
    }
    out.neighbours = neighbours
    out.contributions = contributions
    return out
  }

  private var neighbours: RankingTable.Neighbours {
    let model = job.models[0].model
    let nearest = model.nearestReferences(to: result.ranked.map(\.composition), limit: Self.neighbourCount)
    return RankingTable.Neighbours(references: model.references, quantity: model.options.predictedName, nearest: nearest)
  }

  // MARK: Pareto front

  /// Points that a chart shows beside the front.
  static let pointLimit = 2000

  /// The first two objectives, or with one objective its prediction against the width of the window.
  var tradeOff: XYChart? {
    let ranked = result.ranked
    guard let first = job.objectives.first, let m = job.models.firstIndex(where: { $0.name == first.model }) else { return nil }
    let second = job.objectives.dropFirst().first { $0.model != first.model }
    let x = TargetScale(job.models[m].model.options)
    var points: [ParetoPoint] = []
    var axis = ChartAxis("Window of the competing phases", unit: "V", lower: 0)
    var scale: TargetScale?
    let n = second.flatMap { other in job.models.firstIndex { $0.name == other.model } }
    if let n {
      let other = TargetScale(job.models[n].model.options)
      axis = other.axis("Predicted")
      scale = other
    }
    for (k, candidate) in ranked.enumerated() {
      let value = candidate.predictions[m].mean
      if let n, let second {
        points.append(
          ParetoPoint(row: k, x: value, y: candidate.predictions[n].mean, isXMinimised: first.isMinimised, isYMinimised: second.isMinimised))
      } else if k < hints.count, let low = hints[k].reductionPotential, let high = hints[k].oxidationPotential {
        points.append(ParetoPoint(row: k, x: value, y: high - low, isXMinimised: first.isMinimised, isYMinimised: false))
      }
    }
    guard points.count > 1 else { return nil }
    let front = ParetoPoint.front(points)
    let onFront = Set(front.map(\.row))
    func place(_ point: ParetoPoint, label: Bool) -> XYChart.Point {
      let formula = ranked[point.row].formula
      return .init(x.value(point.x), scale?.value(point.y) ?? point.y, label: label ? formula : nil, note: "\(formula) (rank \(point.row + 1)): \(point.x.fixed(2)); \(point.y.fixed(2))")
    }
    var chart = XYChart(
      second == nil ? "Prediction against window" : "Pareto front", x: x.axis("Predicted"), y: axis)
    chart.add(.points, name: "candidates", points.filter { !onFront.contains($0.row) }.prefix(Self.pointLimit).map { place($0, label: false) })
    chart.add(.linePoints, name: "Pareto front", front.map { place($0, label: true) })
    return chart
  }

  private var paretoCaption: String {
    let goals = job.objectives.count > 1 ? "both objectives" : "the objective and a wide window"
    let limit = result.ranked.count > Self.pointLimit ? " Beside the front the first \(Self.pointLimit) candidates are drawn." : ""
    return "Candidates on the front are not beaten by another in \(goals) at once.\(limit)"
  }
}

/// A candidate between two wishes.
struct ParetoPoint: Sendable, Equatable {
  /// Place in the ranking, from 0.
  let row: Int
  let x: Double
  let y: Double
  let isXMinimised: Bool
  let isYMinimised: Bool

  private var worthX: Double { isXMinimised ? -x : x }
  private var worthY: Double { isYMinimised ? -y : y }

  /// The points that no other beats in both, by ascending `x`; equal points all count. O(n log n).
  static func front(_ points: [ParetoPoint]) -> [ParetoPoint] {
    let order = points.sorted { ($0.worthX, $0.worthY, $1.row) > ($1.worthX, $1.worthY, $0.row) }
    var front: [ParetoPoint] = []
    var best = -Double.infinity
    for point in order where point.worthY > best || (front.last.map { $0.worthX == point.worthX && $0.worthY == point.worthY } ?? false) {
      best = point.worthY
      front.append(point)
    }
    return front.sorted { ($0.x, $0.y, $0.row) < ($1.x, $1.y, $1.row) }
  }
}
