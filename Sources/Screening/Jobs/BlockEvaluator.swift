import ActiveLearning
import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Regression

/// Evaluates blocks of candidates: cheap means first, then, for those that can still be among the
/// best, means and deviations of all models.
///
/// **Why pruning changes nothing.** Let τ be the K-th largest score among the different feasible
/// formulas of any subset S of the space; here S is a sample that depends on the job alone. The
/// space has at least these K formulas, so its own K-th largest score is at least τ, and a
/// candidate with a score below τ is not among the K best. An acquisition a(μ, σ) never falls with
/// μ and is monotone in σ; with μ̂ the mean of the first stage, |μ − μ̂| ≤ ε, and σ within [s, S]
/// (see `FirstStage`; bounds of its own for each row where the acquisition looks at σ),
///
///     a(μ, σ) ≤ max(a(μ̂ + ε, s), a(μ̂ + ε, S)) = bound.
///
/// A candidate with bound < τ − δ, δ = 1e-9·(1 + |τ|) for the rounding of a, is left out. Since τ
/// is the same number in every shard, so are the blocks of the second stage.
struct BlockEvaluator: Sendable {
  private let job: ScreeningJob
  private let acquisition: Acquisition
  private let sign: Double
  private let objective: Int
  private let constraints: [(model: Int, constraint: Constraint)]
  private let models: [BlockModel]
  private let stage: FirstStage?
  /// For each model, the first one with the same features.
  private let featureSource: [Int]

  init(_ job: ScreeningJob) {
    self.job = job
    objective = job.objectiveIndex
    let model = job.models[objective].model
    sign = job.settings.objective.isMinimised ? -1 : 1
    let range = model.provenance.targetRange
    acquisition = job.settings.rule.acquisition(best: job.settings.objective.isMinimised ? -(range.first ?? 0) : range.last ?? 0)
    let (target, looksAtDeviations) = (job.objectiveIndex, job.settings.rule != .mean)
    let models = job.models.enumerated().map {
      BlockModel(
        $1.model, temperature: job.settings.temperature, boundingDeviations: $0 == target && looksAtDeviations)
    }
    self.models = models
    stage = models[objective].firstStage
    featureSource = models.indices.map { i in models[...i].firstIndex { $0.hasSameFeatures(as: models[i]) } ?? i }
    constraints = job.settings.constraints.map { constraint in
      (job.models.firstIndex { $0.name == constraint.name } ?? 0, constraint)
    }
  }

  /// Whether the objective's model has a first stage to prune by.
  var canPrune: Bool { stage != nil }

  /// Predicts a block and puts the best into `state`.
  ///
  /// - Parameters:
  ///   - threshold: τ; nil evaluates everything in full.
  ///   - isSample: whether only the top matters, as for the sample that τ is taken from.
  func evaluate(
    _ compositions: [Composition], indices: [Int], threshold: Double?, into state: inout ScreeningState,
    isSample: Bool = false
  ) throws(ModelingError) {
    guard !compositions.isEmpty else { return }
    let settings = job.settings
    var features: [Int: Matrix] = [:]
    let objectiveSource = featureSource[objective]
    let rows = models[objectiveSource].features(of: compositions)
    if !isSample { state.tally.predicted += compositions.count }

    // First stage: means of the objective, and who can still be among the best.
    var survivors = Array(compositions.indices)
    if let stage, let threshold {
      let floor = threshold - 1e-9 * (1 + abs(threshold))
      survivors.removeAll(keepingCapacity: true)
      stage.withEstimates(of: rows) { estimates in
        for i in compositions.indices {
          state.histogram.insert(estimates.mean[i])
          let highest = sign * estimates.mean[i] + estimates.tolerance[i]
          let bound = max(
            acquisition.value(mean: highest, standardDeviation: estimates.least[i]),
            acquisition.value(mean: highest, standardDeviation: estimates.most[i]))
          // Not `bound >= floor`: what is no number is not left out unseen.
          if !(bound < floor) { survivors.append(i) }
        }
      }
      state.tally.pruned += compositions.count - survivors.count
      guard !survivors.isEmpty else { return }
    }
    let isWhole = survivors.count == compositions.count
    features[objectiveSource] = isWhole ? rows : rows.selectingRows(survivors)
    if !isSample { state.tally.exact += survivors.count }

    // Second stage: everything, for the survivors.
    var predictions: [Prediction] = []
    for (index, model) in models.enumerated() {
      let source = featureSource[index]
      if features[source] == nil { features[source] = models[source].features(of: survivors.map { compositions[$0] }) }
      guard let rows = features[source] else { continue }
      predictions.append(try model.predict(rows))
    }
    let usesStage = stage != nil && threshold != nil
    for (row, place) in survivors.enumerated() {
      let mean = predictions[objective].mean[row]
      if !usesStage, !isSample { state.histogram.insert(mean) }
      let score = acquisition.value(
        mean: sign * mean, standardDeviation: predictions[objective].standardDeviation[row])
      var feasibility = 1.0
      for (model, constraint) in constraints {
        feasibility *= constraint.probability(
          mean: predictions[model].mean[row], standardDeviation: predictions[model].standardDeviation[row])
      }
      if !constraints.isEmpty, feasibility < settings.confidence {
        if !isSample { state.tally.infeasible += 1 }
        continue
      }
      guard state.top.admits(score: score, index: indices[place]) else { continue }
      state.top.insert(
        .init(
          index: indices[place], score: score, feasibility: feasibility,
          values: predictions.flatMap { [$0.mean[row], $0.standardDeviation[row]] },
          key: FormulaKey(compositions[place])))
    }
  }
}
