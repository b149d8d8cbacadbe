import ActiveLearning
import CampaignStore
import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// Says why a candidate was chosen, what it would teach and what it takes to make it.
struct SuggestionExplainer: Sendable {
  let state: CampaignState
  let options: SuggestionOptions
  let fits: [SuggestionJob.Fit]
  let scoring: CandidateScoring
  /// Candidates that lessons are judged by: spread evenly over the open ones.
  private let audience: [Int]
  private let audiencePoints: Points
  private let audienceVariances: [Double]
  private let totalImprovement: Double

  init(state: CampaignState, options: SuggestionOptions, fits: [SuggestionJob.Fit], scoring: CandidateScoring) {
    self.state = state
    self.options = options
    self.fits = fits
    self.scoring = scoring
    let open = scoring.open
    let count = min(400, open.count)
    audience = (0..<count).map { open[$0 * open.count / count] }
    audiencePoints = state.points(audience)
    audienceVariances = fits[0].process.posterior(of: audiencePoints).variance
    let top = scoring.improvements.max() ?? 0
    totalImprovement = scoring.improvements.reduce(0) { $0 + exp($1 - top) } * exp(top)
  }

  func explain(_ index: Int, place: Int) -> SuggestedCandidate {
    let position = scoring.open[index]
    let candidate = state.candidates[position]
    let point = state.points([position])
    let forecasts = forecasts(point, position)
    let improvement = exp(scoring.improvements[index])
    return SuggestedCandidate(
      candidate: candidate.id, name: candidate.name, formula: candidate.formula, family: candidate.family, place: place,
      acquisition: scoring.rule, score: scoring.values[index],
      share: totalImprovement > 0 ? improvement / totalImprovement : 0,
      reason: reason(index, forecasts.first), forecasts: forecasts, neighbours: neighbours(point),
      constraints: constraints(index, position), lesson: lesson(point),
      cost: scoring.costs?[index], weighing: Self.weighing(
        state.compositions[position], settings: state.settings, grams: options.batchGrams))
  }

  static func weighing(_ composition: Composition, settings: CampaignSettings, grams: Double) -> WeighingPlan? {
    settings.precursors.isEmpty
      ? PrecursorList.bundledBinaries.plan(for: composition, grams: grams)
      : PrecursorList(settings.precursors).plan(for: composition, grams: grams)
  }

  private func forecasts(_ point: Points, _ position: Int) -> [SuggestedCandidate.Forecast] {
    state.settings.objectives.compactMap { objective in
      if objective.isKnown {
        guard let value = state.known(objective.property, position) else { return nil }
        let goal = objective.goal.map { (objective.isMinimised ? value <= $0 : value >= $0) ? 1.0 : 0.0 }
        return .init(
          property: objective.property, mean: value, latentDeviation: 0, deviation: 0, improvementProbability: 0,
          goalProbability: goal)
      }
      guard let fit = fits.first(where: { $0.objective == objective }) else { return nil }
      let (mean, variance) = fit.process.posterior(of: point)
      let deviation = (variance[0] + fit.process.noiseVariance).squareRoot()
      let best = fit.training.targets.max() ?? 0
      func probability(_ level: Double) -> Double {
        Acquisition.probability(above: level).value(mean: mean[0], standardDeviation: deviation)
      }
      return .init(
        property: objective.modelledName, mean: objective.sign * mean[0], latentDeviation: variance[0].squareRoot(),
        deviation: deviation, improvementProbability: probability(best),
        goalProbability: objective.goal.map { probability(objective.sign * $0) })
    }
  }

  /// In words: whether the mean or the uncertainty makes it attractive.
  private func reason(_ index: Int, _ forecast: SuggestedCandidate.Forecast?) -> String {
    if scoring.rule == .coverage {
      return Self.coverageReason(scoring.values[index], measured: scoring.fits[0].training.targets.count)
    }
    guard let forecast else { return "" }
    let gain = scoring.scores.mean[index] - scoring.best
    let deviation = forecast.deviation
    let means = scoring.scores.mean
    let better = means.count { $0 > means[index] }
    let rank = "predicted \(Self.ordinal(better + 1)) of \(means.count) open candidates"
    if gain > 0 { return "\(rank), above the best measured by \(gain.formatted(2)): exploit" }
    if gain > -0.5 * deviation { return "\(rank), close to the best measured and uncertain by \(deviation.formatted(2))" }
    return
      "\(rank), \((-gain).formatted(2)) below the best measured but uncertain by \(deviation.formatted(2)): explore"
  }

  static func coverageReason(_ gain: Double, measured: Int) -> String {
    let known = measured == 1 ? "one measurement" : "\(measured) measurements"
    return
      "\(known) so far: chosen to stand for \((100 * gain).formatted(1))% of the pool that nothing measured resembles"
  }

  static func ordinal(_ n: Int) -> String {
    let suffix = (11...13).contains(n % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][n % 10] ?? "th"
    return "\(n)\(suffix)"
  }

  private func neighbours(_ point: Points) -> [SuggestedCandidate.Neighbour] {
    let fit = fits[0]
    let distances = state.points(fit.training.positions).distances(to: point).elements
    return distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      .prefix(SuggestionJob.neighbourCount).map { index in
        let observation = fit.training.observations[index]
        return .init(
          name: state.candidates[observation.candidate - 1].name, distance: distances[index],
          value: observation.reported, source: observation.source, observation: observation.id)
      }
  }

  private func constraints(_ index: Int, _ position: Int) -> [SuggestedCandidate.ConstraintCheck] {
    var checks = state.settings.constraints.map { constraint -> SuggestedCandidate.ConstraintCheck in
      if let value = state.known(constraint.name, position) {
        return .init(constraint: constraint.text, probability: constraint.isMet(by: value) ? 1 : 0)
      }
      guard let fit = fits.first(where: { $0.objective.property == constraint.name }) else {
        return .init(constraint: constraint.text, probability: nil)
      }
      let (mean, variance) = fit.process.posterior(of: state.points([position]))
      let bound = OutcomeConstraint(
        lower: constraint.isUpperBound ? -.infinity : constraint.bound,
        upper: constraint.isUpperBound ? constraint.bound : .infinity)
      return .init(
        constraint: constraint.text,
        probability: exp(
          bound.logProbability(
            mean: fit.objective.sign * mean[0],
            standardDeviation: (variance[0] + fit.process.noiseVariance).squareRoot())))
    }
    if !state.settings.excludedElements.isEmpty {
      checks.append(.init(constraint: "no \(state.settings.excludedElements.joined(separator: ", "))", probability: 1))
    }
    return checks
  }

  private func lesson(_ point: Points) -> SuggestedCandidate.Lesson {
    let process = fits[0].process
    let covariances = process.covariance(point, audiencePoints).row(0)
    let variance = process.posterior(of: point).variance[0]
    let noise = process.noiseVariance
    let correlations = zip(covariances, audienceVariances).map { covariance, other in
      other > 0 && variance > 0 ? abs(covariance) / (variance * other).squareRoot() : 0
    }
    let told = correlations.indices.sorted { (correlations[$0], $1) > (correlations[$1], $0) }.prefix(3)
    return .init(
      varianceReduction: PoolInformation.varianceReduction(
        covariances: covariances, variance: variance, poolVariances: audienceVariances, noiseVariance: noise),
      information: PoolInformation.value(
        covariances: covariances, variance: variance, poolVariances: audienceVariances, noiseVariance: noise),
      about: told.filter { correlations[$0] > 0.1 }.map { state.candidates[audience[$0]].name })
  }
}

extension Double {
  /// Rounded to some digits, for sentences.
  func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
