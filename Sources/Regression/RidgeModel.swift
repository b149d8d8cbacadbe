import LinearAlgebra
import ModelFiles

/// A ridge regression fitted by `RidgeRegressor`.
public struct RidgeModel: LinearPredictor, Equatable {
  public static let kind = "ridge"

  public let standardizer: Standardizer
  /// d weights of the standardised features, in units of the target.
  public let weights: [Double]
  /// The mean of the targets.
  public let intercept: Double
  /// The λ that was kept.
  public let penalty: Double
  /// Variance of a measurement about the true line, from the errors on groups left out.
  public let noiseVariance: Double
  /// The mean squared leave-out error of each candidate penalty, in the order given.
  public let leaveOutErrors: [Double]
  /// r × d principal directions of the training rows, and 1/(sⱼ² + λ) for each.
  private let directions: Matrix
  private let shrinkage: [Double]
  private let rowCount: Int

  init(
    standardizer: Standardizer, directions: Matrix, shrinkage: [Double], weights: [Double],
    intercept: Double, penalty: Double, noiseVariance: Double, leaveOutErrors: [Double],
    rowCount: Int
  ) {
    self.standardizer = standardizer
    self.directions = directions
    self.shrinkage = shrinkage
    self.weights = weights
    self.intercept = intercept
    self.penalty = penalty
    self.noiseVariance = noiseVariance
    self.leaveOutErrors = leaveOutErrors
    self.rowCount = rowCount
  }

  /// The line, and the variance noise·(1 + 1/n + xᵀ(XᵀX + λI)⁻¹x): it grows away from the data.
  ///
  /// - Complexity: O(m·d·r), one `dgemm`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let x = standardizer.standardize(features)
    let mean = line(x)
    var scores = x.multiplied(by: directions, transposingOther: true)
    for i in scores.elements.indices { scores.elements[i] *= scores.elements[i] }
    let constant = 1 + 1 / Double(rowCount)
    let deviation = scores.multiplied(by: shrinkage).map {
      (noiseVariance * (constant + $0)).squareRoot()
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(standardizer.archive(), under: "standardizer")
    archive.set("weights", weights)
    archive.set("directions", directions.elements, shape: [directions.rows, directions.columns])
    archive.set("shrinkage", shrinkage)
    archive.set("leave_out_errors", leaveOutErrors)
    archive.set("scalars", [intercept, penalty, noiseVariance])
    archive.set("rows", [rowCount])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    standardizer = try Standardizer(archive: archive.nested(under: "standardizer"))
    let d = standardizer.featureCount
    weights = try archive.finiteDoubles("weights", shape: [d])
    shrinkage = try archive.finiteDoubles("shrinkage")
    directions = Matrix(
      rows: shrinkage.count, columns: d,
      elements: try archive.finiteDoubles("directions", shape: [shrinkage.count, d]))
    leaveOutErrors = try archive.doubles("leave_out_errors")
    let scalars = try archive.finiteDoubles("scalars", shape: [3])
    (intercept, penalty, noiseVariance) = (scalars[0], scalars[1], scalars[2])
    rowCount = try archive.integers("rows", shape: [1])[0]
    guard noiseVariance >= 0, penalty > 0, shrinkage.allSatisfy({ $0 > 0 }) else {
      throw .invalid("scalars", reason: "holds a variance or penalty that is not positive")
    }
    guard rowCount > 0 else { throw .invalid("rows", reason: "counts no rows") }
  }
}
