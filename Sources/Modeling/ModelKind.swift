import ModelFiles
import Regression

/// The models that can be asked for by name.
public enum ModelKind: String, CaseIterable, Sendable, Codable {
  /// The best of the others on grouped cross-validation.
  case auto
  case ridge

  /// Learns from `data`; intervals are calibrated on groups left out.
  ///
  /// - Throws: `FitError`.
  func fit(_ data: TrainingSet, options: ModelingOptions) throws(FitError) -> any FittedRegressor {
    switch self {
    case .auto, .ridge: try calibrated(RidgeRegressor(), data, options)
    }
  }

  private func calibrated<R: Regressor>(
    _ regressor: R, _ data: TrainingSet, _ options: ModelingOptions
  ) throws(FitError) -> any FittedRegressor {
    try CalibratedRegressor(regressor, folds: options.calibrationFolds, seed: options.seed).fit(data)
  }

  /// Reads the model that `fit` made for this kind.
  func decode(_ archive: TensorArchive) throws(ArchiveError) -> any FittedRegressor {
    switch self {
    case .auto, .ridge: try CalibratedModel<RidgeModel>(archive: archive)
    }
  }
}
