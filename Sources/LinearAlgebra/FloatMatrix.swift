import COpenBLAS

/// A dense matrix of single-precision numbers, row-major: half the memory of a `Matrix` and twice
/// its rate, where 7 digits are enough or are refined in double precision.
public struct FloatMatrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// The elements, row after row.
  public var elements: [Float]

  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
    self.rows = rows
    self.columns = columns
    elements = [Float](repeating: 0, count: rows * columns)
  }

  public init(rows: Int, columns: Int, elements: [Float]) {
    precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix rounded to single precision.
  public init(_ matrix: Matrix) {
    rows = matrix.rows
    columns = matrix.columns
    elements = matrix.elements.map(Float.init)
  }

  /// The same numbers in double precision.
  public var doubled: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map(Double.init)) }

  /// op(self)·op(other); see `Matrix.multiplied(by:transposingSelf:transposingOther:)`.
  public func multiplied(
    by other: FloatMatrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> FloatMatrix {
    let m = transposingSelf ? columns : rows
    let k = transposingSelf ? rows : columns
    let n = transposingOther ? other.rows : other.columns
    precondition(
      k == (transposingOther ? other.columns : other.rows),
      "cannot multiply \(rows) × \(columns) by \(other.rows) × \(other.columns)")
    var result = FloatMatrix(rows: m, columns: n)
    guard m > 0, n > 0, k > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          Tiles.multiply(
            a, columns, transposed: transposingSelf, b, other.columns, transposed: transposingOther, into: c, n,
            m: m, n: n, k: k)
        }
      }
    }
    return result
  }
}
