import CVectorMath
import Foundation
import LinearAlgebra
import Regression

/// A Gaussian process whose function is a sum of parts, each rough and with a distance of its own.
///
/// k(x, z) = Σₚ σₚ²·exp(−dₚ(x, z)/ℓₚ), dₚ a `DistancePart`; each term is positive definite as a product of
/// exponentials of one column each. Variances, lengthscales and the noise maximise the marginal likelihood.
/// What no part explains gets a small variance by itself, so that parts may be offered freely.
///
/// Bounds are taken as values; known noise variances of rows are added to the noise.
public struct AdditiveProcessRegressor: Regressor, Hashable, Codable {
  /// Nil for one part of all columns, each in units of its deviation.
  public var parts: [DistancePart]?
  /// Hyperparameters are learned from at most this many rows, spread evenly; all rows are conditioned on.
  public var searchLimit: Int

  public init(parts: [DistancePart]? = nil, searchLimit: Int = 700) {
    self.parts = parts
    self.searchLimit = searchLimit
  }

  /// Bounds of log variance and log noise in units of the targets' variance, and of log lengthscale in
  /// units of the mean distance of the part.
  static let varianceBounds = (-9.0, 4.0)
  static let lengthscaleBounds = (-4.0, 4.5)
  static let noiseBounds = (-7.0, 1.0)

  /// - Throws: `FitError.invalidSetting` for a part of columns that are not there; `.numericalFailure`.
  /// - Complexity: O(n²·d + n³), and O(s³) for each of at most 60 evaluations, s = min(n, `searchLimit`).
  public func fit(_ original: TrainingSet) throws(FitError) -> AdditiveProcess {
    guard searchLimit >= 2 else { throw .invalidSetting("an additive process needs at least two rows to learn from") }
    let data = original.canonicallyOrdered()
    let parts = parts ?? [Self.standardized(data.features)]
    guard !parts.isEmpty, parts.allSatisfy({ $0.columns.allSatisfy { (0..<data.featureCount).contains($0) } }) else {
      throw .invalidSetting("a part of the additive process names columns that are not there")
    }
    // Columns that never vary add nothing to a distance; a new row that differs there is measured by the rest.
    let embedded = parts.map { part in
      let all = part.embed(data.features)
      let varying = all.varyingColumns
      return (varying: varying, rows: all.selectingColumns(varying))
    }
    let moments = Standardizer.moments(of: data.targets)
    let spread = moments.deviation > 0 ? moments.deviation : 1
    let residuals = data.targets.map { ($0 - moments.mean) / spread }
    let known = data.noiseVariances?.map { $0 / (spread * spread) } ?? [Double](repeating: 0, count: data.count)

    let count = min(data.count, searchLimit)
    let sample = (0..<count).map { $0 * data.count / count }
    let distances = embedded.map { part in
      let rows = part.rows.selectingRows(sample)
      return rows.manhattanDistances(to: rows)
    }
    let units = distances.map { d in
      let mean = d.elements.reduce(0, +) / Double(max(1, count * (count - 1)))
      return mean > 0 ? mean : 1
    }
    let problem = AdditiveProblem(
      distances: distances, residuals: sample.map { residuals[$0] }, known: sample.map { known[$0] })
    let point = problem.search(units: units)
    let scales = parts.indices.map { exp(point[2 * $0 + 1]) }
    return try AdditiveProcess(
      parts: parts, varying: embedded.map(\.varying), rows: embedded.map(\.rows),
      variances: parts.indices.map { exp(point[2 * $0]) }, lengthscales: scales, noise: exp(point[2 * parts.count]),
      residuals: residuals, known: known, target: (moments.mean, spread), featureCount: data.featureCount)
  }

  /// All columns, in units of their deviations and divided by their number.
  private static func standardized(_ features: Matrix) -> DistancePart {
    let deviations = (0..<features.columns).map { Standardizer.moments(of: features.column($0)).deviation }
    return DistancePart(
      name: "all columns", columns: Array(0..<features.columns), factors: deviations.map { $0 > 0 ? 1 / $0 : 0 },
      isCumulative: false)
  }
}

/// The marginal likelihood of an additive process, with distances made once.
package struct AdditiveProblem {
  let distances: [Matrix]
  let residuals: [Double]
  let known: [Double]

  package init(distances: [Matrix], residuals: [Double], known: [Double]) {
    self.distances = distances
    self.residuals = residuals
    self.known = known
  }

  /// log σₚ², log ℓₚ for each part, then log σₙ², that maximise the likelihood.
  func search(units: [Double]) -> [Double] {
    typealias Settings = AdditiveProcessRegressor
    let k = distances.count
    var start: [Double] = []
    var (lower, upper): ([Double], [Double]) = ([], [])
    for unit in units {
      start += [-log(Double(k)), log(unit)]
      lower += [Settings.varianceBounds.0, log(unit) + Settings.lengthscaleBounds.0]
      upper += [Settings.varianceBounds.1, log(unit) + Settings.lengthscaleBounds.1]
    }
    start.append(log(0.2))
    lower.append(Settings.noiseBounds.0)
    upper.append(Settings.noiseBounds.1)
    var search = BoundedLBFGS(lower: lower, upper: upper)
    search.iterationLimit = 60
    return search.minimize(from: start, { negativeLogLikelihood(at: $0) })?.point ?? start
  }

  /// −log p(y | θ) without its constant, and the gradient; nil where the covariance is not positive definite.
  package func negativeLogLikelihood(at point: [Double]) -> (value: Double, gradient: [Double])? {
    let n = residuals.count
    let noise = exp(point[2 * distances.count])
    var covariance = Matrix(rows: n, columns: n)
    var terms: [Matrix] = []
    for (p, distance) in distances.enumerated() {
      let term = Self.exponential(distance, variance: exp(point[2 * p]), lengthscale: exp(point[2 * p + 1]))
      for i in term.elements.indices { covariance.elements[i] += term.elements[i] }
      terms.append(term)
    }
    for i in 0..<n { covariance[i, i] += noise + known[i] }
    guard let factor = try? Cholesky(of: covariance) else { return nil }
    let weights = factor.solve(residuals)
    // W = K⁻¹ − α·αᵀ; ∂/∂θ = ½·Σ W∘∂K/∂θ.
    var w = factor.solve(Matrix.identity(n))
    for i in 0..<n { for j in 0..<n { w.elements[i * n + j] -= weights[i] * weights[j] } }
    var gradient: [Double] = []
    for (p, distance) in distances.enumerated() {
      var (byVariance, byLength) = (0.0, 0.0)
      for i in w.elements.indices {
        let part = w.elements[i] * terms[p].elements[i]
        byVariance += part
        byLength += part * distance.elements[i]
      }
      gradient += [0.5 * byVariance, 0.5 * byLength / exp(point[2 * p + 1])]
    }
    gradient.append(0.5 * noise * (0..<n).reduce(0) { $0 + w[$1, $1] })
    let value = 0.5 * dot(residuals, weights) + (0..<n).reduce(0) { $0 + log(factor.lower[$1, $1]) }
    return (value, gradient)
  }

  /// σ²·exp(−d/ℓ), element by element.
  static func exponential(_ distance: Matrix, variance: Double, lengthscale: Double) -> Matrix {
    var result = distance
    for i in result.elements.indices { result.elements[i] *= -1 / lengthscale }
    result.elements.withUnsafeMutableBufferPointer { superionic_exp($0.baseAddress, $0.count) }
    for i in result.elements.indices { result.elements[i] *= variance }
    return result
  }
}
