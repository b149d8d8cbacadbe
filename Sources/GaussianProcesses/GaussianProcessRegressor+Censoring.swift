import Regression

extension GaussianProcessRegressor {
  /// The default process, with bounds used as bounds or as if measured: whichever predicts groups left out
  /// with the better log density, bounds counting with the probability of their side.
  ///
  /// A bound is no more than it says, but a latent normal is no more than a model: where the targets below
  /// detection do not go on as the others do, taking the bound as a value predicts better.
  ///
  /// - Throws: `FitError` from a fit.
  /// - Complexity: six fits from one start each; none without censored rows.
  public static func choosingCensoring(for data: TrainingSet, seed: UInt64 = 0) throws(FitError) -> GaussianProcessRegressor {
    var best = GaussianProcessRegressor(seed: seed)
    guard data.hasCensoredRows, let folds = try? GroupedFolds(groups: data.groups, count: 3, seed: seed) else {
      return best
    }
    var lowest = Double.infinity
    for use in CensoredRows.allCases {
      var candidate = GaussianProcessRegressor(starts: 1, seed: seed)
      candidate.censoredRows = use
      let density = try candidate.outOfFoldPredictions(data, folds: folds).metrics(against: data)
        .negativeLogPredictiveDensity
      if density < lowest {
        lowest = density
        best.censoredRows = use
      }
    }
    return best
  }
}
