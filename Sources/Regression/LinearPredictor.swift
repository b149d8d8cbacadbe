import LinearAlgebra

/// What linear models share: a line over standardised features, and its exact explanation.
public protocol LinearPredictor: AttributableRegressor {
  var standardizer: Standardizer { get }
  /// d weights of the standardised features, in units of the target.
  var weights: [Double] { get }
  /// The mean of the targets.
  var intercept: Double { get }
}

extension LinearPredictor {
  public var featureCount: Int { standardizer.featureCount }

  /// The line at standardised rows. O(m·d).
  func line(_ standardized: Matrix) -> [Double] { standardized.multiplied(by: weights).map { $0 + intercept } }

  /// What each feature adds to the mean at each row, m × d; with `intercept` they sum to the mean.
  public func contributions(_ features: Matrix) throws(PredictionError) -> Matrix {
    try check(features)
    return standardizer.standardize(features).scalingColumns(by: weights)
  }

  /// Exact: a weight times the distance from the mean of the training rows. The background is not used.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    let each = try contributions(features)
    var parts = Matrix(rows: features.rows, columns: families.names.count)
    for row in 0..<features.rows {
      for (feature, family) in families.members.enumerated() { parts[row, family] += each[row, feature] }
    }
    return Attribution(
      names: families.names, base: [Double](repeating: intercept, count: features.rows), parts: parts)
  }
}

extension Matrix {
  /// Every column times its factor. O(m·d).
  func scalingColumns(by factors: [Double]) -> Matrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result.elements[i * columns + j] *= factors[j] }
    }
    return result
  }
}
