import ActiveLearning
import CampaignStore
import Campaigns
import Foundation

/// What a report says about a campaign: where it stands, what was found when, and what it last suggested.
public struct CampaignSection: Sendable {
  private let state: CampaignState
  private let status: CampaignStatus

  public init(_ state: CampaignState, status: CampaignStatus) {
    self.state = state
    self.status = status
  }

  public var section: ReportSection {
    var section = ReportSection("campaign", heading: "Campaign")
    section.blocks.append(.facts(facts))
    for objective in state.settings.objectives where !objective.isKnown {
      guard let chart = progress(objective) else { continue }
      section.blocks.append(
        .figure(
          svg: chart.svg(theme: .page),
          caption: "Measured values in the order they were recorded, and the best so far. Rings are bounds, which count only on the side they are on."))
    }
    if let advice = status.advice { section.blocks += [.subheading("Whether to go on"), .notice(outlook(advice))] }
    section.blocks += suggestions
    return section
  }

  private var facts: [(term: String, value: String)] {
    var facts = [
      (term: "events", value: "\(status.events)"), (term: "candidates", value: "\(status.candidates)"),
      (term: "measured", value: "\(status.measured)"), (term: "observations", value: "\(status.observations)"),
      (term: "open", value: "\(status.open)"), (term: "closed", value: "\(status.closed)"),
    ]
    for best in status.best { facts.append((term: "best \(best.property)", value: "\(best.candidate): \(best.reported)")) }
    if !status.pending.isEmpty { facts.append((term: "awaited", value: status.pending.joined(separator: ", "))) }
    facts.append((term: "hash of the history", value: status.hash))
    return facts
  }

  /// Values of an objective in the order they were recorded; nil without any.
  private func progress(_ objective: CampaignObjective) -> XYChart? {
    let rows = state.snapshot.currentObservations.filter { $0.property == objective.property && (!objective.log10 || $0.value > 0) }
      .sorted { $0.id < $1.id }
    guard !rows.isEmpty else { return nil }
    let quantity = Quantity(column: objective.property)
    var chart = XYChart(
      "\(quantity.name) by observation", x: ChartAxis("Observation"),
      y: ChartAxis(quantity.name, unit: objective.unit.isEmpty ? quantity.unit : objective.unit, scale: objective.log10 ? .logarithmic : .linear))
    var exact: [XYChart.Point] = []
    var bounds: [XYChart.Point] = []
    var best: [XYChart.Point] = []
    for (k, row) in rows.enumerated() {
      let name = state.candidates[row.candidate - 1].name
      let point = XYChart.Point(Double(k + 1), row.value, note: "\(name): \(row.reported)\(row.source.isEmpty ? "" : " (\(row.source))")")
      if row.censoring == 0 { exact.append(point) } else { bounds.append(point) }
      // A bound on the wrong side says nothing about the best.
      guard row.censoring == 0 || Double(row.censoring) * objective.sign > 0 else { continue }
      let value = best.last.map { objective.isMinimised ? min($0.y, row.value) : max($0.y, row.value) } ?? row.value
      if let last = best.last, last.y != value { best.append(.init(Double(k + 1), last.y)) }
      best.append(.init(Double(k + 1), value))
    }
    if let last = best.last, last.x < Double(rows.count) { best.append(.init(Double(rows.count), last.y)) }
    chart.add(.points, name: "measured", exact)
    chart.add(.line, name: "best so far", best)
    if !bounds.isEmpty { chart.add(.rings, name: "bound", bounds) }
    return chart
  }

  /// The advice in one paragraph: what to do, what there is to gain, and how sure the best is.
  private func outlook(_ advice: StoppingAdvice) -> String {
    let first = state.settings.objectives.first
    let unit = first.map { $0.log10 ? " decades" : $0.unit.isEmpty ? "" : " \($0.unit)" } ?? ""
    let count = advice.gainCurve.count
    let verdict =
      advice.saysStop
      ? "Stop: no number of further experiments is expected to gain \(advice.costPerExperiment)\(unit) each."
      : "Go on: some \(advice.worthwhile)\(advice.worthwhile == count ? " or more" : "") further experiments are worth \(advice.costPerExperiment)\(unit) each."
    let gains =
      "The next one is expected to exceed the best so far by \((advice.gainCurve.first ?? 0).fixed(3))\(unit), the next \(count) together "
      + "by \((advice.gainCurve.last ?? 0).fixed(3)), and the best of all that is open by \(advice.remainingGain.fixed(3))."
    let probability = advice.doneProbability < 0.005 ? "below 1%" : "of \((100 * advice.doneProbability).fixed(0))%"
    let certainty =
      "Within the scatter of a repeat, \(advice.tolerance.fixed(2))\(unit), the best so far is the best there is with a probability \(probability)."
    return [verdict, gains, certainty].joined(separator: " ")
  }

  private var suggestions: [ReportBlock] {
    guard let batch = state.snapshot.suggestions.map(\.batch).max() else { return [] }
    var table = ReportTable(
      "Last suggested (batch \(batch))",
      columns: [.init("place", isNumber: true), .init("candidate"), .init("why"), .init("nearest measured"), .init("value"), .init("source")])
    for row in state.snapshot.suggestions.filter({ $0.batch == batch }).sorted(by: { $0.place < $1.place }) {
      let one = try? JSONDecoder().decode(SuggestedCandidate.self, from: Data(row.explanation.utf8))
      let near = one?.neighbours.first
      table.append(["\(row.place)", state.candidates[row.candidate - 1].name, one?.reason ?? "", near?.name ?? "", near?.value ?? "", near?.source ?? ""])
    }
    return [.subheading("Suggestions"), .table(table)]
  }
}
