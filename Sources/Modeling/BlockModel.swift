import Chemistry
import LinearAlgebra
import Regression

/// A property model at one temperature, laid out for blocks of compositions: features apart from
/// predictions, so that models can share them, and on the calling thread alone.
package struct BlockModel: Sendable {
  /// The cheap first stage, where the model has one.
  package let firstStage: FirstStage?

  private let space: FeatureSpace
  private let temperature: Double
  private let regressor: any FittedRegressor
  /// A column that the regressor does not see.
  private let dropped: Int?

  /// - Parameters:
  ///   - temperature: in °C. At 25 °C, where Arrhenius' law needs no prefactor, the model of that
  ///     temperature is used alone.
  ///   - boundingDeviations: whether the first stage bounds the deviation of each row.
  package init(_ model: PropertyModel, temperature: Double, boundingDeviations: Bool = false) {
    space = model.features
    self.temperature = temperature
    if let arrhenius = model.regressor as? ArrheniusModel, temperature == FeatureSpace.roomTemperature {
      regressor = arrhenius.roomTemperature.regressor
      dropped = arrhenius.temperatureColumn
    } else {
      regressor = model.regressor
      dropped = nil
    }
    firstStage = (regressor as? any StagedRegressor)?.firstStage(boundingDeviations: boundingDeviations)
  }

  /// One row for each composition.
  package func features(of compositions: [Composition]) -> Matrix {
    let matrix = space.matrix(
      for: compositions.map { Sample(formula: "", composition: $0) }, temperature: temperature, threads: 1)
    guard let dropped else { return matrix }
    return matrix.selectingColumns((0..<matrix.columns).filter { $0 != dropped })
  }

  /// - Parameter rows: what `features(of:)` made.
  package func predict(_ rows: Matrix) throws(ModelingError) -> Prediction {
    do { return try regressor.predict(rows) } catch { throw .prediction(error) }
  }

  /// Whether the two see the same numbers of a composition.
  package func hasSameFeatures(as other: BlockModel) -> Bool {
    space.hull == nil && other.space.hull == nil && dropped == other.dropped
      && space.descriptorNames == other.space.descriptorNames && space.usesTemperature == other.space.usesTemperature
      && space.numeric == other.space.numeric && space.categories == other.space.categories
  }

  /// Lower and upper end of the central interval, in standard deviations from the mean; the same
  /// for all rows.
  package func intervalShape(level: Double) throws(ModelingError) -> (below: Double, above: Double) {
    try predict(Matrix(rows: 1, columns: regressor.featureCount)).shape.centralQuantiles(level)
  }
}
