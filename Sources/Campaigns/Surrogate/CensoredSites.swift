import Foundation
import LinearAlgebra
import Regression

/// Gaussian stand-ins for rows that are only known to lie below or above a bound.
///
/// Expectation propagation: the likelihood Φ((b − f)/σₙ) of a left-censored row is replaced by a Gaussian in f
/// such that the posterior mean and variance of f agree with those of the true likelihood times the rest.
/// Source: Rasmussen and Williams (2006), algorithm 3.5, with the moments of a shifted probit (3.58).
struct CensoredSites {
  /// Of the stand-ins; for measured rows, the values.
  var means: [Double]
  /// Of the stand-ins about f; for measured rows, their noise.
  var variances: [Double]

  /// A site this wide says nothing.
  private static let widest = 1e6

  /// - Parameters:
  ///   - covariance: prior, n × n.
  ///   - bounds: values, and bounds of censored rows, with the prior mean taken away.
  ///   - noises: variances.
  /// - Complexity: O(n³) for each of at most 30 sweeps.
  init(covariance: Matrix, bounds: [Double], censoring: [Censoring], noises: [Double]) throws(CholeskyError) {
    let n = bounds.count
    let censored = censoring.indices.filter { censoring[$0] != .none }
    means = bounds
    variances = noises
    for i in censored { variances[i] = Self.widest }
    for _ in 0..<30 {
      // The posterior with the sites as they are.
      var noisy = covariance
      for i in 0..<n { noisy[i, i] += variances[i] + 1e-9 }
      let factor = try Cholesky(of: noisy)
      let weights = factor.solve(means)
      var cross = Matrix(rows: n, columns: censored.count)
      for (k, i) in censored.enumerated() { for j in 0..<n { cross[j, k] = covariance[j, i] } }
      let solved = factor.solveLower(cross)
      var largest = 0.0
      for (k, i) in censored.enumerated() {
        var mean = 0.0
        var variance = covariance[i, i]
        for j in 0..<n {
          mean += cross[j, k] * weights[j]
          variance -= solved[j, k] * solved[j, k]
        }
        guard variance > 0 else { continue }
        // The cavity: the posterior without this row's site.
        let cavityPrecision = 1 / variance - 1 / variances[i]
        guard cavityPrecision > 1e-9 else { continue }
        let cavityMean = (mean / variance - means[i] / variances[i]) / cavityPrecision
        let cavityVariance = 1 / cavityPrecision
        let sign = censoring[i] == .left ? 1.0 : -1.0
        let total = (cavityVariance + noises[i]).squareRoot()
        let z = sign * (bounds[i] - cavityMean) / total
        let ratio = NormalDistribution.inverseMills(z)
        let newMean = cavityMean - sign * cavityVariance * ratio / total
        let newVariance = cavityVariance - cavityVariance * cavityVariance * ratio * (z + ratio) / (total * total)
        let sitePrecision = 1 / max(newVariance, 1e-12) - cavityPrecision
        let damped = max(1 / Self.widest, 0.5 / variances[i] + 0.5 * max(sitePrecision, 1 / Self.widest))
        let exactShift = newMean / max(newVariance, 1e-12) - cavityMean * cavityPrecision
        let shift = 0.5 * means[i] / variances[i] + 0.5 * exactShift
        let updatedMean = shift / damped
        largest = max(largest, abs(updatedMean - means[i]) * damped, abs(1 / damped - variances[i]) * damped * 0.01)
        variances[i] = 1 / damped
        means[i] = updatedMean
      }
      if largest < 1e-6 { break }
    }
  }
}
