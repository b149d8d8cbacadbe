import COpenBLAS

/// The two precisions in which BLAS multiplies.
package protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// Unit roundoff: half the distance from 1 to the next number.
  static var roundoff: Double { get }

  /// C ← α·op(A)·op(B) + β·C, row-major, C of m × n and op(A) of m × k: one `gemm` on the calling thread.
  static func gemm(
    _ a: UnsafePointer<Self>, _ lda: Int, transposed ta: Bool, _ b: UnsafePointer<Self>, _ ldb: Int,
    transposed tb: Bool, into c: UnsafeMutablePointer<Self>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Self, beta: Self)
}

extension Double: BLASScalar {
  package static var roundoff: Double { 0x1p-53 }

  package static func gemm(
    _ a: UnsafePointer<Double>, _ lda: Int, transposed ta: Bool, _ b: UnsafePointer<Double>, _ ldb: Int,
    transposed tb: Bool, into c: UnsafeMutablePointer<Double>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Double,
    beta: Double
  ) {
    cblas_dgemm(
      Int32(CblasRowMajor), Int32(ta ? CblasTrans : CblasNoTrans), Int32(tb ? CblasTrans : CblasNoTrans), Int32(m),
      Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}

extension Float: BLASScalar {
  package static var roundoff: Double { 0x1p-24 }

  package static func gemm(
    _ a: UnsafePointer<Float>, _ lda: Int, transposed ta: Bool, _ b: UnsafePointer<Float>, _ ldb: Int,
    transposed tb: Bool, into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Float,
    beta: Float
  ) {
    cblas_sgemm(
      Int32(CblasRowMajor), Int32(ta ? CblasTrans : CblasNoTrans), Int32(tb ? CblasTrans : CblasNoTrans), Int32(m),
      Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}

/// Products inside one chunk of a parallel loop, in memory that the caller owns: one BLAS call each,
/// no allocation, no threads of their own.
package enum SerialProducts {
  /// C ← α·op(A)·op(B) + β·C for C of m × n, op(A) m × k.
  package static func multiply<S: BLASScalar>(
    _ a: UnsafePointer<S>, _ lda: Int, transposingFirst ta: Bool = false, _ b: UnsafePointer<S>, _ ldb: Int,
    transposed tb: Bool, into c: UnsafeMutablePointer<S>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: S = 1, beta: S = 0
  ) {
    guard m > 0, n > 0 else { return }
    Threads.keepBLASSerial()
    S.gemm(a, lda, transposed: ta, b, ldb, transposed: tb, into: c, ldc, m: m, n: n, k: k, alpha: alpha, beta: beta)
  }
}
