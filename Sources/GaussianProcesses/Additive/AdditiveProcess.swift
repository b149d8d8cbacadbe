import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// A sum of rough functions conditioned on rows; see `AdditiveProcessRegressor`.
public struct AdditiveProcess: FittedRegressor {
  public static let kind = "additive-process"

  public let parts: [DistancePart]
  /// σₚ², in units of the targets' variance.
  public let variances: [Double]
  /// ℓₚ, in units of each distance.
  public let lengthscales: [Double]
  /// σₙ², in units of the targets' variance.
  public let noise: Double
  public let featureCount: Int
  /// The embedded columns of each part that vary in the training rows.
  private let varying: [[Int]]
  /// The embedded training rows of each part.
  private let rows: [Matrix]
  private let factor: Cholesky
  /// K⁻¹·residuals.
  private let weights: [Double]
  private let targetMean: Double
  private let targetSpread: Double

  public var count: Int { weights.count }

  /// - Throws: `FitError.numericalFailure` when the covariance cannot be factored.
  init(
    parts: [DistancePart], varying: [[Int]], rows: [Matrix], variances: [Double], lengthscales: [Double], noise: Double,
    residuals: [Double], known: [Double], target: (mean: Double, spread: Double), featureCount: Int
  ) throws(FitError) {
    self.parts = parts
    self.varying = varying
    self.rows = rows
    self.variances = variances
    self.lengthscales = lengthscales
    self.noise = noise
    self.featureCount = featureCount
    (targetMean, targetSpread) = target
    let n = residuals.count
    var covariance = Matrix(rows: n, columns: n)
    for p in parts.indices {
      let term = AdditiveProblem.exponential(
        rows[p].manhattanDistances(to: rows[p]), variance: variances[p], lengthscale: lengthscales[p])
      for i in term.elements.indices { covariance.elements[i] += term.elements[i] }
    }
    for i in 0..<n { covariance[i, i] += noise + known[i] }
    do { factor = try Cholesky(of: covariance) } catch { throw .numericalFailure("\(error)") }
    weights = factor.solve(residuals)
  }

  /// Rows predicted together, so that memory stays bounded.
  private static let blockRows = 512

  /// Mean, and deviation of a new measurement: what the rows leave open, and noise.
  ///
  /// - Complexity: O(m·n·(n + columns)).
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    var mean: [Double] = []
    var deviation: [Double] = []
    let prior = variances.reduce(0, +)
    for start in stride(from: 0, to: features.rows, by: Self.blockRows) {
      let block = features.selectingRows(start..<min(start + Self.blockRows, features.rows))
      var cross = Matrix(rows: block.rows, columns: count)
      for term in terms(block) {
        for i in cross.elements.indices { cross.elements[i] += term.elements[i] }
      }
      mean += cross.multiplied(by: weights).map { targetMean + targetSpread * $0 }
      let half = factor.solveLower(cross.transposed)
      var explained = [Double](repeating: 0, count: block.rows)
      for i in 0..<half.rows {
        for j in 0..<half.columns {
          let value = half.elements[i * half.columns + j]
          explained[j] += value * value
        }
      }
      deviation += explained.map { targetSpread * (max(0, prior - $0) + noise).squareRoot() }
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  /// What each part adds to the mean of each row, in units of the target; with `constant` they sum to it.
  ///
  /// - Returns: m × parts.
  public func contributions(_ features: Matrix) throws(PredictionError) -> Matrix {
    try check(features)
    var result = Matrix(rows: features.rows, columns: parts.count)
    for (p, term) in terms(features).enumerated() {
      for (row, value) in term.multiplied(by: weights).enumerated() { result[row, p] = targetSpread * value }
    }
    return result
  }

  /// The mean far from all rows.
  public var constant: Double { targetMean }

  private func terms(_ features: Matrix) -> [Matrix] {
    parts.indices.map { p in
      AdditiveProblem.exponential(
        parts[p].embed(features).selectingColumns(varying[p]).manhattanDistances(to: rows[p]), variance: variances[p],
        lengthscale: lengthscales[p])
    }
  }

  // MARK: Model files

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("feature_count", [featureCount])
    archive.set("names", text: parts.map(\.name).joined(separator: "\n"))
    archive.set("variances", variances)
    archive.set("lengthscales", lengthscales)
    archive.set("noise", [noise])
    archive.set("target", [targetMean, targetSpread])
    archive.set("weights", weights)
    archive.set("factor", factor.lower.elements, shape: [count, count])
    for (p, part) in parts.enumerated() {
      archive.set("part\(p).columns", part.columns)
      archive.set("part\(p).factors", part.factors)
      archive.set("part\(p).cumulative", [part.isCumulative ? 1 : 0])
      archive.set("part\(p).varying", varying[p])
      archive.set("part\(p).rows", rows[p].elements, shape: [rows[p].rows, rows[p].columns])
    }
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let featureCount = try archive.integers("feature_count", shape: [1])[0]
    let names = try archive.text("names").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    variances = try archive.finiteDoubles("variances", shape: [names.count])
    lengthscales = try archive.finiteDoubles("lengthscales", shape: [names.count])
    noise = try archive.double("noise")
    guard variances.allSatisfy({ $0 > 0 }), lengthscales.allSatisfy({ $0 > 0 }), noise > 0, noise.isFinite else {
      throw .invalid("variances", reason: "is not positive")
    }
    let target = try archive.finiteDoubles("target", shape: [2])
    (targetMean, targetSpread) = (target[0], target[1])
    weights = try archive.finiteDoubles("weights")
    let n = weights.count
    factor = Cholesky(
      lower: Matrix(rows: n, columns: n, elements: try archive.finiteDoubles("factor", shape: [n, n])))
    var parts: [DistancePart] = []
    var varying: [[Int]] = []
    var rows: [Matrix] = []
    for (p, name) in names.enumerated() {
      let columns = try archive.integers("part\(p).columns")
      let kept = try archive.integers("part\(p).varying")
      guard columns.allSatisfy({ (0..<featureCount).contains($0) }), kept.allSatisfy({ columns.indices.contains($0) })
      else { throw .invalid("part\(p).columns", reason: "names a feature that is not there") }
      parts.append(
        DistancePart(
          name: name, columns: columns, factors: try archive.finiteDoubles("part\(p).factors", shape: [columns.count]),
          isCumulative: try archive.integers("part\(p).cumulative", shape: [1])[0] != 0))
      varying.append(kept)
      rows.append(
        Matrix(
          rows: n, columns: kept.count, elements: try archive.finiteDoubles("part\(p).rows", shape: [n, kept.count])))
    }
    self.parts = parts
    self.varying = varying
    self.rows = rows
    self.featureCount = featureCount
  }
}

extension AdditiveProcess: AttributableRegressor {
  /// Exact: each part of the sum. A part reads a whole composition, so parts take the place of `families`,
  /// and the background is not used; the base is the mean far from all rows.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    Attribution(
      names: parts.map(\.name), base: [Double](repeating: constant, count: features.rows),
      parts: try contributions(features))
  }
}
