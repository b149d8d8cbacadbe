import Chemistry
import LinearAlgebra
import Regression

/// Predictions in two steps, for jobs that share features between models and run on threads of
/// their own.
extension PropertyModel {
  /// One row for each composition; the work of the calling thread.
  package func features(of compositions: [Composition], temperature: Double) -> Matrix {
    features.matrix(
      for: compositions.map { Sample(formula: "", composition: $0) }, temperature: temperature, threads: 1)
  }

  /// Predicts from rows that `features(of:temperature:)` made.
  package func predict(features rows: Matrix) throws(ModelingError) -> Prediction {
    do { return try regressor.predict(rows) } catch { throw .prediction(error) }
  }

  /// Lower and upper end of the central interval, in standard deviations from the mean; the same
  /// for all rows.
  package func intervalShape(level: Double) throws(ModelingError) -> (below: Double, above: Double) {
    let row = Matrix(rows: 1, columns: regressor.featureCount)
    return try predict(features: row).shape.centralQuantiles(level)
  }

  /// The regressor where it can give means before deviations.
  package var staged: (any StagedRegressor)? { regressor as? any StagedRegressor }

  /// Whether the two models see the same numbers of a composition.
  package func hasSameFeatures(as other: PropertyModel) -> Bool { features == other.features }
}

extension FeatureSpace: Equatable {
  /// The same descriptors and columns; sets of one name have the same columns (checked on reading).
  public static func == (a: FeatureSpace, b: FeatureSpace) -> Bool {
    a.hull == nil && b.hull == nil && a.descriptorNames == b.descriptorNames && a.usesTemperature == b.usesTemperature && a.numeric == b.numeric
      && a.categories == b.categories
  }
}
