import LinearAlgebra
import TestSupport
import Testing

/// Sizes beyond one tile, against plain loops or against the definition.
@Suite struct TilesTests {
  private static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in generator.normal() })
  }

  private static func positive(_ n: Int) -> Matrix {
    var a = random(n, n + 5, seed: 3).rowGram
    for i in 0..<n { a[i, i] += 1 }
    return a
  }

  @Test(arguments: [(150, 700, 90), (301, 33, 517), (600, 1100, 7)])
  func productsEqualPlainSums(m: Int, n: Int, k: Int) {
    let a = Self.random(m, k, seed: 1)
    let b = Self.random(k, n, seed: 2)
    let c = a.multiplied(by: b)
    for (i, j) in [(0, 0), (m - 1, n - 1), (m / 2, n / 3), (m - 1, 0), (129, 31)] {
      #expect(isClose(c[i, j], dot(a.row(i), b.column(j)), relative: 1e-10, absolute: 1e-11))
    }
    expectClose(a.transposed.multiplied(by: b, transposingSelf: true).elements, c.elements, absolute: 1e-10)
    expectClose(a.multiplied(by: b.transposed, transposingOther: true).elements, c.elements, absolute: 1e-10)
    var single = [Float](repeating: 0, count: m * n)
    SerialProducts.multiply(
      a.elements.map(Float.init), k, b.elements.map(Float.init), n, transposed: false, into: &single, n, m: m, n: n, k: k)
    expectClose(single.map(Double.init), c.elements, relative: 0, absolute: 1e-3)
    expectClose(a.gram.elements, a.multiplied(by: a, transposingSelf: true).elements, absolute: 1e-10)
    expectClose(a.rowGram.elements, a.multiplied(by: a, transposingOther: true).elements, absolute: 1e-10)
  }

  @Test(arguments: [1, 63, 128, 129, 300, 517])
  func factorInverseAndSolveReproduceTheMatrix(n: Int) throws {
    let a = Self.positive(n)
    let factor = try Cholesky(of: a)
    let size = Double(n)
    expectClose(factor.lower.rowGram.elements, a.elements, relative: 0, absolute: 1e-11 * size)
    let identity = Matrix.identity(n).elements
    expectClose(factor.inverse.multiplied(by: a).elements, identity, relative: 0, absolute: 1e-8)
    expectClose(factor.inverseFactor.multiplied(by: factor.lower).elements, identity, relative: 0, absolute: 1e-9)
    let b = Self.random(n, 261, seed: 9)
    expectClose(a.multiplied(by: factor.solve(b)).elements, b.elements, relative: 0, absolute: 1e-9 * size)
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let before = Threads.limit
    defer { Threads.limit = before }
    func everything() throws -> [[Double]] {
      let a = Self.positive(420)
      let factor = try Cholesky(of: a)
      return [a.elements, factor.lower.elements, factor.inverse.elements, factor.solve(a).elements]
    }
    Threads.limit = 1
    let one = try everything()
    for threads in [2, 5] {
      Threads.limit = threads
      #expect(try everything() == one)
    }
  }

  @Test func theFailedPivotIsNamedAcrossBlocks() {
    var a = Self.positive(300)
    a[217, 217] = -1
    #expect(throws: CholeskyError.notPositiveDefinite(pivot: 217)) { try Cholesky(of: a) }
  }

  @Test func updatedFactorIsThatOfTheUpdatedMatrix() throws {
    let a = Self.positive(70)
    let v = Self.random(70, 1, seed: 4).elements
    var changed = a
    for i in 0..<70 { for j in 0..<70 { changed[i, j] += v[i] * v[j] } }
    expectClose(
      try Cholesky(of: a).updated(with: v).lower.elements, try Cholesky(of: changed).lower.elements, relative: 1e-9,
      absolute: 1e-10)
  }
}
