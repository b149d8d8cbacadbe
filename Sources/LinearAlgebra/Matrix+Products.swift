import COpenBLAS

extension Matrix {
  /// The matrix product, with either factor optionally transposed.
  ///
  /// - Parameters:
  ///   - other: the right factor, op(other) being n × k: n × k itself, or k × n when
  ///     `transposingOther`.
  ///   - transposingSelf: whether op(self), m × n, is the transpose of this matrix.
  ///   - transposingOther: whether op(other) is the transpose of `other`.
  /// - Returns: op(self) · op(other).
  /// - Complexity: 2·m·n·k operations in tiles of `dgemm`, on all threads.
  public func multiplied(
    by other: Matrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> Matrix {
    let m = transposingSelf ? columns : rows
    let k = transposingSelf ? rows : columns
    let n = transposingOther ? other.rows : other.columns
    precondition(
      k == (transposingOther ? other.columns : other.rows),
      "cannot multiply \(rows) × \(columns) by \(other.rows) × \(other.columns)")
    var result = Matrix(rows: m, columns: n)
    guard m > 0, n > 0, k > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          Tiles.multiply(
            a, columns, transposed: transposingSelf, b, other.columns, transposed: transposingOther, into: c, n,
            m: m, n: n, k: k)
        }
      }
    }
    return result
  }

  /// The product with a column vector, optionally of the transpose.
  ///
  /// - Complexity: one `dgemv`, 2·rows·columns operations.
  public func multiplied(by vector: [Double], transposingSelf: Bool = false) -> [Double] {
    precondition(
      vector.count == (transposingSelf ? rows : columns),
      "cannot multiply \(rows) × \(columns) by a vector of \(vector.count)")
    var result = [Double](repeating: 0, count: transposingSelf ? columns : rows)
    guard rows > 0, columns > 0 else { return result }
    result.withUnsafeMutableBufferPointer { y in
      elements.withUnsafeBufferPointer { a in
        vector.withUnsafeBufferPointer { x in
          Threads.keepBLASSerial()
          cblas_dgemv(
            Int32(CblasRowMajor), Int32(transposingSelf ? CblasTrans : CblasNoTrans), Int32(rows),
            Int32(columns), 1, a.baseAddress, Int32(columns), x.baseAddress, 1, 0, y.baseAddress, 1)
        }
      }
    }
    return result
  }

  /// selfᵀ·self, n × n for m × n, both triangles filled.
  ///
  /// - Complexity: m·n² operations in tiles of `dgemm`, on all threads.
  public var gram: Matrix {
    var result = Matrix(rows: columns, columns: columns)
    guard rows > 0, columns > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let c = c.baseAddress else { return }
        Tiles.multiplySymmetric(a, columns, transposed: true, into: c, columns, n: columns, k: rows)
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// self·selfᵀ, m × m for m × n, both triangles filled.
  ///
  /// - Complexity: m²·n operations in tiles of `dgemm`, on all threads.
  public var rowGram: Matrix {
    var result = Matrix(rows: rows, columns: rows)
    guard rows > 0, columns > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let c = c.baseAddress else { return }
        Tiles.multiplySymmetric(a, columns, transposed: false, into: c, rows, n: rows, k: columns)
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// Copies the lower triangle onto the upper one. O(n²).
  public mutating func mirrorLowerTriangle() {
    precondition(rows == columns, "only a square matrix has two triangles")
    let n = rows
    // Blocks that fit the cache, as one of the two sides is read across rows.
    let block = 64
    elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let a = buffer
      Threads.forEachChunk(of: n, chunkSize: block, limit: n < 512 ? 1 : Threads.limit) { rows in
        for start in stride(from: 0, to: rows.upperBound, by: block) {
          for i in rows {
            for j in start..<min(start + block, i) where j < i { a[j * n + i] = a[i * n + j] }
          }
        }
      }
    }
  }
}

/// The inner product of two vectors of equal length.
public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "vectors of \(x.count) and \(y.count)")
  Threads.keepBLASSerial()
  return x.withUnsafeBufferPointer { a in
    y.withUnsafeBufferPointer { b in cblas_ddot(Int32(a.count), a.baseAddress, 1, b.baseAddress, 1) }
  }
}
