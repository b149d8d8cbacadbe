import LinearAlgebra
import Regression

extension GaussianProcess: StagedRegressor {
  /// Means in single precision, without the O(n²) of a variance; deviations lie between the noise
  /// alone and noise with the whole prior variance. Nil for a kernel whose rounding is not bounded.
  public func firstStage() -> FirstStage? {
    guard let kernel = posterior.kernel.stationary, let slope = kernel.profile.steepestSlope else { return nil }
    let means = SingleMeans(
      kernel: kernel, steepestSlope: slope, x: posterior.x, weights: posterior.weights, active: inputs.active,
      means: inputs.means, deviations: inputs.deviations, targetMean: targetMean, targetSpread: targetSpread)
    let least = targetSpread * noiseVariance.squareRoot()
    let most = targetSpread * (kernel.variance + noiseVariance).squareRoot()
    let products = 2.0 * Double(posterior.x.rows * posterior.x.columns)
    return FirstStage(
      deviations: least * (1 - 1e-9)...most * (1 + 1e-9), operations: products,
      exactOperations: products + Double(posterior.x.rows * posterior.x.rows)
    ) { means.means(of: $0, $1, $2) }
  }
}
