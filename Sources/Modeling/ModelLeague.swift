import Foundation
import LinearAlgebra
import Regression

/// Models compared on rows of groups they had not seen, and the mixture of them that does best.
///
/// This is what `auto` does: each candidate is cross-validated by group on the training rows, the
/// held-out predictions give the weights of a stack (`StackWeights`), and a single model is kept
/// where the stack is not better than it. Which candidates take part depends on the number of rows
/// and columns and on the budget alone, never on the clock, so equal inputs give equal models.
struct ModelLeague: Sendable {
  /// The scores of one candidate on held-out rows, in the order of `ModelLeague.entries`.
  struct Entry: Sendable {
    let kind: ModelKind
    let metrics: RegressionMetrics
    /// The mean absolute error of nineteen in twenty resamplings of whole groups lies in here.
    let errorInterval: ClosedRange<Double>?
    /// Weight in the stack.
    let weight: Double
  }

  let entries: [Entry]
  /// The stack, each fold with weights from the others.
  let stack: RegressionMetrics
  let stackErrorInterval: ClosedRange<Double>?
  /// Candidates that the budget left out.
  let skipped: [ModelKind]
  /// Kinds and weights of what is to be fitted on all rows.
  let chosen: [(kind: ModelKind, weight: Double)]
  let calibration: ResidualCalibration

  /// Folds inside the training rows; a single held-out part from `singleFoldRows` on.
  static let foldCount = 5
  static let singleFoldRows = 5000
  /// The pull of weights towards equal ones: slight, as a candidate can be much better than the others.
  static let shrinkage = 0.02

  /// - Parameters:
  ///   - budget: seconds on two cores, as `ModelKind.estimatedSeconds` counts them.
  ///   - allowsSingle: whether one model alone may win.
  /// - Throws: `FitError` when no candidate can be fitted.
  init(
    on data: TrainingSet, options: ModelingOptions, allowsSingle: Bool = true,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FitError) {
    let splits = try GroupedFolds.upTo(Self.foldCount, groups: data.groups, seed: options.seed)
    let folds = data.count >= Self.singleFoldRows ? 1 : splits.count
    var spent = 0.0
    var kinds: [ModelKind] = []
    var skipped: [ModelKind] = []
    for kind in ModelKind.candidates(for: data) {
      let cost = Double(folds + 1) * kind.estimatedSeconds(rows: data.count, columns: data.featureCount)
      // The first always takes part: some model has to come out.
      if kinds.isEmpty || spent + cost <= options.budget ?? ModelingOptions.defaultBudget {
        kinds.append(kind)
        spent += cost
      } else {
        skipped.append(kind)
      }
    }
    self.skipped = skipped

    let rows = splits.heldOut[0..<folds].flatMap { $0 }
    var held = [[Prediction]](repeating: [], count: kinds.count)
    for fold in 0..<folds {
      let training = data.selecting(splits.trainingRows(fold))
      let features = data.features.selectingRows(splits.heldOut[fold])
      for (index, kind) in kinds.enumerated() {
        let model = try kind.fitBare(training, options: options)
        do {
          held[index].append(try model.predict(features))
        } catch {
          throw .numericalFailure("\(kind.rawValue) could not predict held-out rows: \(error)")
        }
        progress(fold * kinds.count + index + 1, folds * kinds.count)
      }
    }

    let targets = rows.map { data.targets[$0] }
    let censoring = rows.map { data.censoring[$0] }
    let means = held.map { $0.flatMap(\.mean) }
    let weights = StackWeights(
      predictions: means, targets: targets, censoring: censoring, shrinkage: Self.shrinkage
    ).values

    let bootstrap = GroupBootstrap(groups: rows.map { data.groups[$0] }, seed: options.seed)
    func interval(_ mean: [Double]) -> ClosedRange<Double>? {
      let measured = targets.indices.filter { censoring[$0] == .none }
      return bootstrap.meanInterval(of: measured.map { abs(targets[$0] - mean[$0]) }, at: measured)
    }

    // The stack is judged with weights from the other folds.
    var mixed = Prediction(mean: [], standardDeviation: [])
    var start = 0
    for fold in 0..<folds {
      let end = start + splits.heldOut[fold].count
      let others = folds == 1 ? Array(rows.indices) : Array(0..<start) + Array(end..<rows.count)
      let foldWeights = StackWeights(
        predictions: means.map { mean in others.map { mean[$0] } }, targets: others.map { targets[$0] },
        censoring: others.map { censoring[$0] }, shrinkage: Self.shrinkage
      ).values
      let mixture = StackedModel.mixture(of: held.map { $0[fold] }, weights: foldWeights)
      mixed.mean += mixture.mean
      mixed.standardDeviation += mixture.standardDeviation
      start = end
    }
    entries = kinds.indices.map { index in
      let prediction = Prediction(mean: means[index], standardDeviation: held[index].flatMap(\.standardDeviation))
      return Entry(
        kind: kinds[index],
        metrics: RegressionMetrics(targets: targets, censoring: censoring, prediction: prediction),
        errorInterval: interval(prediction.mean), weight: weights[index])
    }
    stack = RegressionMetrics(targets: targets, censoring: censoring, prediction: mixed)
    stackErrorInterval = interval(mixed.mean)

    let best = entries.min { Self.score($0.metrics) < Self.score($1.metrics) }
    if allowsSingle, let best, Self.score(best.metrics) <= Self.score(stack) {
      chosen = [(best.kind, 1)]
      let index = kinds.firstIndex(of: best.kind) ?? 0
      mixed = Prediction(mean: means[index], standardDeviation: held[index].flatMap(\.standardDeviation))
    } else {
      // A share below one percent is not worth a model.
      let kept = kinds.indices.filter { weights[$0] >= 0.01 }
      let total = kept.reduce(0) { $0 + weights[$1] }
      chosen = kept.map { (kinds[$0], weights[$0] / total) }
    }
    calibration = ResidualCalibration(
      targets: targets, censoring: censoring, means: mixed.mean,
      variances: mixed.standardDeviation.map { $0 * $0 }, smallest: leastDeviation(of: data.targets))
  }

  /// What is compared: the mean absolute error, or the density where every row is censored.
  private static func score(_ metrics: RegressionMetrics) -> Double {
    metrics.meanAbsoluteError ?? metrics.negativeLogPredictiveDensity
  }

  /// The chosen models, fitted on all rows.
  func fit(_ data: TrainingSet, options: ModelingOptions) throws(FitError) -> StackedModel {
    var members: [FittedModel] = []
    for (kind, _) in chosen {
      members.append(FittedModel(kind: kind, regressor: try kind.fitBare(data, options: options)))
    }
    return StackedModel(members: members, weights: chosen.map(\.weight), calibration: calibration, league: LeagueTable(self))
  }
}
