import Foundation
import LinearAlgebra

/// Bayesian linear regression whose penalty and noise maximise the evidence.
///
/// y = b + X·w + ε over standardised features, with b of flat prior, w ~ N(0, λ⁻¹I) and ε ~ N(0, α⁻¹): MacKay,
/// "Bayesian interpolation", Neural Computation 4, 415–447 (1992), doi 10.1162/neco.1992.4.3.415.
/// With ρ = λ/α the best α is known in closed form, which leaves one number: the evidence is
/// scanned over log ρ and its maximum refined where the analytic derivative changes sign. Unlike a
/// fixed-point iteration this cannot stop early or at a lesser maximum of the scanned range.
///
/// A censored row is used as if it had been measured at its bound. Known noise variances and
/// groups are not used. Fewer rows than features, and constant columns, are fine.
public struct BayesianRidgeRegressor: Regressor, Hashable, Codable {
  public init() {}

  /// The range of log₁₀(ρ/n) that is scanned, in steps of a quarter.
  static let scanned = (-40...40).map { Double($0) / 4 }

  /// - Throws: `FitError.tooFewRows` below two rows, `.numericalFailure` when the
  ///   eigendecomposition does not converge.
  /// - Complexity: O(n·d·min(n, d)) once, and O(min(n, d)) for each ρ.
  public func fit(_ data: TrainingSet) throws(FitError) -> BayesianRidgeModel {
    guard data.count >= 2 else { throw .tooFewRows(needed: 2, found: data.count) }
    let standardizer = Standardizer(of: data.features)
    let spectrum = try LinearSpectrum(standardizer.standardize(data.features))
    let moments = Standardizer.moments(of: data.targets)
    let centred = data.targets.map { moments.deviation > 0 ? $0 - moments.mean : 0 }
    let evidence = LinearEvidence(spectrum: spectrum, targets: centred)
    let ratio = moments.deviation > 0 ? maximum(of: evidence, rows: data.count) : Double(data.count)
    // Exactly linear targets leave residuals of rounding only; certainty is never claimed.
    let smallest = leastDeviation(of: data.targets)
    return BayesianRidgeModel(
      standardizer: standardizer, directions: spectrum.directions,
      weights: spectrum.weights(penalty: ratio, targets: centred),
      covariances: spectrum.values.map { 1 / ($0 + ratio) }, intercept: moments.mean, penalty: ratio,
      noiseVariance: max(evidence.noiseVariance(ratio), smallest * smallest),
      logEvidence: moments.deviation > 0 ? evidence.value(ratio) : 0, rowCount: data.count)
  }

  private func maximum(of evidence: LinearEvidence, rows: Int) -> Double {
    let grid = Self.scanned.map { Double(rows) * pow(10, $0) }
    let values = grid.map(evidence.value)
    var best = 0
    for i in grid.indices where values[i] > values[best] { best = i }
    var low = log(grid[max(0, best - 1)])
    var high = log(grid[min(grid.count - 1, best + 1)])
    // At an end of the range the derivative keeps its sign, and bisection ends there.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if evidence.derivative(exp(middle)) > 0 { low = middle } else { high = middle }
    }
    return exp((low + high) / 2)
  }
}

/// The evidence of a Bayesian linear model as a function of ρ = λ/α, at the α that maximises it.
package struct LinearEvidence {
  /// r squared singular values of the features.
  private let values: [Double]
  /// What the targets have along each direction, squared; r entries.
  private let along: [Double]
  /// The part of ‖y‖² that no linear function of the features reaches.
  private let beyond: Double
  /// n − 1.
  private let rows: Double

  init(spectrum: LinearSpectrum, targets: [Double]) {
    values = spectrum.values
    let projected = spectrum.scores.multiplied(by: targets, transposingSelf: true)
    along = zip(projected, spectrum.values).map { $0 * $0 / $1 }
    beyond = max(0, targets.reduce(0) { $0 + $1 * $1 } - along.reduce(0, +))
    // The intercept, of flat prior, takes one degree of freedom: without this the evidence of more
    // features than rows has no bound as ρ falls.
    rows = Double(targets.count - 1)
  }

  /// - Parameters:
  ///   - features: n × d, centred.
  ///   - targets: n, centred.
  package init(features: Matrix, targets: [Double]) throws(FitError) {
    self.init(spectrum: try LinearSpectrum(features), targets: targets)
  }

  /// ‖y − X·w‖² + ρ‖w‖² at the best w.
  private func loss(_ ratio: Double) -> Double {
    var sum = beyond
    for (a, s) in zip(along, values) { sum += a * ratio / (s + ratio) }
    return sum
  }

  /// 1/α, the noise variance at the maximum over α.
  func noiseVariance(_ ratio: Double) -> Double { loss(ratio) / rows }

  /// The log evidence, −½[m·ln(2π/α) + m + Σ ln(1 + sⱼ²/ρ)] with m = n − 1. O(min(n, d)).
  package func value(_ ratio: Double) -> Double {
    var sum = rows * (log(2 * .pi * max(noiseVariance(ratio), .leastNormalMagnitude)) + 1)
    for s in values { sum += log1p(s / ratio) }
    return -0.5 * sum
  }

  /// The derivative of the log evidence by ln ρ: ½[Σ sⱼ²/(sⱼ² + ρ) − α·ρ·‖w‖²]. O(min(n, d)).
  package func derivative(_ ratio: Double) -> Double {
    var effective = 0.0
    var penalised = 0.0
    for (a, s) in zip(along, values) {
      effective += s / (s + ratio)
      penalised += ratio * a * s / ((s + ratio) * (s + ratio))
    }
    return 0.5 * (effective - penalised / max(noiseVariance(ratio), .leastNormalMagnitude))
  }
}
