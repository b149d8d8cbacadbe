import COpenBLAS
import LinearAlgebra

/// Products inside one chunk of a parallel loop: one BLAS call, no threads of its own.
enum SerialProducts {
  /// C ← α·A·op(B) + β·C for C of m × n, A m × k.
  static func multiply(
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, transposed: Bool,
    into c: UnsafeMutablePointer<Double>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Double = 1, beta: Double = 0
  ) {
    Threads.keepBLASSerial()
    cblas_dgemm(
      Int32(CblasRowMajor), Int32(CblasNoTrans), Int32(transposed ? CblasTrans : CblasNoTrans), Int32(m), Int32(n),
      Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// Single precision of `multiply`.
  static func multiply(
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, transposed: Bool,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, m: Int, n: Int, k: Int, alpha: Float = 1, beta: Float = 0
  ) {
    Threads.keepBLASSerial()
    cblas_sgemm(
      Int32(CblasRowMajor), Int32(CblasNoTrans), Int32(transposed ? CblasTrans : CblasNoTrans), Int32(m), Int32(n),
      Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}
