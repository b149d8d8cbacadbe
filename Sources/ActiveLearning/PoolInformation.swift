import Foundation
import LinearAlgebra
import Regression

/// How many nats a measurement tells, on average, about a measurement of another candidate.
///
/// The expected predictive information gain: the mean over the pool of
/// I(y; yⱼ) = −½·log(1 − ρⱼ²), with ρⱼ the posterior correlation of the two measurements. Unlike the
/// candidate's own uncertainty it does not prefer outliers that teach about nothing else.
public enum PoolInformation {
  /// - Parameters:
  ///   - covariances: posterior covariances of the latent value at the candidate with the pool.
  ///   - variance: posterior variance of the latent value at the candidate.
  ///   - poolVariances: the same for the pool, one for each covariance.
  ///   - noiseVariance: of a measurement.
  /// - Complexity: O(pool).
  public static func value(
    covariances: [Double], variance: Double, poolVariances: [Double], noiseVariance: Double
  ) -> Double {
    precondition(covariances.count == poolVariances.count, "a variance for each covariance")
    guard !covariances.isEmpty, variance > 0 else { return 0 }
    var sum = 0.0
    for (covariance, poolVariance) in zip(covariances, poolVariances) {
      let product = (variance + noiseVariance) * (poolVariance + noiseVariance)
      guard product > 0 else { continue }
      let squared = min(covariance * covariance / product, 1 - 1e-12)
      sum -= 0.5 * log1p(-squared)
    }
    return sum / Double(covariances.count)
  }

  /// The share of the pool's summed variance that one measurement takes away.
  public static func varianceReduction(
    covariances: [Double], variance: Double, poolVariances: [Double], noiseVariance: Double
  ) -> Double {
    let total = poolVariances.reduce(0, +)
    guard total > 0, variance + noiseVariance > 0 else { return 0 }
    return dot(covariances, covariances) / (variance + noiseVariance) / total
  }
}

/// What is learnt from an instrument that reads only "below the limit" for small values.
public enum CensoredMeasurement {
  /// I(y; f) in nats, where f is normal, y = f + noise is read where it lies above `limit`, and
  /// otherwise only "below" is read.
  ///
  /// I(y; f) = H(y) − H(y | f); both entropies are those of a normal cut off on one side, and the
  /// second is averaged over f numerically.
  /// - Complexity: O(1), 129 evaluations.
  public static func information(
    mean: Double, deviation: Double, noiseDeviation: Double, limit: Double
  ) -> Double {
    guard deviation > 0, noiseDeviation > 0 else { return 0 }
    let total = (deviation * deviation + noiseDeviation * noiseDeviation).squareRoot()
    let marginal = entropy(z: (limit - mean) / total, scale: total)
    let steps = 128
    let width = 16.0 / Double(steps)
    var conditional = 0.0
    for step in 0...steps {
      let u = -8 + Double(step) * width
      let weight = NormalDistribution.density(u) * width
      conditional += weight * entropy(z: (limit - mean - deviation * u) / noiseDeviation, scale: noiseDeviation)
    }
    return max(0, marginal - conditional)
  }

  /// Expected improvement where everything above `ceiling` reads as `ceiling`:
  /// E[(min(f, ceiling) − best)⁺].
  public static func improvement(mean: Double, deviation: Double, best: Double, ceiling: Double) -> Double {
    guard ceiling > best else { return 0 }
    let below = Acquisition.expectedImprovement(best: best).value(mean: mean, standardDeviation: deviation)
    let above = Acquisition.expectedImprovement(best: ceiling).value(mean: mean, standardDeviation: deviation)
    return max(0, below - above)
  }

  /// −P·log P − ∫ p·log p over what lies above z, for a normal of deviation `scale`.
  private static func entropy(z: Double, scale: Double) -> Double {
    let below = NormalDistribution.cumulative(z)
    let above = NormalDistribution.cumulative(-z)
    let discrete = below > 0 ? -below * NormalDistribution.logCumulative(z) : 0
    // ∫_z^∞ φ(u)(u²/2) du = ½(z·φ(z) + 1 − Φ(z)).
    let tail = abs(z) < 40 ? z * NormalDistribution.density(z) : 0
    return discrete + above * (log(scale) + NormalDistribution.logSqrtTwoPi) + 0.5 * (tail + above)
  }
}
