import ActiveLearning
import CampaignStore
import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Regression

/// Chooses what to make next from the state of a campaign. Equal states and options give equal answers.
public struct SuggestionJob: Sendable {
  public let state: CampaignState
  public let options: SuggestionOptions

  public init(state: CampaignState, options: SuggestionOptions) {
    self.state = state
    self.options = options
  }

  /// Candidates that batches are chosen among, at most.
  static let shortlistLimit = 1200
  static let sampleCount = 512
  /// Neighbours that an explanation names.
  static let neighbourCount = 3

  /// - Throws: `CampaignError.nothingToSuggest`; `FitError`.
  /// - Complexity: one posterior of the pool for each measured property, and O(shortlist³).
  public func run() throws -> SuggestionBatch {
    let (open, excluded, infeasible) = state.open()
    guard !open.isEmpty else {
      throw CampaignError.nothingToSuggest(
        "all candidates are measured, pending, closed or ruled out (\(excluded) for elements, \(infeasible) by constraints)")
    }
    guard let objective = state.settings.objectives.first else {
      throw CampaignError.nothingToSuggest("the campaign has no objective")
    }
    let pending = state.snapshot.pendingCandidates.map { $0 - 1 }
    var fits: [Fit] = []
    for one in state.settings.objectives where !one.isKnown {
      if let (process, training) = try state.surrogate(one) {
        fits.append(Fit(objective: one, process: process, training: training))
      }
    }
    var batch = SuggestionBatch(
      basis: state.snapshot.head, batch: (state.snapshot.suggestions.map(\.batch).max() ?? 0) + 1,
      version: SuperionicVersion.current, options: options, suggestions: [],
      surrogates: fits.map { summary($0) }, advice: nil, best: nil, openCount: open.count,
      pendingCount: pending.count, excludedCount: excluded, infeasibleCount: infeasible)
    guard let main = fits.first, main.objective == objective else {
      batch.suggestions = initialDesign(open, pending: pending)
      return batch
    }
    let scoring = try CandidateScoring(state: state, options: options, fits: fits, open: open, pending: pending)
    batch.best = objective.sign * scoring.best
    let chosen = scoring.choose()
    guard !chosen.isEmpty else {
      throw CampaignError.nothingToSuggest("quotas and constraints leave none of \(open.count) candidates")
    }
    let explainer = SuggestionExplainer(state: state, options: options, fits: fits, scoring: scoring)
    batch.suggestions = chosen.enumerated().map { explainer.explain($1, place: $0 + 1) }
    batch.advice = scoring.advice()
    return batch
  }

  private func summary(_ fit: Fit) -> SurrogateSummary {
    let last = state.snapshot.models.last { $0.property == fit.objective.property }
    let previous = last.flatMap { try? JSONDecoder().decode(SurrogateSummary.self, from: Data($0.summary.utf8)) }
    let isKept = previous?.hyperparameters == fit.process.hyperparameters
    return SurrogateSummary(
      property: fit.objective.property, rows: fit.training.targets.count,
      fittedRows: isKept ? previous?.fittedRows ?? fit.training.targets.count : fit.training.targets.count,
      censoredRows: fit.training.censoring.count { $0 != .none }, hyperparameters: fit.process.hyperparameters,
      targetMean: fit.process.targetMean, targetSpread: fit.process.targetSpread,
      descriptors: state.settings.descriptors)
  }

  /// With nothing to learn from yet: candidates that cover the pool.
  private func initialDesign(_ open: [Int], pending: [Int]) -> [SuggestedCandidate] {
    let pool = PoolCoverage.members(of: open.count, limit: 2000).map { open[$0] }
    let observed = Set(state.snapshot.currentObservations.map { $0.candidate - 1 })
    let known = observed.union(pending).sorted()
    var coverage = PoolCoverage(of: state.points(pool), known: known.isEmpty ? nil : state.points(known))
    let quota = FamilyQuota(
      families: pool.map { state.candidates[$0].family }, limit: options.familyLimit ?? .max,
      exceptions: options.familyLimits)
    let chosen = coverage.choose(options.count, isAllowed: quota.allows)
    return chosen.enumerated().map { place, choice in
      let index = choice.member
      let candidate = state.candidates[pool[index]]
      return SuggestedCandidate(
        candidate: candidate.id, name: candidate.name, formula: candidate.formula, family: candidate.family,
        place: place + 1, acquisition: .coverage, score: choice.gain, share: 0,
        reason: SuggestionExplainer.coverageReason(choice.gain, measured: observed.count), forecasts: [], neighbours: [],
        constraints: [], lesson: nil, cost: state.settings.costColumn.flatMap { state.known($0, pool[index]) },
        weighing: weighing(pool[index]))
    }
  }

  private func weighing(_ position: Int) -> WeighingPlan? {
    SuggestionExplainer.weighing(state.compositions[position], settings: state.settings, grams: options.batchGrams)
  }

  /// A measured property with its surrogate.
  struct Fit: Sendable {
    let objective: CampaignObjective
    let process: LaplaceProcess
    let training: CampaignState.Training
  }
}
