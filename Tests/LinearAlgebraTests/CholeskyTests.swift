import LinearAlgebra
import TestSupport
import Testing

@Suite struct CholeskyTests {
  /// A symmetric positive definite matrix: G·Gᵀ + I for a random G.
  static func positiveDefinite(_ n: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let g = Matrix(rows: n, columns: n, elements: (0..<n * n).map { _ in generator.normal() })
    var a = g.multiplied(by: g, transposingOther: true)
    for i in 0..<n { a[i, i] += 1 }
    return a
  }

  @Test func factorOfAKnownMatrix() throws {
    let factor = try Cholesky(of: Matrix([[4, 2], [2, 10]]))
    expectClose(factor.lower.elements, [2, 0, 1, 3])
    #expect(isClose(factor.logDeterminant, 3.58351893845611))  // log 36
  }

  @Test(arguments: [1, 2, 3, 17, 64])
  func factorTimesItsTransposeIsTheMatrix(n: Int) throws {
    let a = Self.positiveDefinite(n, seed: UInt64(n))
    let l = try Cholesky(of: a).lower
    expectClose(l.multiplied(by: l, transposingOther: true).elements, a.elements, relative: 1e-12)
  }

  @Test(arguments: [1, 2, 17])
  func solvesAndInverse(n: Int) throws {
    let a = Self.positiveDefinite(n, seed: 7)
    let factor = try Cholesky(of: a)
    let b = (0..<n).map { Double($0) - 1.5 }
    expectClose(a.multiplied(by: factor.solve(b)), b, relative: 1e-10, absolute: 1e-10)
    expectClose(
      a.multiplied(by: factor.inverse).elements, Matrix.identity(n).elements, absolute: 1e-10)
    expectClose(
      factor.solve(Matrix(rows: n, columns: 1, elements: b)).elements, factor.solve(b),
      relative: 1e-12)
  }

  @Test func onlyTheLowerTriangleIsRead() throws {
    let factor = try Cholesky(of: Matrix([[4, .nan], [2, 10]]))
    expectClose(factor.lower.elements, [2, 0, 1, 3])
  }

  @Test func failuresNameTheirPlace() {
    #expect(throws: CholeskyError.notPositiveDefinite(pivot: 1)) {
      try Cholesky(of: Matrix([[1, 0], [2, 1]]))
    }
    #expect(throws: CholeskyError.nonFinite(row: 1, column: 0)) {
      try Cholesky(of: Matrix([[1, 0], [.nan, 1]]))
    }
  }
}
