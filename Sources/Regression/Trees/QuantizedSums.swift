/// Sums of a number and of rows, both held in one 64-bit integer.
///
/// Each row is (q << shift) + 1 for its number quantised to an integer q, so that one addition
/// adds number and row. Integer sums are exact: histograms subtract exactly and do not depend on
/// the order of rows or the number of threads. With n rows, `shift` bits hold the count and q has
/// 62 − 2·shift bits: 30 for 60,000 rows.
struct QuantizedSums: Sendable {
  let shift: Int64
  /// What one unit of q is worth.
  let unit: Double
  private let inverse: Double

  /// - Parameter largest: an upper bound of |number|.
  init(rowCount: Int, largest: Double) {
    shift = Int64(Int.bitWidth - rowCount.leadingZeroBitCount)
    let range = Double(Int64(1) << (62 - 2 * shift)) - 1
    unit = largest > 0 ? largest / range : 1
    inverse = 1 / unit
  }

  @inline(__always)
  func pack(_ number: Double) -> Int64 {
    (Int64((number * inverse).rounded()) << shift) &+ 1
  }

  @inline(__always)
  func rows(_ sum: Int64) -> Int { Int(sum & ((1 << shift) - 1)) }

  /// The sum of q, in units of `unit`.
  @inline(__always)
  func total(_ sum: Int64) -> Double { Double(sum >> shift) }
}
