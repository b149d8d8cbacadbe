import GaussianProcesses
import ModelFiles
import Regression

/// The models that can be asked for by name.
public enum ModelKind: String, CaseIterable, Sendable, Codable {
  /// Chosen for the data: see `resolved(rows:)`.
  case auto
  case ridge
  case gp
  case extraTrees = "extra-trees"
  case randomForest = "random-forest"
  case boosting

  /// Learns from `data`; intervals are calibrated on groups left out.
  ///
  /// - Throws: `FitError`.
  func fit(_ data: TrainingSet, options: ModelingOptions) throws(FitError) -> any FittedRegressor {
    switch self {
    case .auto: return try resolved.fit(data, options: options)
    case .ridge:
      return try CalibratedRegressor(RidgeRegressor(), folds: options.calibrationFolds, seed: options.seed)
        .fit(data)
    case .gp:
      return try CalibratedRegressor(
        GaussianProcessRegressor(seed: options.seed), folds: options.calibrationFolds, seed: options.seed
      ).fit(data)
    case .extraTrees: return try ExtraTreesRegressor(ForestSettings(seed: options.seed)).fit(data)
    case .randomForest: return try RandomForestRegressor(ForestSettings(seed: options.seed)).fit(data)
    case .boosting:
      // Large tables carry bigger trees.
      let isLarge = data.count > 5000
      return try GradientBoostingRegressor(
        treeCount: isLarge ? 2000 : 400, learningRate: isLarge ? 0.05 : 0.03, leafCount: isLarge ? 63 : 15,
        seed: options.seed
      ).fit(data)
    }
  }

  /// What `auto` stands for: the most accurate kind on grouped cross-validation of public
  /// conductivity data.
  public var resolved: ModelKind { self == .auto ? .boosting : self }

  /// Reads the model that `fit` made for this kind.
  func decode(_ archive: TensorArchive) throws(ArchiveError) -> any FittedRegressor {
    switch resolved {
    case .auto, .boosting: try GradientBoostingModel(archive: archive)
    case .ridge: try CalibratedModel<RidgeModel>(archive: archive)
    case .gp: try CalibratedModel<GaussianProcess>(archive: archive)
    case .extraTrees, .randomForest: try ForestModel(archive: archive)
    }
  }
}
