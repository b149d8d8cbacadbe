import COpenBLAS

/// Products of single-precision rows, twice as fast as in double precision.
package enum SinglePrecision {
  /// Unit roundoff, 2⁻²⁴.
  package static let roundoff = 0x1p-24

  /// Writes a·bᵀ into `out`, m × n, for a of m × k and b of n × k, all row-major. One `sgemm` on the
  /// calling thread.
  package static func multiplyTransposed(
    _ a: UnsafePointer<Float>, rows m: Int, _ b: UnsafePointer<Float>, rows n: Int, width k: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    guard m > 0, n > 0, k > 0 else { return }
    Threads.keepBLASSerial()
    cblas_sgemm(
      Int32(CblasRowMajor), Int32(CblasNoTrans), Int32(CblasTrans), Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
      Int32(k), 0, out, Int32(n))
  }
}
