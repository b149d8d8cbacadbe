import COpenBLAS

/// Dense kernels on raw row-major storage, cut into tiles whose borders depend on sizes alone, so
/// that results are the same for any number of threads.
///
/// BLAS works serially inside a tile. Each routine writes disjoint tiles of its output.
enum Tiles {
  /// Products of fewer operations than this are one call: a thread costs more than it saves.
  static let serialWork = 1 << 21
  /// Rows and columns of an output tile.
  static let rows = 128
  static let columns = 512
  /// Orders up to this are factored by one LAPACK call.
  static let base = 128

  /// C ← α·op(A)·op(B) + β·C for C of m × n, op(A) m × k, op(B) k × n.
  static func multiply(
    _ a: UnsafePointer<Double>, _ lda: Int, transposed ta: Bool, _ b: UnsafePointer<Double>, _ ldb: Int,
    transposed tb: Bool, into c: UnsafeMutablePointer<Double>, _ ldc: Int, m: Int, n: Int, k: Int,
    alpha: Double = 1, beta: Double = 0
  ) {
    guard m > 0, n > 0 else { return }
    Threads.keepBLASSerial()
    nonisolated(unsafe) let (a, b, c) = (a, b, c)
    @Sendable func tile(_ i: Range<Int>, _ j: Range<Int>) {
      cblas_dgemm(
        Int32(CblasRowMajor), Int32(ta ? CblasTrans : CblasNoTrans), Int32(tb ? CblasTrans : CblasNoTrans),
        Int32(i.count), Int32(j.count), Int32(k), alpha, a + (ta ? i.lowerBound : i.lowerBound * lda), Int32(lda),
        b + (tb ? j.lowerBound * ldb : j.lowerBound), Int32(ldb), beta, c + i.lowerBound * ldc + j.lowerBound,
        Int32(ldc))
    }
    if m * n * max(k, 1) < serialWork { return tile(0..<m, 0..<n) }
    forEachTile(m, n, tile)
  }

  private static func forEachTile(_ m: Int, _ n: Int, _ tile: @Sendable (Range<Int>, Range<Int>) -> Void) {
    let across = (n + columns - 1) / columns
    let down = (m + rows - 1) / rows
    Threads.forEachChunk(of: across * down, chunkSize: 1) { chunk in
      let i = chunk.lowerBound / across * rows
      let j = chunk.lowerBound % across * columns
      tile(i..<min(m, i + rows), j..<min(n, j + columns))
    }
  }

  /// The lower triangle of C ← α·op(A)·op(A)ᵀ + β·C, C of n × n, op(A) n × k; tiles on the diagonal
  /// are written whole.
  static func multiplySymmetric(
    _ a: UnsafePointer<Double>, _ lda: Int, transposed: Bool, into c: UnsafeMutablePointer<Double>, _ ldc: Int,
    n: Int, k: Int, alpha: Double = 1, beta: Double = 0
  ) {
    guard n > 0 else { return }
    Threads.keepBLASSerial()
    nonisolated(unsafe) let (a, c) = (a, c)
    let size = n * n * max(k, 1) < serialWork ? n : rows
    let tiles = (n + size - 1) / size
    // The longest rows of tiles first, so that the last ones are short.
    Threads.forEachChunk(of: tiles, chunkSize: 1) { chunk in
      let i = (tiles - 1 - chunk.lowerBound) * size
      let height = min(size, n - i)
      let width = i + height
      cblas_dgemm(
        Int32(CblasRowMajor), Int32(transposed ? CblasTrans : CblasNoTrans),
        Int32(transposed ? CblasNoTrans : CblasTrans), Int32(height), Int32(width), Int32(k), alpha,
        a + (transposed ? i : i * lda), Int32(lda), a, Int32(lda), beta, c + i * ldc, Int32(ldc))
    }
  }

  /// Solves op(L)·X = B in place for B of n × m. Columns are independent, so they are split.
  static func solveLeft(
    _ l: UnsafePointer<Double>, _ ldl: Int, transposed: Bool, _ b: UnsafeMutablePointer<Double>, _ ldb: Int, n: Int,
    m: Int
  ) {
    guard n > 0, m > 0 else { return }
    Threads.keepBLASSerial()
    nonisolated(unsafe) let (l, b) = (l, b)
    Threads.forEachChunk(of: m, chunkSize: n * n * m < serialWork ? m : rows) { columns in
      cblas_dtrsm(
        Int32(CblasRowMajor), Int32(CblasLeft), Int32(CblasLower), Int32(transposed ? CblasTrans : CblasNoTrans),
        Int32(CblasNonUnit), Int32(n), Int32(columns.count), 1, l, Int32(ldl), b + columns.lowerBound, Int32(ldb))
    }
  }

  /// Solves X·Lᵀ = B in place for B of m × n. Rows are independent, so they are split.
  static func solveRight(
    _ l: UnsafePointer<Double>, _ ldl: Int, _ b: UnsafeMutablePointer<Double>, _ ldb: Int, n: Int, m: Int
  ) {
    guard n > 0, m > 0 else { return }
    Threads.keepBLASSerial()
    nonisolated(unsafe) let (l, b) = (l, b)
    Threads.forEachChunk(of: m, chunkSize: n * n * m < serialWork ? m : rows) { rows in
      cblas_dtrsm(
        Int32(CblasRowMajor), Int32(CblasRight), Int32(CblasLower), Int32(CblasTrans), Int32(CblasNonUnit),
        Int32(rows.count), Int32(n), 1, l, Int32(ldl), b + rows.lowerBound * ldb, Int32(ldb))
    }
  }

  /// Factors the lower triangle in place; the strict upper triangle is left as it is.
  ///
  /// Recursion in halves, so that nearly all operations are in large products.
  /// - Returns: the first pivot that is not positive, or nil.
  static func factor(_ a: UnsafeMutablePointer<Double>, _ lda: Int, n: Int) -> Int? {
    if n <= base {
      guard n > 0 else { return nil }
      var order = Int32(n)
      var leading = Int32(lda)
      var info: Int32 = 0
      Threads.keepBLASSerial()
      // Row-major lower is column-major upper.
      dpotrf_("U", &order, a, &leading, &info, 1)
      return info > 0 ? Int(info) - 1 : nil
    }
    let h = half(n)
    let below = a + h * lda
    if let pivot = factor(a, lda, n: h) { return pivot }
    solveRight(a, lda, below, lda, n: h, m: n - h)
    multiplySymmetric(below, lda, transposed: false, into: below + h, lda, n: n - h, k: h, alpha: -1, beta: 1)
    return factor(below + h, lda, n: n - h).map { $0 + h }
  }

  /// Inverts a lower triangle in place; the strict upper triangle is neither read nor written.
  static func invertTriangle(_ l: UnsafeMutablePointer<Double>, _ ldl: Int, n: Int) {
    guard n > 0 else { return }
    Threads.keepBLASSerial()
    if n <= base {
      var order = Int32(n)
      var leading = Int32(ldl)
      var info: Int32 = 0
      // The diagonal of a factor is positive, so dtrtri cannot fail.
      dtrtri_("U", "N", &order, l, &leading, &info, 1, 1)
      return
    }
    let h = half(n)
    nonisolated(unsafe) let below = l + h * ldl
    nonisolated(unsafe) let top = l
    // [L₁₁ 0; L₂₁ L₂₂]⁻¹ = [X₁₁ 0; −X₂₂·L₂₁·X₁₁ X₂₂]
    invertTriangle(l, ldl, n: h)
    invertTriangle(below + h, ldl, n: n - h)
    Threads.forEachChunk(of: n - h, chunkSize: rows) { chunk in
      cblas_dtrmm(
        Int32(CblasRowMajor), Int32(CblasRight), Int32(CblasLower), Int32(CblasNoTrans), Int32(CblasNonUnit),
        Int32(chunk.count), Int32(h), 1, top, Int32(ldl), below + chunk.lowerBound * ldl, Int32(ldl))
    }
    Threads.forEachChunk(of: h, chunkSize: rows) { chunk in
      cblas_dtrmm(
        Int32(CblasRowMajor), Int32(CblasLeft), Int32(CblasLower), Int32(CblasNoTrans), Int32(CblasNonUnit),
        Int32(n - h), Int32(chunk.count), -1, below + h, Int32(ldl), below + chunk.lowerBound, Int32(ldl))
    }
  }

  /// Half of an order, rounded to a multiple of 64 so that tiles stay aligned.
  private static func half(_ n: Int) -> Int { max(64, (n / 2 + 32) / 64 * 64) }
}
