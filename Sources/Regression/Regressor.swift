import LinearAlgebra
import ModelFiles

/// The settings of a model that learns from numbers to predict a number.
///
/// A regressor holds settings only; fitting returns a new value that predicts. Predicting before
/// fitting therefore cannot be written, and fitting twice gives the same model twice.
public protocol Regressor: Sendable {
  associatedtype Model: FittedRegressor

  /// Learns from `data`.
  ///
  /// Deterministic: equal settings, seed and data give equal models, whatever the thread count.
  /// - Throws: `FitError`.
  func fit(_ data: TrainingSet) throws(FitError) -> Model
}

/// A model made by `Regressor.fit`.
public protocol FittedRegressor: Sendable {
  /// The name of this kind of model in model files; never changes once released.
  static var kind: String { get }

  /// d, the number of features that `predict` expects.
  var featureCount: Int { get }

  /// Predicts a new measurement at each row.
  ///
  /// - Parameter features: m × d.
  /// - Throws: `PredictionError` for another width, or for NaN and infinity.
  func predict(_ features: Matrix) throws(PredictionError) -> Prediction

  /// What a model file keeps of this model.
  func archive() -> TensorArchive

  /// The model that `archive()` wrote.
  init(archive: TensorArchive) throws(ArchiveError)
}

extension FittedRegressor {
  /// Throws unless `features` can be predicted from; every conformance calls this first.
  public func check(_ features: Matrix) throws(PredictionError) {
    guard features.columns == featureCount else {
      throw .featureCount(expected: featureCount, found: features.columns)
    }
    if let (row, column) = features.firstNonFinite { throw .nonFinite(row: row, column: column) }
  }
}

/// Why a model could not predict.
public enum PredictionError: Error, Equatable, Sendable, CustomStringConvertible {
  case featureCount(expected: Int, found: Int)
  case nonFinite(row: Int, column: Int)

  public var description: String {
    switch self {
    case .featureCount(let expected, let found):
      "the model was trained on \(expected) features and was given \(found)"
    case .nonFinite(let row, let column):
      "feature \(column) of row \(row) is not a finite number"
    }
  }
}
