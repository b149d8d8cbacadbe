/// A dense matrix of doubles, row-major in one contiguous buffer.
///
///     var a = Matrix(rows: 2, columns: 3)
///     a[0, 2] = 1
///     let column = a.column(2)          // [1, 0]
///     let product = a.multiplied(by: b) // BLAS-3
///
/// A matrix is a value: copies share storage until one of them is written to.
/// Shapes are preconditions, not errors: a mismatch is a programming mistake.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int

  /// The elements, row after row; `rows * columns` of them.
  public var elements: [Double]

  /// A matrix with every element equal to `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: value, count: rows * columns)
  }

  /// A matrix over `elements`, taken row by row.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix from rows of equal length; no rows give a 0 × 0 matrix.
  public init(_ rowValues: [[Double]]) {
    let width = rowValues.first?.count ?? 0
    precondition(rowValues.allSatisfy { $0.count == width }, "rows of unequal length")
    self.init(rows: rowValues.count, columns: width, elements: Array(rowValues.joined()))
  }

  /// The n × n identity.
  public static func identity(_ n: Int) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { result.elements[i * n + i] = 1 }
    return result
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// A copy of one row. O(columns).
  public func row(_ index: Int) -> [Double] {
    Array(elements[index * columns..<(index + 1) * columns])
  }

  /// A copy of one column. O(rows).
  public func column(_ index: Int) -> [Double] {
    precondition(index >= 0 && index < columns, "column \(index) of \(columns)")
    return (0..<rows).map { elements[$0 * columns + index] }
  }

  /// The rows at `indices`, in that order; an index may repeat. O(indices.count · columns).
  public func selectingRows(_ indices: some Collection<Int>) -> Matrix {
    var result: [Double] = []
    result.reserveCapacity(indices.count * columns)
    for i in indices { result.append(contentsOf: elements[i * columns..<(i + 1) * columns]) }
    return Matrix(rows: indices.count, columns: columns, elements: result)
  }

  /// The columns at `indices`, in that order. O(rows · indices.count).
  public func selectingColumns(_ indices: [Int]) -> Matrix {
    var result = Matrix(rows: rows, columns: indices.count)
    for i in 0..<rows {
      for (j, source) in indices.enumerated() {
        result.elements[i * indices.count + j] = elements[i * columns + source]
      }
    }
    return result
  }

  /// The same rows with the columns of `other` to their right.
  public func appendingColumns(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) rows beside \(other.rows)")
    var result: [Double] = []
    result.reserveCapacity(rows * (columns + other.columns))
    for i in 0..<rows {
      result.append(contentsOf: elements[i * columns..<(i + 1) * columns])
      result.append(contentsOf: other.elements[i * other.columns..<(i + 1) * other.columns])
    }
    return Matrix(rows: rows, columns: columns + other.columns, elements: result)
  }

  /// The same columns with the rows of `other` below.
  public func appendingRows(_ other: Matrix) -> Matrix {
    precondition(columns == other.columns, "\(columns) columns above \(other.columns)")
    return Matrix(rows: rows + other.rows, columns: columns, elements: elements + other.elements)
  }

  /// The transpose, as a new matrix. O(rows · columns).
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { result.elements[j * rows + i] = elements[i * columns + j] }
    }
    return result
  }

  /// The elements with equal row and column. O(min(rows, columns)).
  public var diagonal: [Double] {
    (0..<min(rows, columns)).map { elements[$0 * columns + $0] }
  }

  /// The position of the first element that is NaN or infinite, if any. O(rows · columns).
  public var firstNonFinite: (row: Int, column: Int)? {
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (index / columns, index % columns)
  }
}
