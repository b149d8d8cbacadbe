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

  /// - Parameters:
  ///   - job: what was ranked by.
  ///   - ranked: the candidates to show, best first.
  ///   - table: what the candidates were read from.
  ///   - hints: gives the electrochemical window, charge balance and competing phases of each.
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

  /// A candidate in its place with its hint.
  private typealias Row = (candidate: RankingJob.Ranked, hint: StabilityHint)

  private var records: RecordTable<Row> {
    var fields: [RecordTable<Row>.Field] = [
      .init(csv: "rank", json: "rank") { .integer($0.candidate.rank) },
      .init(csv: "front", json: "front") { .integer($0.candidate.front) },
      .init(json: "formula") { .text($0.candidate.formula) },
      .init(csv: "score", json: "score") { .number($0.candidate.score) },
      .init(csv: job.constraints.isEmpty ? nil : "feasibility", json: "feasibility") { .number($0.candidate.feasibility) },
    ]
    let parts: [(name: String, ending: String, value: @Sendable (PredictionJob.Row) -> Double)] = [
      ("mean", "", \.mean), ("std", "_std", \.standardDeviation), ("lower", "_lower", \.lower), ("upper", "_upper", \.upper),
      ("domain", "_domain", \.domain),
    ]
    for (m, named) in job.models.enumerated() {
      fields += parts.map { part in
        .init(csv: named.name + part.ending) { .number(part.value($0.candidate.predictions[m])) }
      }
    }
    let names = job.models.map(\.name)
    fields.append(
      .init(json: "predictions") { row in
        .object(
          zip(names, row.candidate.predictions).map { name, prediction in
            .init(name, .object(parts.map { .init($0.name, .number($0.value(prediction))) }))
          })
      })
    func nearest(_ value: @escaping (PropertyModel.Reference, Double) -> JSONValue) -> (Row) -> JSONValue {
      { $0.candidate.nearest.map { value($0.reference, $0.distance) } ?? .null }
    }
    fields += [
      .init(csv: "nearest_measured", json: "nearestMeasured", nearest { reference, _ in .text(reference.formula) }),
      .init(csv: "nearest_value", nearest { reference, _ in .number(reference.target) }),
      .init(csv: "nearest_group", nearest { reference, _ in .text(reference.group) }),
      .init(csv: "nearest_distance", nearest { _, distance in .number(distance) }),
      .init(csv: "charge_balance", json: "chargeBalance") { .text($0.hint.chargeText) },
      .init(csv: "competing_phases", json: "competingPhases") { .text($0.hint.competingPhases) },
      .init(csv: "hull_eV_per_atom", json: "hullEnergyPerAtom") { .optional($0.hint.hullEnergyPerAtom) },
      .init(csv: "reduction_V", json: "reductionPotential") { .optional($0.hint.reductionPotential) },
      .init(csv: "oxidation_V", json: "oxidationPotential") { .optional($0.hint.oxidationPotential) },
      .init(csv: "stability_note", json: "note") { .text($0.hint.note) },
    ]
    return RecordTable(fields)
  }

  /// The columns of the candidates' table, but for those of equal names, with what was found to their right.
  public var csv: CSVWriter {
    let records = records
    let added = records.csvColumns
    let kept = table.columns.indices.filter { !added.contains(table.columns[$0]) }
    var writer = CSVWriter(columns: kept.map { table.columns[$0] } + added)
    for row in zip(ranked, hints) {
      writer.append(kept.map { table.rows[row.0.row].cells[$0] } + records.csvCells(of: row))
    }
    return writer
  }

  // MARK: JSON

  public struct Document: Encodable {
    let output: String
    let version: String
    let objectives: [Objective]
    let constraints: [Constraint]
    let acquisition: AcquisitionRule
    let datasets: [String]
    let ranked: [JSONValue]
    let candidates: Int
    let rejected: Int
    let excluded: Int
    let duplicates: Int
    let infeasible: Int
  }

  public func document(_ result: RankingJob.Result, output: String) -> Document {
    return Document(
      output: output, version: SuperionicVersion.current, objectives: job.objectives,
      constraints: job.constraints, acquisition: job.rule, datasets: table.digests,
      ranked: records.json(of: zip(ranked, hints).map { ($0, $1) }),
      candidates: table.rows.count,
      rejected: result.diagnostics.count { $0.severity == .rejected }, excluded: result.excludedCount,
      duplicates: result.duplicateCount, infeasible: result.infeasibleCount)
  }
}
