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
  /// Of the training rows, with 1/(sⱼ² + λ) for each.
  private let directions: LinearDirections

  init(
    standardizer: Standardizer, directions: Matrix, shrinkage: [Double], weights: [Double],
    intercept: Double, penalty: Double, noiseVariance: Double, leaveOutErrors: [Double],
    rowCount: Int
  ) {
    self.standardizer = standardizer
    self.directions = LinearDirections(vectors: directions, shrinkage: shrinkage, rowCount: rowCount)
    self.weights = weights
    self.intercept = intercept
    self.penalty = penalty
    self.noiseVariance = noiseVariance
    self.leaveOutErrors = leaveOutErrors
  }

  /// The line, and the variance noise·(1 + 1/n + xᵀ(XᵀX + λI)⁻¹x): it grows away from the data.
  ///
  /// - Complexity: O(m·d·r), one `dgemm`.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let x = standardizer.standardize(features)
    let mean = line(x)
    var scores = x.multiplied(by: directions.vectors, transposingOther: true)
    for i in scores.elements.indices { scores.elements[i] *= scores.elements[i] }
    let constant = 1 + 1 / Double(directions.rowCount)
    let deviation = scores.multiplied(by: directions.shrinkage).map {
      (noiseVariance * (constant + $0)).squareRoot()
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive(self, scalars: [penalty, noiseVariance])
    directions.write(to: &archive, shrinkageName: "shrinkage")
    archive.set("leave_out_errors", leaveOutErrors)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    let line = try archive.linearModel(kind: Self.kind, scalars: 2)
    (standardizer, weights) = (line.standardizer, line.weights)
    (intercept, penalty, noiseVariance) = (line.scalars[0], line.scalars[1], line.scalars[2])
    directions = try LinearDirections(from: archive, columns: weights.count, shrinkageName: "shrinkage")
    leaveOutErrors = try archive.doubles("leave_out_errors")
    guard noiseVariance >= 0, penalty > 0 else {
      throw .invalid("scalars", reason: "holds a variance or penalty that is not positive")
    }
  }
}
