import LinearAlgebra
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
  @Test func knownDecomposition() throws {
    let eigen = try SymmetricEigen(of: Matrix([[2, 99], [1, 2]]))  // the upper triangle is not read
    expectClose(eigen.values, [1, 3])
    let v = eigen.vectors.row(1)
    #expect(isClose(abs(v[0]), 0.5.squareRoot()) && isClose(v[0], v[1]))
  }

  @Test(arguments: [1, 2, 5, 40])
  func vectorsRebuildTheMatrix(n: Int) throws {
    let a = CholeskyTests.positiveDefinite(n, seed: 11)
    let eigen = try SymmetricEigen(of: a)
    #expect(eigen.values == eigen.values.sorted())
    var scaled = eigen.vectors
    for i in 0..<n { for j in 0..<n { scaled[i, j] *= eigen.values[i] } }
    expectClose(
      eigen.vectors.multiplied(by: scaled, transposingSelf: true).elements, a.elements, relative: 1e-10,
      absolute: 1e-9)
  }

  @Test func infinityIsRefused() {
    #expect(throws: EigenError.self) { try SymmetricEigen(of: Matrix([[.infinity]])) }
  }
}
