import LinearAlgebra
import ModelFiles

/// What linear models share: a line over standardised features, and its exact explanation.
public protocol LinearPredictor: AttributableRegressor {
  var standardizer: Standardizer { get }
  /// d weights of the standardised features, in units of the target.
  var weights: [Double] { get }
  /// The mean of the targets.
  var intercept: Double { get }
}

/// What a linear model keeps of the directions in which its training rows vary.
struct LinearDirections: Sendable, Equatable {
  /// r × d, orthonormal rows.
  let vectors: Matrix
  /// 1/(sⱼ² + penalty) of each.
  let shrinkage: [Double]
  /// n.
  let rowCount: Int

  func write(to archive: inout TensorArchive, shrinkageName: String) {
    archive.set("directions", vectors.elements, shape: [vectors.rows, vectors.columns])
    archive.set(shrinkageName, shrinkage)
    archive.set("rows", [rowCount])
  }

  init(vectors: Matrix, shrinkage: [Double], rowCount: Int) {
    (self.vectors, self.shrinkage, self.rowCount) = (vectors, shrinkage, rowCount)
  }

  init(from archive: TensorArchive, columns: Int, shrinkageName: String) throws(ArchiveError) {
    shrinkage = try archive.finiteDoubles(shrinkageName)
    vectors = Matrix(
      rows: shrinkage.count, columns: columns,
      elements: try archive.finiteDoubles("directions", shape: [shrinkage.count, columns]))
    rowCount = try archive.integers("rows", shape: [1])[0]
    guard shrinkage.allSatisfy({ $0 > 0 }) else { throw .invalid(shrinkageName, reason: "holds a factor that is not positive") }
    guard rowCount > 0 else { throw .invalid("rows", reason: "counts no rows") }
  }
}

extension TensorArchive {
  /// The part of a model file that all linear models share.
  init(_ model: some LinearPredictor, scalars: [Double]) {
    self.init()
    set("kind", text: type(of: model).kind)
    nest(model.standardizer.archive(), under: "standardizer")
    set("weights", model.weights)
    set("scalars", [model.intercept] + scalars)
  }

  /// What the above wrote; the intercept is the first of `count` + 1 scalars.
  func linearModel(
    kind: String, scalars count: Int
  ) throws(ArchiveError) -> (standardizer: Standardizer, weights: [Double], scalars: [Double]) {
    try expectKind(kind)
    let standardizer = try Standardizer(archive: nested(under: "standardizer"))
    return (
      standardizer, try finiteDoubles("weights", shape: [standardizer.featureCount]),
      try finiteDoubles("scalars", shape: [count + 1])
    )
  }
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
