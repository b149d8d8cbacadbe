import Campaigns
import Foundation

/// A batch of suggestions as people read it.
public struct SuggestionReport: Sendable {
  public let batch: SuggestionBatch

  public init(_ batch: SuggestionBatch) { self.batch = batch }

  public func lines(width: Int) -> [String] {
    var lines = [
      "batch \(batch.batch): \(batch.suggestions.count) of \(batch.openCount) open candidates, \(batch.pendingCount) pending, \(batch.excludedCount) left out for their elements, \(batch.infeasibleCount) by constraints"
    ]
    for one in batch.suggestions {
      lines.append("")
      lines.append("\(one.place). \(one.name)" + (one.family.isEmpty ? "" : "  (\(one.family))"))
      lines.append("   why         \(one.reason)")
      lines.append("   acquisition \(one.acquisition.rawValue) \(one.score.fixed(3)), \((100 * one.share).fixed(1))% of the pool's expected improvement")
      for forecast in one.forecasts {
        var text = "   expected    \(forecast.property) \(forecast.mean.fixed(2))"
        if forecast.deviation > 0 {
          text += " ± \(forecast.deviation.fixed(2)) (of which unknown \(forecast.latentDeviation.fixed(2)))"
          text += ", beats the best with probability \(forecast.improvementProbability.fixed(2))"
        }
        if let goal = forecast.goalProbability { text += ", meets the goal with \(goal.fixed(2))" }
        lines.append(text)
      }
      for neighbour in one.neighbours {
        let source = neighbour.source.isEmpty ? "" : "; \(neighbour.source)"
        lines.append("   near        \(neighbour.name) at \(neighbour.distance.fixed(2)): \(neighbour.value)\(source) (observation \(neighbour.observation))")
      }
      for check in one.constraints {
        lines.append("   constraint  \(check.constraint): " + (check.probability.map { $0 == 1 ? "met" : "met with probability \($0.fixed(2))" } ?? "unknown"))
      }
      if let lesson = one.lesson {
        let about = lesson.about.isEmpty ? "" : ", most about \(lesson.about.joined(separator: ", "))"
        lines.append("   teaches     \((100 * lesson.varianceReduction).fixed(2))% of what is unknown in the pool, \(lesson.information.fixed(4)) nats about another\(about)")
      }
      if let cost = one.cost { lines.append("   cost        \(cost)") }
      if let plan = one.weighing {
        lines.append("   weigh       for \(plan.productGrams.fixed(1)) g: " + plan.items.map { "\($0.grams.fixed(4)) g \($0.formula)" }.joined(separator: ", "))
        if !plan.releases.isEmpty { lines.append("               leaves on heating: \(plan.releases.joined(separator: ", "))") }
        if !plan.missing.isEmpty { lines.append("               not on the list, taken as elements: \(plan.missing.joined(separator: ", "))") }
        lines.append("               from \(plan.source)")
      } else {
        lines.append("   weigh       no precursors known for it")
      }
    }
    if let advice = batch.advice {
      lines.append("")
      lines += CampaignStatus.lines(advice)
    }
    return lines
  }
}
