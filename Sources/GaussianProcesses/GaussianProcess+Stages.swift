import LinearAlgebra
import Regression

extension GaussianProcess: StagedRegressor {
  /// Means in single precision, without the O(n²) of a variance. Deviations lie between the noise alone
  /// and noise with the whole prior variance; with `boundingDeviations` each row has bounds of its own from
  /// a truncated variance. Nil for a kernel whose rounding is not bounded.
  public func firstStage(boundingDeviations: Bool) -> FirstStage? {
    guard let kernel = posterior.kernel.stationary, kernel.profile.steepestSlope != nil else { return nil }
    var form = StationaryBlocks<Float>.VarianceForm.none
    var rank = 0
    // The decomposition of a larger matrix takes longer than it saves in most jobs.
    if boundingDeviations, posterior.count <= Self.largestDecomposition,
      let truncated = try? TruncatedVariance<Float>(self, rank: Self.stageRank)
    {
      form = .truncated(truncated)
      rank = truncated.rank
    }
    let blocks = StationaryBlocks<Float>(self, kernel, form: form)
    let least = targetSpread * noiseVariance.squareRoot() * (1 - 1e-9)
    let most = targetSpread * (kernel.variance + noiseVariance).squareRoot() * (1 + 1e-9)
    let (n, width, hasBounds) = (posterior.x.rows, posterior.x.columns, rank > 0)
    let products = 2 * Double(n * width)
    return FirstStage(
      deviations: least...most, operations: products + 2 * Double(n * rank),
      exactOperations: products + Double(n * n)
    ) { rows, out in
      rows.elements.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        let output = StationaryBlocks<Float>.Output(
          mean: out.mean, tolerance: out.tolerance, least: hasBounds ? out.least : nil, most: hasBounds ? out.most : nil)
        for start in stride(from: 0, to: rows.rows, by: Self.stageRows) {
          let block = start..<min(rows.rows, start + Self.stageRows)
          blocks.predict(x, block, shape: Self.stageRows, countingRounding: true, into: output)
          for i in block {
            out.least[i] = hasBounds ? max(least, out.least[i] * (1 - 1e-9)) : least
            out.most[i] = hasBounds ? min(most, out.most[i] * (1 + 1e-9)) : most
          }
        }
      }
    }
  }

  /// Rows of one product of the first stage: its result stays in the cache.
  private static let stageRows = 128
  /// Eigenvectors that the first stage bounds deviations by.
  private static let stageRank = 128
  private static let largestDecomposition = 2048
}
