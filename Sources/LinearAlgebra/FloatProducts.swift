/// Products of single-precision matrices in memory that the caller owns: no allocation, one `sgemm` each.
///
/// All matrices are row-major without gaps.
public enum FloatProducts {
  /// y = x·w, or y += x·w: m × k times k × n.
  @inline(__always)
  public static func multiply(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, m: Int, k: Int, n: Int,
    adding: Bool = false
  ) {
    gemm(false, false, m, n, k, x, k, w, n, y, adding)
  }

  /// y = x·wᵀ, or y += x·wᵀ: m × k times the transpose of n × k.
  @inline(__always)
  public static func multiplyTransposed(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, m: Int, k: Int, n: Int,
    adding: Bool = false
  ) {
    gemm(false, true, m, n, k, x, k, w, k, y, adding)
  }

  /// y += xᵀ·z: the transpose of m × k times m × n.
  @inline(__always)
  public static func addTransposed(
    _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, m: Int, k: Int, n: Int
  ) {
    gemm(true, false, k, n, m, x, k, z, n, y, true)
  }

  @inline(__always)
  private static func gemm(
    _ ta: Bool, _ tb: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ lda: Int,
    _ b: UnsafePointer<Float>, _ ldb: Int, _ c: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    SerialProducts.multiply(
      a, lda, transposingFirst: ta, b, ldb, transposed: tb, into: c, n, m: m, n: n, k: k, beta: adding ? 1 : 0)
  }
}
