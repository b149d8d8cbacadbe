import ActiveLearning
import Chemistry
import Modeling
import Tables

/// Ranks the candidates of a table by what models predict for them.
///
/// Candidates that hold an excluded element, repeat an earlier one, or meet all constraints with a
/// probability below `confidence` are left out and counted. With one objective the rest are
/// ordered by its acquisition value; with several by Pareto front, and within a front by the mean
/// of their ranks. Ties keep the order of the table.
public struct RankingJob: Sendable {
  public struct NamedModel: Sendable {
    public let name: String
    public let model: PropertyModel

    public init(name: String, model: PropertyModel) {
      self.name = name
      self.model = model
    }
  }

  public let models: [NamedModel]
  public let objectives: [Objective]
  public let constraints: [Constraint]
  public let rule: AcquisitionRule
  public let excludedElements: Set<Element>
  /// Least probability of meeting all constraints.
  public var confidence = 0.5
  /// In °C, for candidates without a temperature of their own.
  public var temperature: Double?
  public var intervalLevel = 0.9

  /// - Parameters:
  ///   - models: at least one, each with a name of its own.
  ///   - objectives: maximise the first model when empty.
  ///   - constraints: bounds that predictions have to meet; they name their models.
  ///   - rule: the acquisition value that each objective is ordered by.
  ///   - excludedElements: symbols; a candidate with any of them is left out.
  /// - Throws: `RankingError` for no models, names twice, and names that no model has.
  public init(
    models: [NamedModel], objectives: [Objective] = [], constraints: [Constraint] = [],
    rule: AcquisitionRule = .mean, excludedElements: [String] = []
  ) throws(RankingError) {
    guard let first = models.first else { throw .noModels }
    let names = models.map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw .duplicateModel(name)
    }
    for name in objectives.map(\.model) + constraints.map(\.name) where !names.contains(name) {
      throw .unknownModel(name, known: names)
    }
    var elements = Set<Element>()
    for symbol in excludedElements {
      guard let element = Element(symbol) else { throw .unknownElement(symbol) }
      elements.insert(element)
    }
    self.models = models
    self.objectives = objectives.isEmpty ? [Objective(model: first.name)] : objectives
    self.constraints = constraints
    self.rule = rule
    self.excludedElements = elements
  }

  /// A candidate in its place.
  public struct Ranked: Sendable {
    /// Position in the table.
    public let row: Int
    /// As read for the first model.
    public let sample: Sample
    public var composition: Composition { sample.composition }
    public var formula: String { sample.formula }
    /// From 1.
    public let rank: Int
    /// Pareto front, from 1.
    public let front: Int
    /// Value of the first objective's acquisition; larger is better.
    public let score: Double
    /// Of meeting all constraints; 1 without any.
    public let feasibility: Double
    /// One for each model.
    public let predictions: [PredictionJob.Row]
    /// The nearest training row of the first model, with its distance.
    public let nearest: (reference: PropertyModel.Reference, distance: Double)?
  }

  public struct Result: Sendable {
    public let ranked: [Ranked]
    public let diagnostics: [Diagnostic]
    public let excludedCount: Int
    public let infeasibleCount: Int
    public let duplicateCount: Int
  }

  /// - Throws: `TableError` for a missing formula column; `ModelingError`.
  /// - Complexity: one prediction of each candidate by each model; O(n²) for several objectives.
  public func run(on table: Table, progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
    var predictions: [[PredictionJob.Row?]] = []
    var diagnostics: [Diagnostic] = []
    for (index, named) in models.enumerated() {
      var job = PredictionJob(model: named.model, temperature: temperature)
      job.intervalLevel = intervalLevel
      let result = try job.run(on: table)
      predictions.append(result.rows)
      for diagnostic in result.diagnostics where !diagnostics.contains(diagnostic) {
        diagnostics.append(diagnostic)
      }
      progress(index + 1, models.count)
    }

    var seen = Set<Composition>()
    var (excluded, infeasible, duplicates) = (0, 0, 0)
    var kept: [(row: Int, sample: Sample, feasibility: Double, values: [Double])] = []
    let reader = try SampleReader(models[0].model.options.sampleColumns, in: table, requiringAll: false)
    for row in table.rows.indices {
      let rows = predictions.compactMap { $0[row] }
      guard rows.count == models.count, let sample = try? reader.sample(in: table.rows[row]) else { continue }
      if sample.composition.entries.contains(where: { excludedElements.contains($0.element) }) {
        excluded += 1
        continue
      }
      if !seen.insert(sample.composition.normalized).inserted {
        duplicates += 1
        continue
      }
      let feasibility = constraints.reduce(1.0) { product, constraint in
        let p = rows[modelIndex(constraint.name)]
        return product * constraint.probability(mean: p.mean, standardDeviation: p.standardDeviation)
      }
      if !constraints.isEmpty, feasibility < confidence {
        infeasible += 1
        continue
      }
      kept.append((row, sample, feasibility, objectives.map { value(of: $0, in: rows) }))
    }

    let fronts = ParetoFront.fronts(kept.map(\.values))
    let order = order(kept.map(\.values), fronts: fronts)
    let ranked = order.enumerated().map { place, index in
      let candidate = kept[index]
      return Ranked(
        row: candidate.row, sample: candidate.sample, rank: place + 1, front: fronts[index], score: candidate.values[0],
        feasibility: candidate.feasibility, predictions: predictions.compactMap { $0[candidate.row] },
        nearest: models[0].model.neighbours(of: candidate.sample, limit: 1).first)
    }
    return Result(
      ranked: ranked, diagnostics: diagnostics, excludedCount: excluded, infeasibleCount: infeasible,
      duplicateCount: duplicates)
  }

  private func modelIndex(_ name: String) -> Int { models.firstIndex { $0.name == name } ?? 0 }

  /// The acquisition value of an objective, larger better.
  private func value(of objective: Objective, in rows: [PredictionJob.Row]) -> Double {
    let index = modelIndex(objective.model)
    let range = models[index].model.provenance.targetRange
    let sign = objective.isMinimised ? -1.0 : 1.0
    let best = objective.isMinimised ? -range[0] : range[1]
    return rule.acquisition(best: best).value(
      mean: sign * rows[index].mean, standardDeviation: rows[index].standardDeviation)
  }

  /// Positions from best to worst: by front, then by the mean rank over the objectives.
  private func order(_ values: [[Double]], fronts: [Int]) -> [Int] {
    var meanRank = [Double](repeating: 0, count: values.count)
    for objective in objectives.indices {
      let sorted = values.indices.sorted { (values[$0][objective], $1) > (values[$1][objective], $0) }
      for (place, index) in sorted.enumerated() { meanRank[index] += Double(place) }
    }
    return values.indices.sorted { (fronts[$0], meanRank[$0], $0) < (fronts[$1], meanRank[$1], $1) }
  }
}
