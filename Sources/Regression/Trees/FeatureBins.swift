import LinearAlgebra

/// Features cut into at most 255 bins each, the form that tree growers read.
///
/// A feature of at most 255 distinct values gets a bin for each, so that splits between bins are
/// all the splits there are. Otherwise bins hold about equally many rows, and equal values always
/// share a bin.
struct FeatureBins: Sendable {
  static let maximumCount = 255

  let rowCount: Int
  let featureCount: Int
  /// The bin of each row, feature after feature: feature j of row i at j·n + i.
  let bins: [UInt8]
  /// The number of bins of each feature; 1 for a constant one.
  let counts: [Int]
  /// The least and the greatest value in each bin, 255 places for each feature.
  let least: [Double]
  let greatest: [Double]

  /// - Parameter features: n × d, finite.
  /// - Complexity: O(d·n log n), in parallel over features.
  init(_ features: Matrix) {
    let (n, d) = (features.rows, features.columns)
    let width = Self.maximumCount
    rowCount = n
    featureCount = d
    var bins = [UInt8](repeating: 0, count: n * d)
    var counts = [Int](repeating: 1, count: d)
    var least = [Double](repeating: 0, count: width * d)
    var greatest = least
    bins.withUnsafeMutableBufferPointer { bins in
      counts.withUnsafeMutableBufferPointer { counts in
        least.withUnsafeMutableBufferPointer { least in
          greatest.withUnsafeMutableBufferPointer { greatest in
            nonisolated(unsafe) let (bins, counts, least, greatest) = (bins, counts, least, greatest)
            Threads.forEachChunk(of: d, chunkSize: 4) { chunk in
              for j in chunk {
                let column = features.column(j)
                let cut = Self.cut(column.sorted())
                counts[j] = cut.count
                for (b, range) in cut.enumerated() {
                  least[j * width + b] = range.lowerBound
                  greatest[j * width + b] = range.upperBound
                }
                for i in 0..<n {
                  bins[j * n + i] = UInt8(
                    Self.bin(of: column[i], upTo: greatest.baseAddress! + j * width, cut.count))
                }
              }
            }
          }
        }
      }
    }
    self.bins = bins
    self.counts = counts
    self.least = least
    self.greatest = greatest
  }

  /// Features with more than one bin.
  var splittable: [Int] { counts.indices.filter { counts[$0] > 1 } }

  /// A threshold t that keeps bin `bin` on the left: rows of it have x ≤ t, rows of the next x > t.
  func threshold(_ feature: Int, after bin: Int) -> Double {
    let low = greatest[feature * Self.maximumCount + bin]
    let high = least[feature * Self.maximumCount + bin + 1]
    let middle = low + (high - low) / 2
    return middle < high ? middle : low
  }

  /// The first bin whose greatest value is not below `value`.
  private static func bin(of value: Double, upTo greatest: UnsafePointer<Double>, _ count: Int) -> Int {
    var low = 0
    var high = count - 1
    while low < high {
      let middle = (low + high) / 2
      if greatest[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func cut(_ sorted: [Double]) -> [ClosedRange<Double>] {
    var runs: [(value: Double, count: Int)] = []
    for value in sorted {
      if let last = runs.last, last.value == value {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((value, 1))
      }
    }
    if runs.count <= maximumCount { return runs.map { $0.value...$0.value } }
    var ranges: [ClosedRange<Double>] = []
    var rows = sorted.count
    var start = 0
    while start < runs.count {
      let binsLeft = maximumCount - ranges.count
      // The share of the rows left keeps bins even after a run too long for one.
      let share = Double(rows) / Double(binsLeft)
      var end = start + 1
      var held = runs[start].count
      while end < runs.count, binsLeft > 1, Double(held) + Double(runs[end].count) / 2 <= share {
        held += runs[end].count
        end += 1
      }
      if binsLeft == 1 { end = runs.count }
      ranges.append(runs[start].value...runs[end - 1].value)
      rows -= held
      start = end
    }
    return ranges
  }
}
