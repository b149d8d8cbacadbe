import CVectorMath
import LinearAlgebra

/// Rows divided by lengthscales, with their squared norms: what every kernel of distances is
/// computed from, r² = |a|² + |b|² − 2·a·b.
///
/// Work is cut into chunks of rows that stay in the cache between the product and the profile.
struct ScaledRows: Sendable {
  /// n × d.
  let values: Matrix
  /// n squared norms.
  let norms: [Double]

  static let chunk = 64

  /// - Parameter lengthscales: one, or one for each column.
  init(_ x: Matrix, _ lengthscales: [Double]) {
    let d = x.columns
    precondition(lengthscales.count == 1 || lengthscales.count == d, "\(lengthscales.count) lengthscales for \(d) columns")
    let inverse = lengthscales.count == 1 ? [Double](repeating: 1 / lengthscales[0], count: d) : lengthscales.map { 1 / $0 }
    var scaled = x
    let n = x.rows
    scaled.elements.withUnsafeMutableBufferPointer { buffer in
      for i in 0..<n {
        for k in 0..<d { buffer[i * d + k] *= inverse[k] }
      }
    }
    self.init(scaled: scaled)
  }

  init(scaled: Matrix) {
    values = scaled
    let d = scaled.columns
    norms = scaled.elements.withUnsafeBufferPointer { a in
      (0..<scaled.rows).map { i in a.baseAddress.map { superionic_sum_of_squares($0 + i * d, d) } ?? 0 }
    }
  }

  var count: Int { values.rows }

  /// variance·f(r), count × other.count.
  func correlations(with other: ScaledRows, _ profile: StationaryKernel.Profile, variance: Double) -> Matrix {
    var result = values.multiplied(by: other.values, transposingOther: true)
    let m = other.count
    guard count > 0, m > 0 else { return result }
    if values.columns == 0 { return Matrix(rows: count, columns: m, repeating: variance) }
    result.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let c = base
      Threads.forEachChunk(of: count, chunkSize: Self.chunk, limit: count * m < 1 << 14 ? 1 : Threads.limit) { rows in
        other.norms.withUnsafeBufferPointer { b in
          for i in rows { superionic_correlate(profile.code, c + i * m, m, norms[i], b.baseAddress, variance) }
        }
      }
    }
    return result
  }

  /// variance·f(r) of the rows with each other, count × count; the diagonal is exact.
  func symmetricCorrelations(_ profile: StationaryKernel.Profile, variance: Double) -> Matrix {
    let n = count
    var result = Matrix(rows: n, columns: n)
    forEachLowerRow(into: &result) { i, row in
      norms.withUnsafeBufferPointer { b in
        superionic_correlate(profile.code, row, i + 1, norms[i], b.baseAddress, variance)
      }
      row[i] = variance
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// Computes inner products of the rows into the lower triangle and hands over each row of it, on
  /// all threads.
  func forEachLowerRow(
    into result: inout Matrix, _ body: @Sendable (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let n = count
    let d = values.columns
    result.elements.withUnsafeMutableBufferPointer { buffer in
      values.elements.withUnsafeBufferPointer { source in
        guard let base = buffer.baseAddress else { return }
        nonisolated(unsafe) let c = base
        nonisolated(unsafe) let a = source.baseAddress
        let chunks = (n + Self.chunk - 1) / Self.chunk
        Threads.forEachChunk(of: chunks, chunkSize: 1, limit: n < 128 ? 1 : Threads.limit) { index in
          // The longest rows first, so that the last chunks are short.
          let start = (chunks - 1 - index.lowerBound) * Self.chunk
          let rows = start..<min(n, start + Self.chunk)
          if let a, d > 0 {
            SerialProducts.multiply(
              a + start * d, d, a, d, transposed: true, into: c + start * n, n, m: rows.count, n: rows.upperBound,
              k: d)
          }
          for i in rows { body(i, c + i * n) }
        }
      }
    }
  }

  /// H = weights·slope, slope = −2·∂k/∂r², both triangles, and Σᵢⱼ Hᵢⱼ·r²ᵢⱼ.
  func weightedSlopes(
    _ weights: Matrix, _ profile: StationaryKernel.Profile, variance: Double
  ) -> (h: Matrix, isotropic: Double) {
    let n = count
    var h = Matrix(rows: n, columns: n)
    var sums = [Double](repeating: 0, count: n)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      weights.elements.withUnsafeBufferPointer { w in
        nonisolated(unsafe) let w = w
        forEachLowerRow(into: &h) { i, row in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * (i + 1)) { scratch in
            guard let slopes = scratch.baseAddress else { return }
            let squares = slopes + (i + 1)
            norms.withUnsafeBufferPointer { b in
              superionic_slopes(profile.code, row, slopes, squares, i + 1, norms[i], b.baseAddress, variance)
            }
            var sum = 0.0
            for j in 0..<i {
              let value = w[i * n + j] * slopes[j]
              row[j] = value
              sum += value * squares[j]
            }
            row[i] = 0
            sums[i] = 2 * sum
          }
        }
      }
    }
    h.mirrorLowerTriangle()
    return (h, sums.reduce(0, +))
  }

  /// Σᵢⱼ Hᵢⱼ(aᵢₖ − aⱼₖ)² for every column k; H symmetric.
  func squaredDifferences(weightedBy h: Matrix) -> [Double] {
    let n = count
    let d = values.columns
    let product = h.multiplied(by: values)
    let rowSums = h.multiplied(by: [Double](repeating: 1, count: n))
    var result = [Double](repeating: 0, count: d)
    result.withUnsafeMutableBufferPointer { result in
      values.elements.withUnsafeBufferPointer { a in
        product.elements.withUnsafeBufferPointer { p in
          for i in 0..<n {
            for k in i * d..<(i + 1) * d { result[k - i * d] += 2 * a[k] * (a[k] * rowSums[i] - p[k]) }
          }
        }
      }
    }
    return result
  }

  /// The slopes of a single row with those of `other`; see `weightedSlopes`.
  func slopes(with other: ScaledRows, _ profile: StationaryKernel.Profile, variance: Double) -> [Double] {
    let dots = other.values.multiplied(by: values.row(0))
    var slopes = [Double](repeating: 0, count: other.count)
    var squares = slopes
    superionic_slopes(profile.code, dots, &slopes, &squares, other.count, norms[0], other.norms, variance)
    return slopes
  }
}
