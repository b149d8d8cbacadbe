import LinearAlgebra

extension Cholesky {
  /// The factor after one more row and column, or nil when it would not be positive definite. O(n²).
  func appended(column: [Double], diagonal: Double) -> Cholesky? {
    let n = count
    let row = n == 0 ? [] : solveLower(column)
    let rest = diagonal - dot(row, row)
    guard rest > 1e-12 * diagonal else { return nil }
    var grown = Matrix(rows: n + 1, columns: n + 1)
    for i in 0..<n { for j in 0...i { grown[i, j] = lower[i, j] } }
    for j in 0..<n { grown[n, j] = row[j] }
    grown[n, n] = rest.squareRoot()
    return Cholesky(lower: grown)
  }
}
