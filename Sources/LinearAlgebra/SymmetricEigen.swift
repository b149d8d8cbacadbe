import COpenBLAS

/// The iteration of LAPACK's `dsyevd` did not converge.
public struct EigenError: Error, Equatable, Sendable {}

/// The eigendecomposition of a real symmetric matrix, A = V·diag(λ)·Vᵀ.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Double]
  /// The eigenvectors, one in each row, in the order of `values`.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix; only the lower triangle is read.
  ///
  /// - Throws: `EigenError` when the iteration does not converge, as with NaN input.
  /// - Complexity: O(n³), one `dsyevd`.
  public init(of a: consuming Matrix) throws(EigenError) {
    precondition(a.rows == a.columns, "only a square matrix is symmetric")
    let n = a.rows
    var eigenvalues = [Double](repeating: 0, count: n)
    var info: Int32 = 0
    if a.elements.contains(where: { !$0.isFinite }) { throw EigenError() }
    if n > 0 {
      Threads.keepBLASSerial()
      a.elements.withUnsafeMutableBufferPointer { buffer in
        var order = Int32(n)
        var leading = Int32(n)
        var workSize = Int32(-1)
        var integerWorkSize = Int32(-1)
        var workQuery = 0.0
        var integerQuery: Int32 = 0
        dsyevd_(
          "V", "U", &order, buffer.baseAddress, &leading, &eigenvalues, &workQuery, &workSize,
          &integerQuery, &integerWorkSize, &info, 1, 1)
        workSize = Int32(workQuery)
        integerWorkSize = integerQuery
        var work = [Double](repeating: 0, count: Int(workSize))
        var integerWork = [Int32](repeating: 0, count: Int(integerWorkSize))
        dsyevd_(
          "V", "U", &order, buffer.baseAddress, &leading, &eigenvalues, &work, &workSize,
          &integerWork, &integerWorkSize, &info, 1, 1)
      }
    }
    if info != 0 { throw EigenError() }
    values = eigenvalues
    // Column-major columns are row-major rows.
    vectors = a
  }
}
