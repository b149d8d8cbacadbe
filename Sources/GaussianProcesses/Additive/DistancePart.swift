import LinearAlgebra

/// A distance between rows: the sum of absolute differences of some columns, or of their running sums.
///
/// With running sums along a scale and the steps of the scale as factors it is the earth mover's
/// distance between two distributions on that scale, which on a line is the sum of absolute differences
/// of cumulative fractions.
public struct DistancePart: Sendable, Hashable, Codable {
  /// What the part is called in explanations.
  public let name: String
  /// In the order of the running sums.
  public let columns: [Int]
  /// One for each column.
  public let factors: [Double]
  /// Whether column k stands for the sum of the columns up to k.
  public let isCumulative: Bool

  /// - Precondition: a factor for each column.
  public init(name: String, columns: [Int], factors: [Double], isCumulative: Bool) {
    precondition(columns.count == factors.count, "a factor for each column")
    self.name = name
    self.columns = columns
    self.factors = factors
    self.isCumulative = isCumulative
  }

  /// Columns as they are.
  public init(name: String, columns: [Int]) {
    self.init(name: name, columns: columns, factors: columns.map { _ in 1 }, isCumulative: false)
  }

  /// Columns that hold shares of things with a place on a scale.
  ///
  /// - Parameters:
  ///   - name: what the part is called in explanations.
  ///   - columns: the positions of the shares, in any order.
  ///   - places: of each column on the scale.
  public init(name: String, shares columns: [Int], places: [Double]) {
    let order = columns.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    self.init(
      name: name, columns: order.map { columns[$0] },
      factors: order.indices.map { $0 + 1 < order.count ? places[order[$0 + 1]] - places[order[$0]] : 0 },
      isCumulative: true)
  }

  /// The rows in the space where the distance is the plain sum of absolute differences: m × columns.
  package func embed(_ features: Matrix) -> Matrix {
    var result = Matrix(rows: features.rows, columns: columns.count)
    for row in 0..<features.rows {
      var sum = 0.0
      for (k, column) in columns.enumerated() {
        let value = features[row, column]
        sum = isCumulative ? sum + value : value
        result[row, k] = factors[k] * sum
      }
    }
    return result
  }
}

extension Matrix {
  /// Σₖ |self[i, k] − other[j, k]| for all pairs, rows × other.rows. O(rows · other.rows · columns), on all threads.
  package func manhattanDistances(to other: Matrix) -> Matrix {
    let (m, n, d) = (rows, other.rows, columns)
    var result = Matrix(rows: m, columns: n)
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          nonisolated(unsafe) let (a, b) = (a, b)
          Threads.forEachChunk(of: m, chunkSize: 16) { chunk in
            for i in chunk {
              for j in 0..<n {
                var sum = 0.0
                for k in 0..<d { sum += abs(a[i * d + k] - b[j * d + k]) }
                out[i * n + j] = sum
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Without columns that are the same in every row of `self`: where those are.
  var varyingColumns: [Int] {
    (0..<columns).filter { column in (1..<max(1, rows)).contains { self[$0, column] != self[0, column] } }
  }
}
