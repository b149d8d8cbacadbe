import ActiveLearning
import CampaignStore
import Foundation
import LinearAlgebra
import Regression

/// Acquisition values of all open candidates, and the batch they make.
struct CandidateScoring: Sendable {
  let state: CampaignState
  let options: SuggestionOptions
  let fits: [SuggestionJob.Fit]
  /// Positions of the open candidates; everything below is in their order.
  let open: [Int]
  let pending: [Int]
  /// The rule at this stage of the campaign.
  let rule: AcquisitionKind
  /// Best measured value of the first objective, larger better.
  let best: Double
  let scores: PoolScorer.Scores
  /// Log expected improvement; the base of shares.
  let improvements: [Double]
  /// log P of meeting constraints on measured properties, summed.
  let feasibility: [Double]
  let costs: [Double]?
  /// Acquisition with feasibility and cost; larger better, −∞ for ruled out.
  let values: [Double]

  init(state: CampaignState, options: SuggestionOptions, fits: [SuggestionJob.Fit], open: [Int], pending: [Int]) throws {
    self.state = state
    self.options = options
    self.fits = fits
    self.open = open
    self.pending = pending
    let main = fits[0]
    rule = options.acquisition.rule(measured: main.training.targets.count + pending.count)
    let exact = zip(main.training.targets, main.training.censoring).filter { $0.1 != .left }.map(\.0)
    best = exact.max() ?? main.training.targets.max() ?? 0

    // Pending results are taken as predicted, so that their neighbourhood is not asked for again.
    var process = main.process
    for position in pending {
      let point = state.points([position])
      process.append(point, target: process.posterior(of: point).mean[0])
    }
    let scorer = PoolScorer(process: process, best: best, seed: options.seed)
    var pieces: [PoolScorer.Scores] = []
    let several = state.settings.objectives.count > 1 && rule == .hypervolume
    if rule.needsJointPosterior {
      pieces = [scorer.scores(rule, of: state.points(open))]
    } else {
      // In blocks, so that a million candidates need no gigabytes.
      var start = 0
      while start < open.count {
        let block = open[start..<min(start + 32_768, open.count)]
        pieces.append(scorer.scores(rule, of: state.points(block)))
        start += block.count
      }
    }
    var values = pieces.flatMap(\.values)
    let scores = PoolScorer.Scores(
      mean: pieces.flatMap(\.mean), deviation: pieces.flatMap(\.deviation),
      latentDeviation: pieces.flatMap(\.latentDeviation), values: values)
    self.scores = scores
    let improvement = Acquisition.logExpectedImprovement(best: best)
    improvements = zip(scores.mean, scores.deviation).map { improvement.value(mean: $0, standardDeviation: $1) }

    var feasibility = [Double](repeating: 0, count: open.count)
    for constraint in state.settings.constraints {
      guard let fit = fits.first(where: { $0.objective.property == constraint.name }) else { continue }
      let (mean, variance) = fit.process.posterior(of: state.points(open))
      let sign = fit.objective.sign
      let bound = OutcomeConstraint(
        lower: constraint.isUpperBound ? -.infinity : constraint.bound,
        upper: constraint.isUpperBound ? constraint.bound : .infinity)
      for i in feasibility.indices {
        feasibility[i] += bound.logProbability(
          mean: sign * mean[i], standardDeviation: (variance[i] + fit.process.noiseVariance).squareRoot())
      }
    }
    self.feasibility = feasibility
    if let column = state.settings.costColumn {
      costs = open.map { state.known(column, $0) ?? 1 }
    } else {
      costs = nil
    }
    if several { values = try Self.hypervolumes(state, options, fits, open, scores) }
    for i in values.indices {
      let logCost = log(max(1e-12, costs?[i] ?? 1))
      switch rule {
      case .expectedImprovement where !several, .hypervolume where !several:
        values[i] += feasibility[i] - options.costExponent * logCost
      case .search, .coverage, .probability, .knowledgeGradient, .maxValueEntropy, .information, .topShare, .hypervolume, .expectedImprovement:
        if values[i] != -.infinity {
          values[i] = max(0, values[i]) * exp(feasibility[i] - options.costExponent * logCost)
        }
      case .greedy, .upperBound, .thompson, .spaceFilling, .random:
        if feasibility[i] < log(0.5) { values[i] = -.infinity }
      }
    }
    self.values = values
  }

  /// Expected hypervolume improvement for two to four objectives, in the units that are modelled; measured
  /// objectives are independent normals, known ones are certain. The front is that of the posterior means at
  /// the measured candidates, so that one lucky measurement does not make a front.
  private static func hypervolumes(
    _ state: CampaignState, _ options: SuggestionOptions, _ fits: [SuggestionJob.Fit], _ open: [Int],
    _ scores: PoolScorer.Scores
  ) throws -> [Double] {
    let objectives = Array(state.settings.objectives.prefix(4))
    let measured = Array(Set(fits.flatMap { $0.training.positions })).sorted()
    func columns(_ positions: [Int]) throws -> [(mean: [Double], deviation: [Double])] {
      try objectives.map { objective in
        if objective.isKnown {
          return (
            positions.map { objective.sign * (state.known(objective.property, $0) ?? .nan) },
            [Double](repeating: 0, count: positions.count)
          )
        }
        guard let fit = fits.first(where: { $0.objective == objective }) else {
          throw CampaignError.nothingToSuggest("\(objective.property) has fewer than two measurements")
        }
        let (mean, variance) = fit.process.posterior(of: state.points(positions))
        return (mean, variance.map { ($0 + fit.process.noiseVariance).squareRoot() })
      }
    }
    let front = try columns(measured)
    let points = measured.indices.map { i in front.map { $0.mean[i] } }.filter { $0.allSatisfy(\.isFinite) }
    // The reference: the floor where one was given, else a little below the worst measured.
    let reference = objectives.indices.map { j -> Double in
      if let floor = objectives[j].floor { return objectives[j].sign * floor }
      let column = points.map { $0[j] }
      let (low, high) = (column.min() ?? 0, column.max() ?? 1)
      return low - 0.1 * max(1e-9, high - low)
    }
    let boxes = UndominatedBoxes(points: points, reference: reference)
    let pool = try columns(open)
    var values = [Double](repeating: 0, count: open.count)
    values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: open.count, chunkSize: 256) { range in
        for i in range {
          let mean = pool.map { $0.mean[i] }
          guard mean.allSatisfy(\.isFinite) else { continue }
          out[i] = boxes.expectedImprovement(mean: mean, deviation: pool.map { $0.deviation[i] })
        }
      }
    }
    return values
  }

  /// The most promising open candidates, as indices into `open`.
  private func shortlist(_ limit: Int) -> [Int] {
    let ranked = values.indices.filter { values[$0] != -.infinity }.sorted { (values[$0], $1) > (values[$1], $0) }
    return Array(ranked.prefix(limit))
  }

  /// Indices into `open`, in the order chosen.
  func choose() -> [Int] {
    let list = shortlist(SuggestionJob.shortlistLimit)
    guard !list.isEmpty else { return [] }
    let families = list.map { state.candidates[open[$0]].family } + pending.map { state.candidates[$0].family }
    let quota = FamilyQuota(families: families, limit: options.familyLimit ?? .max, exceptions: options.familyLimits)
    let pendingPlaces = Array(list.count..<families.count)
    let allows: (Int, [Int]) -> Bool = { quota.allows($0, with: pendingPlaces + $1) }
    let listValues = list.map { values[$0] }
    let process = fits[0].process
    let isFantasised = options.strategy == .fantasies && [.expectedImprovement, .probability].contains(rule)
    // Coverage is diverse of itself.
    if options.count == 1 || options.strategy == .sequential || rule == .coverage {
      return sequential(list, allows)
    }
    if isFantasised {
      let samples = process.jointSamples(
        of: state.points(list.map { open[$0] } + pending), count: SuggestionJob.sampleCount, seed: options.seed)
      // The first is the best by the acquisition itself; samples decide what joins it.
      let penalties = list.map { exp(feasibility[$0] - options.costExponent * log(max(1e-12, costs?[$0] ?? 1))) }
      let first = listValues.indices.first { allows($0, []) }
      guard let first else { return [] }
      let rest = GreedyBatch.choose(
        options.count - 1, from: samples, best: [Double](repeating: best, count: samples.sampleCount),
        pending: pendingPlaces + [first], penalties: penalties + pending.map { _ in 0 },
        isAllowed: { $0 < list.count && allows($0, [first] + $1) })
      return ([first] + rest.map(\.candidate)).map { list[$0] }
    }
    let points = state.points(list.map { open[$0] })
    let pendingPoints = state.points(pending)
    func distance(_ i: Int, _ j: Int) -> Double {
      points.selecting([i]).distances(to: points.selecting([j])).elements[0]
    }
    let isLogarithm = rule == .expectedImprovement
    let top = listValues[0]
    let bottom = listValues.last ?? top
    switch options.strategy {
    case .penalised:
      let means = list.map { scores.mean[$0] }
      let deviations = list.map { max(1e-9, scores.latentDeviation[$0]) }
      // The steepest mean between candidates of the list stands for the slope of the function.
      var slope = 1e-9
      for i in 0..<min(200, list.count) {
        for j in 0..<i {
          let d = distance(i, j)
          if d > 1e-3 { slope = max(slope, abs(means[i] - means[j]) / d) }
        }
      }
      let logs = listValues.map { isLogarithm ? $0 : log(max(1e-300, $0 - min(0, bottom))) }
      return LocalPenalisation(slope: slope, maximum: max(best, means.max() ?? best)).choose(
        options.count, logValues: logs, means: means, deviations: deviations, distance: distance, isAllowed: allows
      ).map { list[$0] }
    case .determinantal:
      let scale = process.hyperparameters.lengthscale
      let qualities = listValues.map { value in
        isLogarithm ? exp(0.5 * (value - top)) : max(1e-6, (value - bottom) / max(1e-12, top - bottom))
      }
      return DiverseBatch.determinantal(
        options.count, qualities: qualities, similarity: { exp(-distance($0, $1) / scale) }, isAllowed: allows
      ).map { list[$0] }
    case .kCentre, .fantasies, .sequential:
      let kept = min(list.count, max(10 * options.count, list.count / 10))
      let known = process.points
      let toKnown = known.distances(to: points)
      let toPending = pending.isEmpty ? nil : pendingPoints.distances(to: points)
      let nearest = (0..<kept).map { j in
        let a = (0..<toKnown.rows).reduce(Double.infinity) { min($0, toKnown[$1, j]) }
        return toPending.map { d in (0..<d.rows).reduce(a) { min($0, d[$1, j]) } } ?? a
      }
      return DiverseBatch.kCentre(
        options.count, initialDistances: nearest, distance: distance, isAllowed: allows
      ).map { list[$0] }
    }
  }

  /// One by one, each outcome taken as predicted: the constant expectation of the model itself.
  private func sequential(_ list: [Int], _ allows: (Int, [Int]) -> Bool) -> [Int] {
    var chosen: [Int] = []
    var current = list.map { values[$0] }
    var process = fits[0].process
    for position in pending {
      let point = state.points([position])
      process.append(point, target: process.posterior(of: point).mean[0])
    }
    let points = state.points(list.map { open[$0] })
    while chosen.count < options.count {
      let winner = current.indices.filter { !chosen.contains($0) && allows($0, chosen) && current[$0] != -.infinity }
        .max { (current[$0], $1) < (current[$1], $0) }
      guard let winner else { break }
      chosen.append(winner)
      guard chosen.count < options.count else { break }
      let point = points.selecting([winner])
      process.append(point, target: process.posterior(of: point).mean[0])
      let scorer = PoolScorer(process: process, best: best, seed: options.seed &+ UInt64(chosen.count))
      let next = scorer.scores(rule, of: points).values
      current = next.indices.map { i in
        guard values[list[i]] != -.infinity else { return -.infinity }
        let adjustment = feasibility[list[i]] - options.costExponent * log(max(1e-12, costs?[list[i]] ?? 1))
        return rule == .expectedImprovement ? next[i] + adjustment : next[i] * exp(adjustment)
      }
    }
    return chosen.map { list[$0] }
  }

  /// Whether going on is worth it, from joint samples of the most promising open candidates.
  func advice() -> StoppingAdvice {
    let ranked = improvements.indices.sorted { (improvements[$0], $1) > (improvements[$1], $0) }
    let samples = fits[0].process.jointSamples(
      of: state.points(ranked.prefix(600).map { open[$0] }), count: SuggestionJob.sampleCount, seed: options.seed)
    return StoppingAdvice(
      samples: samples, best: [Double](repeating: best, count: samples.sampleCount),
      tolerance: fits[0].process.noiseVariance.squareRoot(), costPerExperiment: options.experimentCost)
  }
}
