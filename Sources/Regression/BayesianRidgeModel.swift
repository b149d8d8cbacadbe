import LinearAlgebra
import ModelFiles

/// A Bayesian linear model fitted by `BayesianRidgeRegressor`.
public struct BayesianRidgeModel: LinearPredictor, Equatable {
  public static let kind = "bayesian ridge"

  public let standardizer: Standardizer
  /// d posterior mean weights of the standardised features, in units of the target.
  public let weights: [Double]
  /// The mean of the targets.
  public let intercept: Double
  /// ρ = λ/α, which takes the place of a ridge penalty.
  public let penalty: Double
  /// 1/α, the variance of a measurement about the line.
  public let noiseVariance: Double
  /// The natural logarithm of the evidence; 0 where all targets are equal.
  public let logEvidence: Double
  /// r × d principal directions of the training rows, and 1/(sⱼ² + ρ) for each.
  private let directions: Matrix
  private let covariances: [Double]
  private let rowCount: Int

  init(
    standardizer: Standardizer, directions: Matrix, weights: [Double], covariances: [Double],
    intercept: Double, penalty: Double, noiseVariance: Double, logEvidence: Double, rowCount: Int
  ) {
    self.standardizer = standardizer
    self.directions = directions
    self.weights = weights
    self.covariances = covariances
    self.intercept = intercept
    self.penalty = penalty
    self.noiseVariance = noiseVariance
    self.logEvidence = logEvidence
    self.rowCount = rowCount
  }

  /// The posterior mean, and the variance (1 + 1/n + xᵀ(XᵀX + ρI)⁻¹x)/α.
  ///
  /// Directions in which no training row lies keep their prior variance, 1/λ.
  /// - Complexity: O(m·d·r), one `dgemm`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let x = standardizer.standardize(features)
    let mean = line(x)
    let scores = x.multiplied(by: directions, transposingOther: true)
    let deviation = (0..<x.rows).map { i in
      var beyond = x.row(i).reduce(0) { $0 + $1 * $1 }
      var variance = 1 + 1 / Double(rowCount)
      for (score, covariance) in zip(scores.row(i), covariances) {
        beyond -= score * score
        variance += score * score * covariance
      }
      return (noiseVariance * (variance + max(0, beyond) / penalty)).squareRoot()
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.nest(standardizer.archive(), under: "standardizer")
    archive.set("weights", weights)
    archive.set("directions", directions.elements, shape: [directions.rows, directions.columns])
    archive.set("covariances", covariances)
    archive.set("scalars", [intercept, penalty, noiseVariance, logEvidence])
    archive.set("rows", [rowCount])
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    standardizer = try Standardizer(archive: archive.nested(under: "standardizer"))
    let d = standardizer.featureCount
    weights = try archive.finiteDoubles("weights", shape: [d])
    covariances = try archive.finiteDoubles("covariances")
    directions = Matrix(
      rows: covariances.count, columns: d,
      elements: try archive.finiteDoubles("directions", shape: [covariances.count, d]))
    let scalars = try archive.finiteDoubles("scalars", shape: [4])
    (intercept, penalty, noiseVariance, logEvidence) = (scalars[0], scalars[1], scalars[2], scalars[3])
    rowCount = try archive.integers("rows", shape: [1])[0]
    guard noiseVariance > 0, penalty > 0, covariances.allSatisfy({ $0 > 0 }) else {
      throw .invalid("scalars", reason: "holds a variance or penalty that is not positive")
    }
    guard rowCount > 0 else { throw .invalid("rows", reason: "counts no rows") }
  }
}
