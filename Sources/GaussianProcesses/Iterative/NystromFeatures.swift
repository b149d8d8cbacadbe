import LinearAlgebra
import Regression

/// What all rows say through m inducing points: a = L⁻¹k(Z, x) of each row, with K_mm = L·Lᵀ, and their sums.
///
/// Q = AAᵀ, A of n × m, is the Nyström approximation of the rows' covariance.
struct NystromFeatures {
  /// The exact process of a random subset: its hyperparameters are used.
  let guide: GaussianProcess
  /// m × d, in the units of the kernel.
  let inducing: Matrix
  /// L.
  let factor: Cholesky
  /// What was added to the diagonal of K_mm.
  let jitter: Double
  /// AᵀA, m × m.
  let gram: Matrix
  /// Aᵀy.
  let projected: [Double]
  /// n standardised targets.
  let residuals: [Double]
  /// tr K.
  let priorTrace: Double
  /// A, row by row, in single precision; empty unless kept.
  let rows: [Float]

  /// - Parameter data: in canonical order.
  /// - Throws: `FitError` from the subset's fit; `CholeskyError`.
  init(_ settings: InducingPointRegressor, _ data: TrainingSet, keepingRows: Bool) throws {
    var generator = SeededGenerator(seed: settings.seed)
    let subset = Array(generator.permutation(data.count).prefix(settings.subsetRows)).sorted()
    let guide = try settings.exact.fit(data.selecting(subset))
    let chosen = Array(generator.permutation(data.count).prefix(settings.inducingPoints)).sorted()
    let z = guide.inputs.transformed(data.features.selectingRows(chosen))
    let m = z.rows
    let residuals = data.targets.map { ($0 - guide.targetMean) / guide.targetSpread }
    let kernel = guide.kernel
    let floor = 1e-8 * kernel.diagonal(z).reduce(0, max)
    let (factor, jitter) = try JitterLadder.factor(kernel.matrix(z), noise: [Double](repeating: floor, count: m))
    var gram = Matrix(rows: m, columns: m)
    var projected = [Double](repeating: 0, count: m)
    var priorTrace = 0.0
    var kept = [Float](repeating: 0, count: keepingRows ? data.count * m : 0)
    for start in stride(from: 0, to: data.count, by: InducingPointRegressor.blockSize) {
      let rows = start..<min(data.count, start + InducingPointRegressor.blockSize)
      let x = guide.inputs.transformed(data.features.selectingRows(rows))
      priorTrace += kernel.diagonal(x).reduce(0, +)
      let a = factor.solveLower(kernel.matrix(z, x))
      let part = a.rowGram
      for i in gram.elements.indices { gram.elements[i] += part.elements[i] }
      let values = a.multiplied(by: Array(residuals[rows]))
      for i in 0..<m { projected[i] += values[i] }
      if keepingRows {
        for (column, row) in rows.enumerated() {
          for i in 0..<m { kept[row * m + i] = Float(a.elements[i * rows.count + column]) }
        }
      }
    }
    (self.guide, inducing, self.factor, self.jitter) = (guide, z, factor, floor + jitter)
    (self.gram, self.projected, self.residuals, self.priorTrace, rows) = (gram, projected, residuals, priorTrace, kept)
  }

  /// The inducing-point process of a noise; `nil` takes the one of the largest lower bound of the evidence.
  func process(noise given: Double?) throws -> InducingPointProcess {
    let m = inducing.rows
    let spectrum = try SymmetricEigen(of: gram)
    let bound = EvidenceBracket(
      count: residuals.count, spectrum: spectrum.values.map { max(0, $0) },
      projected: spectrum.vectors.multiplied(by: projected), squaredTargets: dot(residuals, residuals), priorTrace: priorTrace)
    let noise = given ?? bound.bestNoise(from: guide.noiseVariance)
    var b = gram
    for i in b.elements.indices { b.elements[i] /= noise }
    for i in 0..<m { b[i, i] += 1 }
    let inner = try Cholesky(of: b)
    return InducingPointProcess(
      kernel: guide.kernel, inducing: inducing, weights: factor.solveUpper(inner.solve(projected.map { $0 / noise })),
      factor: factor, inner: inner, noiseVariance: noise, evidence: bound.bracket(noise: noise), jitter: jitter,
      inputs: guide.inputs, targetMean: guide.targetMean, targetSpread: guide.targetSpread)
  }

  /// P⁻¹·v of the preconditioner P = A·Aᵀ + σₙ²I, by Woodbury's identity, for vectors of n. O(n·m).
  func preconditioner(noise: Double) throws(CholeskyError) -> @Sendable ([Double]) -> [Double] {
    let m = inducing.rows
    var b = gram
    for i in 0..<m { b[i, i] += noise }
    let inner = try Cholesky(of: b)
    let rows = rows
    let chunk = 1024
    return { v in
      let n = v.count
      let parts = (n + chunk - 1) / chunk
      // Aᵀv, in parts that are summed in order.
      var sums = [Double](repeating: 0, count: parts * m)
      let single = v.map { Float($0) }
      rows.withUnsafeBufferPointer { a in
        single.withUnsafeBufferPointer { v in
          sums.withUnsafeMutableBufferPointer { sums in
            guard let first = a.baseAddress, let values = v.baseAddress else { return }
            nonisolated(unsafe) let (rows, vector, output) = (first, values, sums)
            Threads.forEachChunk(of: n, chunkSize: chunk) { range in
              withUnsafeTemporaryAllocation(of: Float.self, capacity: m) { part in
                guard let out = part.baseAddress else { return }
                FloatProducts.multiply(vector + range.lowerBound, rows + range.lowerBound * m, into: out, m: 1, k: range.count, n: m)
                for j in 0..<m { output[range.lowerBound / chunk * m + j] = Double(out[j]) }
              }
            }
          }
        }
      }
      var along = [Double](repeating: 0, count: m)
      for part in 0..<parts { for j in 0..<m { along[j] += sums[part * m + j] } }
      let solved = inner.solve(along).map { Float($0) }
      var result = v
      rows.withUnsafeBufferPointer { a in
        solved.withUnsafeBufferPointer { w in
          result.withUnsafeMutableBufferPointer { result in
            guard let first = a.baseAddress, let solved = w.baseAddress else { return }
            nonisolated(unsafe) let (rows, weights, output) = (first, solved, result)
            Threads.forEachChunk(of: n, chunkSize: chunk) { range in
              for i in range { output[i] = (output[i] - Float.dot(rows + i * m, weights, m)) / noise }
            }
          }
        }
      }
      return result
    }
  }
}
