import COpenBLAS
import Foundation

/// Why a Cholesky factorisation could not be made.
public enum CholeskyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The leading minor that ends at this row (counted from 0) is not positive.
  case notPositiveDefinite(pivot: Int)
  /// An element is NaN or infinite.
  case nonFinite(row: Int, column: Int)

  public var description: String {
    switch self {
    case .notPositiveDefinite(let pivot):
      "the matrix is not positive definite (pivot \(pivot)); add to its diagonal"
    case .nonFinite(let row, let column):
      "the matrix holds a value that is not finite at row \(row), column \(column)"
    }
  }
}

/// The factor L of a symmetric positive definite matrix, A = L·Lᵀ.
///
///     let factor = try Cholesky(of: a)
///     let x = factor.solve(b)               // A·x = b
///     let logDet = factor.logDeterminant    // log |A|
public struct Cholesky: Sendable {
  /// L in the lower triangle, row-major; the strict upper triangle is zero.
  public package(set) var lower: Matrix

  /// A factor that was computed before, such as one from a file; its upper triangle must be zero.
  package init(lower: Matrix) {
    precondition(lower.rows == lower.columns, "a Cholesky factor is square")
    self.lower = lower
  }

  /// The order of the matrix.
  public var count: Int { lower.rows }

  /// Factors a symmetric positive definite matrix; only the lower triangle is read.
  ///
  /// - Parameter a: n × n.
  /// - Throws: `CholeskyError.notPositiveDefinite(pivot:)`, the first pivot that failed, or
  ///   `.nonFinite` for a NaN or infinity in the lower triangle.
  /// - Complexity: n³/3 operations on all threads; no allocation beyond a copy-on-write of `a`.
  public init(of a: consuming Matrix) throws(CholeskyError) {
    precondition(a.rows == a.columns, "only a square matrix has a Cholesky factor")
    let n = a.rows
    var pivot: Int?
    var bad: (Int, Int)?
    a.elements.withUnsafeMutableBufferPointer { buffer in
      guard n > 0, let base = buffer.baseAddress else { return }
      for i in 0..<n {
        for j in 0...i where !base[i * n + j].isFinite {
          bad = (i, j)
          return
        }
      }
      pivot = Tiles.factor(base, n, n: n)
      for i in 0..<n { for j in (i + 1)..<max(n, i + 1) { base[i * n + j] = 0 } }
    }
    if let bad { throw .nonFinite(row: bad.0, column: bad.1) }
    if let pivot { throw .notPositiveDefinite(pivot: pivot) }
    lower = a
  }

  /// log |A| = 2·Σ log Lᵢᵢ. O(n).
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<count { sum += log(lower.elements[i * count + i]) }
    return 2 * sum
  }

  /// Solves A·x = b. O(n²).
  public func solve(_ b: [Double]) -> [Double] {
    solveUpper(solveLower(b))
  }

  /// Solves A·X = B for every column of B, n × m. O(n²·m), on all threads.
  public func solve(_ b: consuming Matrix) -> Matrix {
    triangularSolve(&b, transposed: false)
    triangularSolve(&b, transposed: true)
    return b
  }

  /// Solves L·x = b. O(n²).
  public func solveLower(_ b: consuming [Double]) -> [Double] {
    triangularSolve(&b, transposed: false)
    return b
  }

  /// Solves Lᵀ·x = b. O(n²).
  public func solveUpper(_ b: consuming [Double]) -> [Double] {
    triangularSolve(&b, transposed: true)
    return b
  }

  /// Solves L·X = B for every column of B, n × m. O(n²·m), on all threads.
  public func solveLower(_ b: consuming Matrix) -> Matrix {
    triangularSolve(&b, transposed: false)
    return b
  }

  /// L⁻¹, lower triangular, n × n. n³/3 operations, on all threads.
  public var inverseFactor: Matrix {
    var result = lower
    let n = count
    result.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      Tiles.invertTriangle(base, n, n: n)
    }
    return result
  }

  /// A⁻¹ = L⁻ᵀ·L⁻¹, both triangles filled. n³·2/3 operations, on all threads.
  public var inverse: Matrix {
    let n = count
    let factor = inverseFactor
    var result = Matrix(rows: n, columns: n)
    guard n > 0 else { return result }
    let size = n <= Tiles.base ? n : Tiles.rows
    let tiles = (n + size - 1) / size
    result.elements.withUnsafeMutableBufferPointer { target in
      factor.elements.withUnsafeBufferPointer { source in
        guard let c0 = target.baseAddress, let x0 = source.baseAddress else { return }
        nonisolated(unsafe) let (c, x) = (c0, x0)
        Threads.keepBLASSerial()
        Threads.forEachChunk(of: tiles, chunkSize: 1) { chunk in
          // Rows above the tile are zero in its columns of L⁻¹.
          let i = chunk.lowerBound * size
          let height = min(size, n - i)
          cblas_dgemm(
            Int32(CblasRowMajor), Int32(CblasTrans), Int32(CblasNoTrans), Int32(height), Int32(i + height),
            Int32(n - i), 1, x + i * n + i, Int32(n), x + i * n, Int32(n), 0, c + i * n, Int32(n))
        }
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  private func triangularSolve(_ b: inout [Double], transposed: Bool) {
    precondition(b.count == count, "a right-hand side of \(b.count) for an order of \(count)")
    guard count > 0 else { return }
    lower.elements.withUnsafeBufferPointer { l in
      b.withUnsafeMutableBufferPointer { x in
        Threads.keepBLASSerial()
        cblas_dtrsv(
          Int32(CblasRowMajor), Int32(CblasLower), Int32(transposed ? CblasTrans : CblasNoTrans),
          Int32(CblasNonUnit), Int32(count), l.baseAddress, Int32(count), x.baseAddress, 1)
      }
    }
  }

  private func triangularSolve(_ b: inout Matrix, transposed: Bool) {
    precondition(b.rows == count, "a right-hand side of \(b.rows) rows for an order of \(count)")
    let width = b.columns
    guard count > 0, width > 0 else { return }
    lower.elements.withUnsafeBufferPointer { l in
      b.elements.withUnsafeMutableBufferPointer { x in
        guard let l = l.baseAddress, let x = x.baseAddress else { return }
        Tiles.solveLeft(l, count, transposed: transposed, x, width, n: count, m: width)
      }
    }
  }
}
