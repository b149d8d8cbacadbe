import LinearAlgebra

/// Weights that combine the predictions of several models: at least 0, summing to 1.
///
/// They minimise the mean squared error of the weighted mean of predictions for rows the models had
/// not seen, as in stacked regressions (Breiman 1996, doi 10.1007/BF00117832), with a penalty
/// towards equal weights, because models that err alike leave the split between them to chance.
public struct StackWeights: Sendable, Equatable {
  /// One for each model.
  public let values: [Double]

  /// The pull towards equal weights, as a share of the mean squared error of the models.
  public static let defaultShrinkage = 0.1

  /// - Parameters:
  ///   - predictions: for each model, n predictions of rows it had not seen.
  ///   - targets: n of them; for a censored row, the bound. It counts where the mean of the models
  ///     breaks it, and not at all otherwise.
  ///   - censoring: one for each target.
  ///   - shrinkage: the pull towards equal weights, as a share of the mean squared error of the
  ///     models; at least 0.
  /// - Precondition: at least one model, as many predictions as targets.
  /// - Complexity: O(n·k²) for k models.
  public init(
    predictions: [[Double]], targets: [Double], censoring: [Censoring], shrinkage: Double = defaultShrinkage
  ) {
    let k = predictions.count
    precondition(k > 0 && predictions.allSatisfy { $0.count == targets.count }, "a prediction for each target")
    let rows = targets.indices.filter { row in
      let mean = predictions.reduce(0) { $0 + $1[row] } / Double(k)
      return censoring[row] == .none || !BoostingLoss.agrees(targets[row] - mean, censoring[row])
    }
    guard k > 1, !rows.isEmpty else {
      values = [Double](repeating: 1 / Double(k), count: k)
      return
    }
    // Σ (y − Σ wₘ pₘ)² = wᵀ·E·w with the errors' products E, as the weights sum to 1.
    var products = Matrix(rows: k, columns: k)
    for row in rows {
      for a in 0..<k {
        for b in 0...a {
          products[a, b] += (targets[row] - predictions[a][row]) * (targets[row] - predictions[b][row])
        }
      }
    }
    products.mirrorLowerTriangle()
    for i in products.elements.indices { products.elements[i] /= Double(rows.count) }
    let penalty = shrinkage * products.diagonal.reduce(0, +) / Double(k)
    for a in 0..<k { products[a, a] += penalty }
    values = Self.minimizeOnSimplex(products)
  }

  /// The w ≥ 0 with Σw = 1 that minimises wᵀ·A·w, A positive definite, by projected gradient.
  static func minimizeOnSimplex(_ a: Matrix) -> [Double] {
    let k = a.rows
    var w = [Double](repeating: 1 / Double(k), count: k)
    // The trace bounds the largest eigenvalue.
    let step = 1 / max(a.diagonal.reduce(0, +), 1e-300)
    for _ in 0..<5000 {
      let slope = a.multiplied(by: w)
      let next = projectedOnSimplex(zip(w, slope).map { $0 - step * $1 })
      let change = zip(w, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      w = next
      if change < 1e-12 { break }
    }
    return w
  }

  /// The nearest point with entries of at least 0 and a sum of 1 (Duchi et al., ICML 2008,
  /// doi 10.1145/1390156.1390191, figure 1).
  static func projectedOnSimplex(_ v: [Double]) -> [Double] {
    var sum = 0.0
    var threshold = 0.0
    for (count, value) in v.sorted(by: >).enumerated() {
      sum += value
      let candidate = (sum - 1) / Double(count + 1)
      if value - candidate > 0 { threshold = candidate }
    }
    return v.map { max(0, $0 - threshold) }
  }
}
