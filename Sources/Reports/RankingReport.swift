import Foundation
import Modeling
import Screening
import Tables

/// A ranking as a terminal table, a CSV file and a JSON document.
public struct RankingReport: Sendable {
  private let job: RankingJob
  private let ranked: [RankingJob.Ranked]
  private let table: Table
  private let hints: [StabilityHint]

  /// - Parameter ranked: the candidates to show, best first.
  public init(job: RankingJob, ranked: [RankingJob.Ranked], table: Table, hints: StabilityHints) {
    self.job = job
    self.ranked = ranked
    self.table = table
    self.hints = ranked.map { hints.hint(for: $0.composition) }
  }

  // MARK: Terminal

  public func lines(width: Int) -> [String] {
    var columns: [(String, TextTable.Alignment)] = [("rank", .right), ("formula", .left)]
    for named in job.models {
      let level = Int((job.intervalLevel * 100).rounded())
      columns += [
        ("\(named.name)", .right), ("\(level)% interval", .right), ("domain", .right),
      ]
    }
    if !job.constraints.isEmpty { columns.append(("feasible", .right)) }
    // A column that says the same in every row is left out; the file has it.
    let showsCharge = hints.contains { !$0.isChargeBalanced }
    columns.append(("window / V", .right))
    if showsCharge { columns.append(("charge", .left)) }
    columns.append(("competes with", .left))
    // A formula with its end cut off is another formula.
    var text = TextTable(columns, whole: ["formula"])
    for (candidate, hint) in zip(ranked, hints) {
      var cells = ["\(candidate.rank)", candidate.formula]
      for p in candidate.predictions {
        cells += [p.mean.fixed(2), "\(p.lower.fixed(2)) to \(p.upper.fixed(2))", p.domain.fixed(2)]
      }
      if !job.constraints.isEmpty { cells.append(candidate.feasibility.fixed(2)) }
      cells.append(hint.windowText)
      if showsCharge { cells.append(hint.chargeText) }
      cells.append(hint.competingPhases)
      text.append(cells)
    }
    return text.lines(width: width)
  }

  public func footnote(_ result: RankingJob.Result) -> String {
    let units = job.models.map { "\($0.name) is \($0.model.options.predictedName)" }.joined(separator: ", ")
    var text = "\(ranked.count) of \(result.ranked.count) ranked candidates (\(units))"
    if result.excludedCount > 0 { text += "; \(result.excludedCount) left out for their elements" }
    if result.duplicateCount > 0 { text += "; \(result.duplicateCount) repeat an earlier one" }
    if result.infeasibleCount > 0 { text += "; \(result.infeasibleCount) too unlikely to meet the constraints" }
    return text
  }

  // MARK: CSV

  public var csv: CSVWriter {
    var added = ["rank", "front", "score"]
    if !job.constraints.isEmpty { added.append("feasibility") }
    for named in job.models {
      added += [
        named.name, "\(named.name)_std", "\(named.name)_lower", "\(named.name)_upper", "\(named.name)_domain",
      ]
    }
    added += [
      "nearest_measured", "nearest_value", "nearest_group", "nearest_distance", "charge_balance",
      "competing_phases", "hull_eV_per_atom", "reduction_V", "oxidation_V", "stability_note",
    ]
    let kept = table.columns.indices.filter { !added.contains(table.columns[$0]) }
    var writer = CSVWriter(columns: kept.map { table.columns[$0] } + added)
    for (candidate, hint) in zip(ranked, hints) {
      var cells = kept.map { table.rows[candidate.row].cells[$0] }
      cells += ["\(candidate.rank)", "\(candidate.front)", CSVWriter.number(candidate.score)]
      if !job.constraints.isEmpty { cells.append(CSVWriter.number(candidate.feasibility)) }
      for p in candidate.predictions {
        cells += [p.mean, p.standardDeviation, p.lower, p.upper, p.domain].map(CSVWriter.number)
      }
      if let (reference, distance) = candidate.nearest {
        cells += [
          reference.formula, CSVWriter.number(reference.target), reference.group, CSVWriter.number(distance),
        ]
      } else {
        cells += ["", "", "", ""]
      }
      cells += [
        hint.chargeText, hint.competingPhases, hint.hullEnergyPerAtom.map(CSVWriter.number) ?? "",
        hint.reductionPotential.map(CSVWriter.number) ?? "", hint.oxidationPotential.map(CSVWriter.number) ?? "",
        hint.note,
      ]
      writer.append(cells)
    }
    return writer
  }

  // MARK: JSON

  public struct Document: Encodable {
    struct Candidate: Encodable {
      let rank: Int
      let front: Int
      let formula: String
      let score: Double
      let feasibility: Double
      let predictions: [String: Prediction]
      let nearestMeasured: String?
      let chargeBalance: String
      let competingPhases: String
      let hullEnergyPerAtom: Double?
      let reductionPotential: Double?
      let oxidationPotential: Double?
      let note: String
    }
    struct Prediction: Encodable {
      let mean: Double
      let std: Double
      let lower: Double
      let upper: Double
      let domain: Double
    }
    let output: String
    let version: String
    let objectives: [Objective]
    let constraints: [Constraint]
    let acquisition: AcquisitionRule
    let datasets: [String]
    let ranked: [Candidate]
    let candidates: Int
    let rejected: Int
    let excluded: Int
    let duplicates: Int
    let infeasible: Int
  }

  public func document(_ result: RankingJob.Result, output: String) -> Document {
    let candidates = zip(ranked, hints).map { candidate, hint in
      let predictions = zip(job.models, candidate.predictions).map { named, p in
        (
          named.name,
          Document.Prediction(
            mean: p.mean, std: p.standardDeviation, lower: p.lower, upper: p.upper, domain: p.domain)
        )
      }
      return Document.Candidate(
        rank: candidate.rank, front: candidate.front, formula: candidate.formula, score: candidate.score,
        feasibility: candidate.feasibility,
        predictions: Dictionary(predictions, uniquingKeysWith: { first, _ in first }),
        nearestMeasured: candidate.nearest?.reference.formula, chargeBalance: hint.chargeText,
        competingPhases: hint.competingPhases, hullEnergyPerAtom: hint.hullEnergyPerAtom,
        reductionPotential: hint.reductionPotential, oxidationPotential: hint.oxidationPotential,
        note: hint.note)
    }
    return Document(
      output: output, version: SuperionicVersion.current, objectives: job.objectives,
      constraints: job.constraints, acquisition: job.rule, datasets: table.digests, ranked: candidates,
      candidates: table.rows.count,
      rejected: result.diagnostics.count { $0.severity == .rejected }, excluded: result.excludedCount,
      duplicates: result.duplicateCount, infeasible: result.infeasibleCount)
  }
}
