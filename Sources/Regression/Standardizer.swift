import LinearAlgebra
import ModelFiles

/// Brings every feature to mean 0 and standard deviation 1, as measured on one set of rows.
///
/// A column that is constant there says nothing about the target: it becomes 0, also in rows
/// where it has another value, so that it is neutral in every model behind.
public struct Standardizer: Sendable, Equatable {
  /// d means.
  public let means: [Double]
  /// d population standard deviations (divisor n); 0 marks a constant column.
  public let deviations: [Double]

  public var featureCount: Int { means.count }

  /// The indices of the columns that vary.
  public var varyingColumns: [Int] { deviations.indices.filter { deviations[$0] > 0 } }

  /// Measures the columns of `features`, n × d with n > 0. O(n·d), two passes.
  public init(of features: Matrix) {
    precondition(features.rows > 0, "nothing to standardise")
    let n = features.rows
    let d = features.columns
    var means = [Double](repeating: 0, count: d)
    var squares = [Double](repeating: 0, count: d)
    var largest = [Double](repeating: 0, count: d)
    features.elements.withUnsafeBufferPointer { x in
      for i in 0..<n {
        for j in 0..<d { means[j] += x[i * d + j] }
      }
      for j in 0..<d { means[j] /= Double(n) }
      for i in 0..<n {
        for j in 0..<d {
          let value = x[i * d + j]
          squares[j] += (value - means[j]) * (value - means[j])
          largest[j] = max(largest[j], abs(value))
        }
      }
    }
    self.means = means
    deviations = (0..<d).map { j in
      let deviation = (squares[j] / Double(n)).squareRoot()
      // Rounding alone gives a constant column a deviation of some ulps of its value.
      return deviation > 1e-13 * largest[j] ? deviation : 0
    }
  }

  /// The mean and population standard deviation of numbers, 0 where rounding alone makes them differ.
  public static func moments(of values: [Double]) -> (mean: Double, deviation: Double) {
    let column = Standardizer(of: Matrix(rows: values.count, columns: 1, elements: values))
    return (column.means[0], column.deviations[0])
  }

  /// (x − mean)/deviation for each element, 0 in constant columns. O(m·d).
  ///
  /// - Parameter features: m × d.
  public func standardize(_ features: consuming Matrix) -> Matrix {
    let d = featureCount
    precondition(features.columns == d, "\(features.columns) columns for a standardizer of \(d)")
    let factors = deviations.map { $0 > 0 ? 1 / $0 : 0 }
    let rows = features.rows
    features.elements.withUnsafeMutableBufferPointer { x in
      for i in 0..<rows {
        for j in 0..<d { x[i * d + j] = (x[i * d + j] - means[j]) * factors[j] }
      }
    }
    return features
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("means", means)
    archive.set("deviations", deviations)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    means = try archive.doubles("means")
    deviations = try archive.doubles("deviations", shape: [means.count])
    guard means.allSatisfy(\.isFinite) else {
      throw .invalid("means", reason: "holds a value that is not finite")
    }
    guard deviations.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .invalid("deviations", reason: "holds a value that is no standard deviation")
    }
  }
}
