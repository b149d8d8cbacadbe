/// A random forest: trees on bootstrap samples, best splits among features drawn at each node.
///
/// Breiman, "Random forests", Machine Learning 45, 5–32 (2001), doi 10.1023/A:1010933404324.
/// Splits are searched between the bins of `FeatureBins`, which are all the splits there are for
/// features of at most 255 distinct values. Each tree also leaves out one of `heldOutFolds` sets of
/// whole groups, so that the forest has predictions of every row by trees that know nothing of its
/// group; their errors calibrate the deviations (`ResidualCalibration`).
///
/// A censored row is used as if it had been measured at its bound. Known noise variances are not
/// used.
public struct RandomForestRegressor: Regressor, Hashable, Codable {
  public var settings: ForestSettings

  public init(_ settings: ForestSettings = ForestSettings()) { self.settings = settings }

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: O(trees · features · n · log n), in parallel over trees.
  public func fit(_ data: TrainingSet) throws(FitError) -> ForestModel {
    try settings.fit(data, drawsThresholds: false, bootstraps: true)
  }
}

/// Extremely randomised trees: one threshold for each feature drawn at random, the best of those.
///
/// Geurts, Ernst and Wehenkel, "Extremely randomized trees", Machine Learning 63, 3–42 (2006),
/// doi 10.1007/s10994-006-6226-1. Smoother than a random forest, because thresholds fall anywhere
/// between two values. Trees see every row except those of the fold they leave out, which
/// calibrates the deviations; see `RandomForestRegressor`, also for censored rows.
public struct ExtraTreesRegressor: Regressor, Hashable, Codable {
  public var settings: ForestSettings

  public init(_ settings: ForestSettings = ForestSettings()) { self.settings = settings }

  /// - Throws: `FitError.invalidSetting`, or `.tooFewRows` below two rows.
  /// - Complexity: O(trees · features · n · log n), in parallel over trees.
  public func fit(_ data: TrainingSet) throws(FitError) -> ForestModel {
    try settings.fit(data, drawsThresholds: true, bootstraps: false)
  }
}
