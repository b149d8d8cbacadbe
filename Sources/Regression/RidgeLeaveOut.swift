import LinearAlgebra

/// Exact errors of ridge regression on groups left out, without refitting.
///
/// With the intercept as one more direction that carries no penalty, H = S·Sᵀ for
/// S = [Z·(Λ + λ)^−½, n^−½]. The model without group G predicts its rows with errors
/// (I − S_G·S_Gᵀ)⁻¹·r_G, r the residuals of the full fit, and with a variance relative to the
/// noise of diag (I − S_G·S_Gᵀ)⁻¹.
struct RidgeLeaveOut {
  struct Result {
    /// Mean squared error of rows left out; infinite when leaving a group out leaves too little.
    let meanSquaredError: Double
    /// Variance of a measurement about the true line that makes the predictive variances
    /// noise·(1 + leverage) agree with the errors on rows left out.
    let noiseVariance: Double
  }

  private let spectrum: LinearSpectrum
  private let targets: [Double]
  private let along: [Double]
  private let squaredScores: Matrix
  /// Rows of groups of at least two.
  private let blocks: [[Int]]
  private let isInBlock: [Bool]

  init(spectrum: LinearSpectrum, targets: [Double], groups: [Int]) {
    self.spectrum = spectrum
    self.targets = targets
    along = spectrum.scores.multiplied(by: targets, transposingSelf: true)
    var squares = spectrum.scores
    for i in squares.elements.indices { squares.elements[i] *= squares.elements[i] }
    squaredScores = squares
    blocks = GroupedFolds.leftOutTogether(groups).filter { $0.count > 1 }
    var inBlock = [Bool](repeating: false, count: targets.count)
    for block in blocks { for row in block { inBlock[row] = true } }
    isInBlock = inBlock
  }

  func evaluate(penalty: Double) -> Result {
    let n = targets.count
    let shrinkage = spectrum.values.map { 1 / ($0 + penalty) }
    let fitted = spectrum.scores.multiplied(by: zip(along, shrinkage).map { $0 * $1 })
    let leverage = squaredScores.multiplied(by: shrinkage).map { $0 + 1 / Double(n) }
    var squared = 0.0
    var scaled = 0.0
    for i in 0..<n where !isInBlock[i] {
      let remaining = 1 - leverage[i]
      guard remaining > 1e-12 else { return Result(meanSquaredError: .infinity, noiseVariance: 0) }
      let error = (targets[i] - fitted[i]) / remaining
      squared += error * error
      scaled += error * error * remaining
    }
    let roots = shrinkage.map { $0.squareRoot() }
    for block in blocks {
      let residuals = block.map { targets[$0] - fitted[$0] }
      guard let (errors, variances) = leaveOut(block, residuals: residuals, roots: roots) else {
        return Result(meanSquaredError: .infinity, noiseVariance: 0)
      }
      for k in block.indices {
        squared += errors[k] * errors[k]
        scaled += errors[k] * errors[k] / variances[k]
      }
    }
    return Result(meanSquaredError: squared / Double(n), noiseVariance: scaled / Double(n))
  }

  /// The errors of a group left out and their variances relative to the noise; nil when the rest
  /// does not determine a fit.
  private func leaveOut(
    _ block: [Int], residuals: [Double], roots: [Double]
  ) -> (errors: [Double], variances: [Double])? {
    let m = block.count
    let r = roots.count
    var s = Matrix(rows: m, columns: r + 1)
    let constant = (1 / Double(targets.count)).squareRoot()
    for (k, row) in block.enumerated() {
      for j in 0..<r {
        s.elements[k * (r + 1) + j] = spectrum.scores.elements[row * r + j] * roots[j]
      }
      s.elements[k * (r + 1) + r] = constant
    }
    // The smaller of I − S·Sᵀ and I − Sᵀ·S; Woodbury's identity leads back from the latter.
    let dual = m <= r + 1
    var remaining = dual ? s.multiplied(by: s, transposingOther: true) : s.gram
    let order = remaining.rows
    for i in remaining.elements.indices { remaining.elements[i] = -remaining.elements[i] }
    for i in 0..<order { remaining[i, i] += 1 }
    guard remaining.diagonal.allSatisfy({ $0 > 1e-12 }), let factor = try? Cholesky(of: remaining) else {
      return nil
    }
    if dual { return (factor.solve(residuals), factor.inverse.diagonal) }
    let correction = s.multiplied(
      by: factor.solve(s.multiplied(by: residuals, transposingSelf: true)))
    let half = factor.solveLower(s.transposed)
    var variances = [Double](repeating: 1, count: m)
    for j in 0..<(r + 1) {
      for k in 0..<m { variances[k] += half[j, k] * half[j, k] }
    }
    return (zip(residuals, correction).map { $0 + $1 }, variances)
  }
}
