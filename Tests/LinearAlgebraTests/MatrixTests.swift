import LinearAlgebra
import TestSupport
import Testing

@Suite struct MatrixTests {
  let a = Matrix([[1, 2, 3], [4, 5, 6]])

  @Test func productsOfKnownMatrices() {
    let b = Matrix([[1, 0], [2, -1], [0, 3]])
    #expect(a.multiplied(by: b) == Matrix([[5, 7], [14, 13]]))
    #expect(b.multiplied(by: a, transposingSelf: true, transposingOther: true) == Matrix([[5, 14], [7, 13]]))
    #expect(a.multiplied(by: a, transposingOther: true) == Matrix([[14, 32], [32, 77]]))
    #expect(a.multiplied(by: [1, 1, 2]) == [9, 21])
    #expect(a.multiplied(by: [1, 2], transposingSelf: true) == [9, 12, 15])
    #expect(a.gram == Matrix([[17, 22, 27], [22, 29, 36], [27, 36, 45]]))
  }

  @Test func selections() {
    #expect(a.row(1) == [4, 5, 6])
    #expect(a.column(2) == [3, 6])
    #expect(a.diagonal == [1, 5])
    #expect(a.transposed == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(a.selectingRows([1, 0, 1]) == Matrix([[4, 5, 6], [1, 2, 3], [4, 5, 6]]))
    #expect(a.selectingColumns([2, 0]) == Matrix([[3, 1], [6, 4]]))
    #expect(a.appendingColumns(Matrix([[7], [8]])) == Matrix([[1, 2, 3, 7], [4, 5, 6, 8]]))
    #expect(a.appendingRows(Matrix([[7, 8, 9]])) == Matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
  }

  @Test func emptyMatricesMultiply() {
    let none = Matrix(rows: 0, columns: 3)
    #expect(none.multiplied(by: a, transposingOther: true) == Matrix(rows: 0, columns: 2))
    #expect(Matrix(rows: 2, columns: 0).multiplied(by: Matrix(rows: 0, columns: 2)) == Matrix(rows: 2, columns: 2))
    #expect(none.gram == Matrix(rows: 3, columns: 3))
  }

  @Test func nonFiniteElementsAreFound() {
    #expect(a.firstNonFinite == nil)
    var b = a
    b[1, 1] = .infinity
    #expect(b.firstNonFinite?.row == 1 && b.firstNonFinite?.column == 1)
  }
}
