import Foundation

/// The standard normal distribution: density, distribution function and its inverse.
public enum NormalDistribution {
  /// log √(2π).
  public static let logSqrtTwoPi = 0.918_938_533_204_672_8

  /// φ(z).
  public static func density(_ z: Double) -> Double { exp(logDensity(z)) }

  /// log φ(z).
  public static func logDensity(_ z: Double) -> Double { -0.5 * z * z - logSqrtTwoPi }

  /// Φ(z), accurate in relative terms in the lower tail down to the smallest double.
  public static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// log Φ(z), finite for every finite z.
  ///
  /// Below −30, where Φ underflows towards zero, an asymptotic series (Abramowitz and Stegun
  /// 26.2.12) takes over.
  public static func logCumulative(_ z: Double) -> Double {
    if z > -30 { return z > 5 ? log1p(-cumulative(-z)) : log(cumulative(z)) }
    let s = 1 / (z * z)
    let series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))))
    return logDensity(z) - log(-z) + log(series)
  }

  /// φ(z)/Φ(z), the inverse Mills ratio of the lower tail, finite for every finite z.
  public static func inverseMills(_ z: Double) -> Double { exp(logDensity(z) - logCumulative(z)) }

  /// Φ⁻¹(p), to full precision; −∞ at 0 and +∞ at 1.
  ///
  /// The rational start of Abramowitz and Stegun 26.2.23 (error below 4.5e-4), refined by Halley
  /// steps on Φ.
  public static func quantile(_ p: Double) -> Double {
    guard p > 0 else { return p == 0 ? -.infinity : .nan }
    guard p < 1 else { return p == 1 ? .infinity : .nan }
    if p > 0.5 { return -quantile(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    var z =
      -(t - (2.515517 + t * (0.802853 + t * 0.010328))
        / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
    for _ in 0..<4 {
      let error = cumulative(z) - p
      let step = error / density(z)
      z -= step / (1 + 0.5 * z * step)
    }
    return z
  }
}
