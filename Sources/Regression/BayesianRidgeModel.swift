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
  /// Of the training rows, with 1/(sⱼ² + ρ) for each.
  private let directions: LinearDirections

  init(
    standardizer: Standardizer, directions: Matrix, weights: [Double], covariances: [Double],
    intercept: Double, penalty: Double, noiseVariance: Double, logEvidence: Double, rowCount: Int
  ) {
    self.standardizer = standardizer
    self.directions = LinearDirections(vectors: directions, shrinkage: covariances, rowCount: rowCount)
    self.weights = weights
    self.intercept = intercept
    self.penalty = penalty
    self.noiseVariance = noiseVariance
    self.logEvidence = logEvidence
  }

  /// The posterior mean, and the variance (1 + 1/n + xᵀ(XᵀX + ρI)⁻¹x)/α.
  ///
  /// Directions in which no training row lies keep their prior variance, 1/λ.
  /// - Complexity: O(m·d·r), one `dgemm`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let x = standardizer.standardize(features)
    let mean = line(x)
    let scores = x.multiplied(by: directions.vectors, transposingOther: true)
    let deviation = (0..<x.rows).map { i in
      var beyond = x.row(i).reduce(0) { $0 + $1 * $1 }
      var variance = 1 + 1 / Double(directions.rowCount)
      for (score, covariance) in zip(scores.row(i), directions.shrinkage) {
        beyond -= score * score
        variance += score * score * covariance
      }
      return (noiseVariance * (variance + max(0, beyond) / penalty)).squareRoot()
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive(self, scalars: [penalty, noiseVariance, logEvidence])
    directions.write(to: &archive, shrinkageName: "covariances")
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    let line = try archive.linearModel(kind: Self.kind, scalars: 3)
    (standardizer, weights) = (line.standardizer, line.weights)
    (intercept, penalty) = (line.scalars[0], line.scalars[1])
    (noiseVariance, logEvidence) = (line.scalars[2], line.scalars[3])
    directions = try LinearDirections(from: archive, columns: weights.count, shrinkageName: "covariances")
    guard noiseVariance > 0, penalty > 0 else {
      throw .invalid("scalars", reason: "holds a variance or penalty that is not positive")
    }
  }
}
