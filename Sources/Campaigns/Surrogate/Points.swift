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
  /// - Complexity: O(count·other.count·width), four rows at a time.
  public func distances(to other: Points) -> Matrix {
    precondition(other.width == width, "points of another space")
    var result = Matrix(rows: count, columns: other.count)
    let (n, m, w) = (count, other.count, width)
    result.elements.withUnsafeMutableBufferPointer { out in
      values.withUnsafeBufferPointer { a in
        other.values.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          for i in 0..<n {
            let row = UnsafeRawPointer(a + i * w)
            var j = 0
            while j < m {
              // Four sums at once hide the latency of the additions; past the end a row is repeated.
              let (p0, p1) = (UnsafeRawPointer(b + j * w), UnsafeRawPointer(b + min(j + 1, m - 1) * w))
              let (p2, p3) = (
                UnsafeRawPointer(b + min(j + 2, m - 1) * w), UnsafeRawPointer(b + min(j + 3, m - 1) * w)
              )
              var (s0, s1, s2, s3) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
              var k = 0
              while k < 4 * w {
                let x = row.loadUnaligned(fromByteOffset: k, as: SIMD8<Float>.self)
                s0 += Self.magnitude(x - p0.loadUnaligned(fromByteOffset: k, as: SIMD8<Float>.self))
                s1 += Self.magnitude(x - p1.loadUnaligned(fromByteOffset: k, as: SIMD8<Float>.self))
                s2 += Self.magnitude(x - p2.loadUnaligned(fromByteOffset: k, as: SIMD8<Float>.self))
                s3 += Self.magnitude(x - p3.loadUnaligned(fromByteOffset: k, as: SIMD8<Float>.self))
                k += 32
              }
              let target = i * m + j
              out[target] = Double(s0.sum())
              if j + 1 < m { out[target + 1] = Double(s1.sum()) }
              if j + 2 < m { out[target + 2] = Double(s2.sum()) }
              if j + 3 < m { out[target + 3] = Double(s3.sum()) }
              j += 4
            }
          }
        }
      }
    }
    return result
  }

  @inline(__always) private static func magnitude(_ x: SIMD8<Float>) -> SIMD8<Float> {
    unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0x7FFF_FFFF), to: SIMD8<Float>.self)
  }
}
