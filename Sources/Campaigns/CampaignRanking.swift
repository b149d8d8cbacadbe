import ActiveLearning
import Foundation
import LinearAlgebra
import Regression
import Tables

/// All candidates by all objectives at once: Pareto fronts, hypervolume, desirability, chance of success.
public struct CampaignRanking: Sendable {
  public struct Row: Sendable {
    /// Position among the candidates.
    public let position: Int
    /// For each objective, in the units that are modelled; nil where unknown.
    public let means: [Double?]
    public let deviations: [Double]
    /// From 1; 0 for candidates with an unknown objective.
    public let front: Int
    /// Expected volume that it adds to the front of the measured ones.
    public let hypervolumeGain: Double
    /// Expected overall desirability, over objectives with a floor and a goal; nil without any.
    public let desirability: Double?
    /// Probability of meeting every goal and constraint, objectives taken as independent.
    public let successProbability: Double
    public let isMeasured: Bool
  }

  public let objectives: [CampaignObjective]
  /// Best first: by front, then by chance of success, then by hypervolume gained.
  public let rows: [Row]
  /// Hypervolume of what is measured, by posterior means.
  public let hypervolume: Double
  public let reference: [Double]

  /// - Throws: `CampaignError.nothingToSuggest` when a measured objective has fewer than two values.
  public init(_ state: CampaignState) throws {
    let objectives = Array(state.settings.objectives.prefix(4))
    self.objectives = objectives
    let all = Array(state.candidates.indices)
    var columns: [(mean: [Double?], deviation: [Double])] = []
    for objective in objectives {
      if objective.isKnown {
        columns.append((all.map { state.known(objective.property, $0) }, [Double](repeating: 0, count: all.count)))
        continue
      }
      guard let fit = try state.surrogate(objective) else {
        throw CampaignError.nothingToSuggest("\(objective.property) has fewer than two measurements")
      }
      let (mean, variance) = fit.process.posterior(of: state.points(all))
      columns.append((mean.map { objective.sign * $0 }, variance.map { ($0 + fit.process.noiseVariance).squareRoot() }))
    }
    let measuredSet = Set(state.snapshot.currentObservations.map { $0.candidate - 1 })
    let complete = all.filter { position in columns.allSatisfy { $0.mean[position] != nil } }
    func point(_ position: Int) -> [Double] {
      objectives.indices.map { objectives[$0].sign * (columns[$0].mean[position] ?? 0) }
    }
    let fronts = ParetoFront.fronts(complete.map(point))
    var frontOf = [Int](repeating: 0, count: all.count)
    for (index, position) in complete.enumerated() { frontOf[position] = fronts[index] }
    let held = complete.filter(measuredSet.contains).map(point)
    let reference = objectives.indices.map { j -> Double in
      if let floor = objectives[j].floor { return objectives[j].sign * floor }
      let column = held.map { $0[j] }
      let (low, high) = (column.min() ?? 0, column.max() ?? 1)
      return low - 0.1 * max(1e-9, high - low)
    }
    self.reference = reference
    hypervolume = UndominatedBoxes.hypervolume(held, reference: reference)
    let boxes = UndominatedBoxes(points: held, reference: reference)
    let wishes = objectives.map { objective in
      objective.floor.flatMap { floor in objective.goal.flatMap { Desirability(floor: floor, goal: $0) } }
    }
    let measuredConstraints = state.settings.constraints
    rows = all.map { position -> Row in
      let means = columns.map { $0.mean[position] }
      let deviations = columns.map { $0.deviation[position] }
      var logSuccess = 0.0
      for (j, objective) in objectives.enumerated() {
        guard let goal = objective.goal, let mean = means[j] else { continue }
        let bound = objective.isMinimised ? OutcomeConstraint(upper: goal) : OutcomeConstraint(lower: goal)
        logSuccess += bound.logProbability(mean: mean, standardDeviation: deviations[j])
      }
      for constraint in measuredConstraints {
        if let value = state.known(constraint.name, position) {
          if !constraint.isMet(by: value) { logSuccess = -.infinity }
        } else if let j = objectives.firstIndex(where: { $0.property == constraint.name }), let mean = means[j] {
          let bound =
            constraint.isUpperBound ? OutcomeConstraint(upper: constraint.bound) : OutcomeConstraint(lower: constraint.bound)
          logSuccess += bound.logProbability(mean: mean, standardDeviation: deviations[j])
        }
      }
      let parts = objectives.indices.compactMap { j -> (desirability: Desirability, value: Double)? in
        guard let wish = wishes[j], let mean = means[j] else { return nil }
        return (wish, wish.expectedValue(mean: mean, standardDeviation: deviations[j]))
      }
      let gain =
        frontOf[position] == 0
        ? 0
        : boxes.expectedImprovement(mean: point(position), deviation: deviations)
      return Row(
        position: position, means: means, deviations: deviations, front: frontOf[position], hypervolumeGain: gain,
        desirability: parts.isEmpty ? nil : Desirability.overall(parts), successProbability: exp(logSuccess),
        isMeasured: measuredSet.contains(position))
    }.sorted { a, b in
      let (fa, fb) = (a.front == 0 ? Int.max : a.front, b.front == 0 ? Int.max : b.front)
      if fa != fb { return fa < fb }
      if a.successProbability != b.successProbability { return a.successProbability > b.successProbability }
      if a.hypervolumeGain != b.hypervolumeGain { return a.hypervolumeGain > b.hypervolumeGain }
      return a.position < b.position
    }
  }

  /// The ranking as CSV.
  public func csv(_ state: CampaignState) -> CSVWriter {
    var writer = CSVWriter(
      columns: ["rank", "name", "formula", "family", "measured"]
        + objectives.flatMap { [$0.modelledName, "\($0.modelledName)_std"] }
        + ["front", "hypervolume_gain", "desirability", "probability_of_all_targets"])
    for (place, row) in rows.enumerated() {
      let candidate = state.candidates[row.position]
      var cells = ["\(place + 1)", candidate.name, candidate.formula, candidate.family, row.isMeasured ? "yes" : "no"]
      for j in objectives.indices {
        cells += [row.means[j].map(CSVWriter.number) ?? "", CSVWriter.number(row.deviations[j])]
      }
      cells += [
        row.front == 0 ? "" : "\(row.front)", CSVWriter.number(row.hypervolumeGain),
        row.desirability.map(CSVWriter.number) ?? "", CSVWriter.number(row.successProbability),
      ]
      writer.append(cells)
    }
    return writer
  }
}
