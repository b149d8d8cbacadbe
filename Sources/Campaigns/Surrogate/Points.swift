import CVectorMath
import LinearAlgebra

/// Points of a space in which distances are sums of absolute differences, row by row in single precision.
public struct Points: Sendable, Equatable {
  /// Columns of a row, a multiple of eight; those beyond the real ones are zero.
  public let width: Int
  public private(set) var values: [Float]

  public var count: Int { width == 0 ? 0 : values.count / width }

  public init(width: Int, values: [Float] = []) {
    precondition(width > 0 && width % 8 == 0 && values.count % width == 0, "rows of \(width) among \(values.count)")
    self.width = width
    self.values = values
  }

  /// The rows at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Points {
    var result: [Float] = []
    result.reserveCapacity(indices.count * width)
    for i in indices { result.append(contentsOf: values[i * width..<(i + 1) * width]) }
    return Points(width: width, values: result)
  }

  public mutating func append(_ other: Points) {
    precondition(other.width == width, "rows of \(other.width) after rows of \(width)")
    values.append(contentsOf: other.values)
  }

  public mutating func removeLast() { values.removeLast(width) }

  /// Distances to other points, count × other.count.
  ///
  /// - Complexity: O(count·other.count·width).
  public func distances(to other: Points) -> Matrix {
    precondition(other.width == width, "points of another space")
    var result = Matrix(rows: count, columns: other.count)
    let (n, m, w) = (count, other.count, width)
    result.elements.withUnsafeMutableBufferPointer { out in
      values.withUnsafeBufferPointer { a in
        other.values.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let out = out.baseAddress else { return }
          for i in 0..<n { superionic_manhattan(a + i * w, b, m, w, out + i * m) }
        }
      }
    }
    return result
  }
}
