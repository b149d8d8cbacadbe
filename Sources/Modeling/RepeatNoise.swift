import Foundation
import Regression

/// How far measurements of one composition and temperature scatter, as a noise variance for each row.
///
/// A pooled variance comes from pairs of different groups (`DataCheck.Noise`, a robust estimate). A composition with n
/// measured rows of its own has (ν·pooled + Σ(y − ȳ)²)/(ν + n − 1), so that few repeats hardly move it:
/// the mean of both variances, weighted by degrees of freedom, the pooled one with ν = `priorWeight`.
struct RepeatNoise {
  /// One for each row, in squared units of the modelled target.
  let variances: [Double]

  static let priorWeight = 4.0

  /// Nil where no composition was measured by two groups.
  init?(of data: Measurements) {
    guard let (families, noise) = DataCheck.repeats(data), noise.deviation > 0 else { return nil }
    let pooled = noise.deviation * noise.deviation
    var variances = [Double](repeating: pooled, count: data.count)
    for family in families {
      let values = family.filter { data.rows[$0].censoring == .none }.map { data.rows[$0].target }
      guard values.count > 1 else { continue }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let variance = (Self.priorWeight * pooled + squares) / (Self.priorWeight + Double(values.count - 1))
      for row in family { variances[row] = variance }
    }
    self.variances = variances
  }
}
