import LinearAlgebra

/// Grows small trees leaf by leaf: always the split that removes most error, wherever it is.
///
/// A leaf keeps a histogram of pulls by bin for each feature. Of two children only the smaller is
/// counted; the other is the difference to the parent. One grower serves one boosting run, one
/// tree after another, and holds the storage.
final class BoostedTreeGrower {
  struct Settings: Sendable {
    var leafCount: Int
    var minimumLeaf: Int
    var l2: Double
    var threads: Int
  }

  struct Leaf {
    var node: Int
    var start: Int
    var end: Int
    fileprivate var histogram: Int
    fileprivate var sum: Int64
    fileprivate var split: Split
  }

  fileprivate struct Split {
    var gain = 0.0
    var feature = -1
    var bin = 0
    var left: Int64 = 0
  }

  private let bins: FeatureBins
  private let settings: Settings
  private static let width = FeatureBins.maximumCount
  private var histograms: UnsafeMutableBufferPointer<Int64>
  /// The best splits of the two children by feature.
  private var splits: UnsafeMutableBufferPointer<Split>
  private var numbers: [Int64] = []
  private var rowsAside: [Int32] = []
  private var numbersAside: [Int64] = []

  /// The rows of the last tree: those of each leaf stand together.
  private(set) var rows: [Int32] = []
  /// The leaves of the last tree.
  private(set) var leaves: [Leaf] = []

  init(bins: FeatureBins, featuresPerTree: Int, settings: Settings) {
    self.bins = bins
    self.settings = settings
    histograms = .allocate(capacity: settings.leafCount * featuresPerTree * Self.width)
    histograms.initialize(repeating: 0)
    splits = .allocate(capacity: 2 * featuresPerTree)
    splits.initialize(repeating: Split())
  }

  deinit {
    histograms.deallocate()
    splits.deallocate()
  }

  /// Grows a tree; its nodes carry thresholds, its leaves no values yet.
  ///
  /// - Parameters:
  ///   - sample: the rows to learn from.
  ///   - packed: the pull of every row, packed by `sums`.
  ///   - features: those that may split.
  func grow(sample: [Int32], packed: [Int64], sums: QuantizedSums, features: [Int]) -> GrownTree {
    var tree = GrownTree()
    tree.add()
    rows = sample
    numbers = sample.map { packed[Int($0)] }
    if rowsAside.count < sample.count {
      rowsAside = [Int32](repeating: 0, count: sample.count)
      numbersAside = [Int64](repeating: 0, count: sample.count)
    }
    var total: Int64 = 0
    for number in numbers { total &+= number }
    leaves = [
      Leaf(node: 0, start: 0, end: sample.count, histogram: 0, sum: total, split: Split())
    ]
    study(0, sibling: nil, features: features, sums: sums)
    while leaves.count < settings.leafCount {
      var chosen = 0
      for i in leaves.indices where leaves[i].split.gain > leaves[chosen].split.gain { chosen = i }
      let parent = leaves[chosen]
      guard parent.split.feature >= 0 else { break }
      let middle = partition(parent)
      let split = parent.split
      let child = tree.split(
        parent.node, feature: split.feature,
        threshold: bins.threshold(split.feature, after: split.bin))
      leaves[chosen] = Leaf(
        node: child, start: parent.start, end: middle, histogram: parent.histogram, sum: split.left,
        split: Split())
      leaves.append(
        Leaf(
          node: child + 1, start: middle, end: parent.end, histogram: leaves.count,
          sum: parent.sum &- split.left, split: Split()))
      let other = leaves.count - 1
      // The larger child inherits the parent's histogram, to subtract the smaller one's from.
      if leaves[chosen].end - leaves[chosen].start <= leaves[other].end - leaves[other].start {
        (leaves[chosen].histogram, leaves[other].histogram) =
          (leaves[other].histogram, leaves[chosen].histogram)
        study(chosen, sibling: other, features: features, sums: sums)
      } else {
        study(other, sibling: chosen, features: features, sums: sums)
      }
    }
    return tree
  }

  private func partition(_ leaf: Leaf) -> Int {
    let n = bins.rowCount
    let bin = UInt8(leaf.split.bin)
    let feature = leaf.split.feature
    return bins.bins.withUnsafeBufferPointer { all in
      rows.withUnsafeMutableBufferPointer { rows in
        numbers.withUnsafeMutableBufferPointer { numbers in
          rowsAside.withUnsafeMutableBufferPointer { rowsAside in
            numbersAside.withUnsafeMutableBufferPointer { numbersAside in
              let column = all.baseAddress! + feature * n
              var left = leaf.start
              var aside = 0
              for i in leaf.start..<leaf.end {
                let (row, number) = (rows[i], numbers[i])
                if column[Int(row)] <= bin {
                  rows[left] = row
                  numbers[left] = number
                  left += 1
                } else {
                  rowsAside[aside] = row
                  numbersAside[aside] = number
                  aside += 1
                }
              }
              for k in 0..<aside {
                rows[left + k] = rowsAside[k]
                numbers[left + k] = numbersAside[k]
              }
              return left
            }
          }
        }
      }
    }
  }

  /// Counts the histograms of a leaf, subtracts them from those its sibling has from the parent,
  /// and finds the best split of each.
  private func study(_ index: Int, sibling: Int?, features: [Int], sums: QuantizedSums) {
    let leaf = leaves[index]
    let other = sibling.map { leaves[$0] }
    let count = leaf.end - leaf.start
    let least = 2 * settings.minimumLeaf
    // Leaves too small to split need no histogram, unless the sibling subtracts it.
    let otherSplits = other.map { $0.end - $0.start >= least } ?? false
    guard count >= least || otherSplits else { return }
    let n = bins.rowCount
    let width = Self.width
    let slots = features.count
    nonisolated(unsafe) let histograms = histograms
    nonisolated(unsafe) let splits = splits
    let (settings, bins) = (settings, bins)
    rows.withUnsafeBufferPointer { rows in
      numbers.withUnsafeBufferPointer { numbers in
        bins.bins.withUnsafeBufferPointer { all in
          nonisolated(unsafe) let rows = UnsafeBufferPointer(rebasing: rows[leaf.start..<leaf.end])
          nonisolated(unsafe) let numbers = UnsafeBufferPointer(
            rebasing: numbers[leaf.start..<leaf.end])
          nonisolated(unsafe) let all = all
          // Below this much work, starting threads costs more than they bring.
          let threads = count * slots > 200_000 ? settings.threads : 1
          Threads.forEachChunk(of: slots, chunkSize: 8, limit: threads) { chunk in
            for slot in chunk {
              let feature = features[slot]
              let binCount = bins.counts[feature]
              let h = histograms.baseAddress! + (leaf.histogram * slots + slot) * width
              let column = all.baseAddress! + feature * n
              h.update(repeating: 0, count: binCount)
              for i in 0..<rows.count { h[Int(column[Int(rows[i])])] &+= numbers[i] }
              splits[slot] = Self.best(
                h, binCount, leaf.sum, feature: feature, settings: settings, sums: sums)
              if let other {
                let rest = histograms.baseAddress! + (other.histogram * slots + slot) * width
                for b in 0..<binCount { rest[b] &-= h[b] }
                splits[slots + slot] = Self.best(
                  rest, binCount, other.sum, feature: feature, settings: settings, sums: sums)
              }
            }
          }
        }
      }
    }
    for slot in 0..<slots {
      if splits[slot].gain > leaves[index].split.gain { leaves[index].split = splits[slot] }
      if let sibling, splits[slots + slot].gain > leaves[sibling].split.gain {
        leaves[sibling].split = splits[slots + slot]
      }
    }
  }

  private static func best(
    _ histogram: UnsafePointer<Int64>, _ binCount: Int, _ sum: Int64, feature: Int,
    settings: Settings, sums: QuantizedSums
  ) -> Split {
    var best = Split()
    let rows = sums.rows(sum)
    guard rows >= 2 * settings.minimumLeaf else { return best }
    let total = sums.total(sum)
    let parent = total * total / (Double(rows) + settings.l2)
    // Rounding of the quantised numbers alone must not look like a gain.
    let threshold = parent * 1e-12 + 1e-9
    best.gain = threshold
    var left: Int64 = 0
    for bin in 0..<(binCount - 1) {
      let here = histogram[bin]
      if here == 0 { continue }
      left &+= here
      let leftRows = sums.rows(left)
      if leftRows < settings.minimumLeaf { continue }
      let rightRows = rows - leftRows
      if rightRows < settings.minimumLeaf { break }
      let a = sums.total(left)
      let b = total - a
      let gain =
        a * a / (Double(leftRows) + settings.l2) + b * b / (Double(rightRows) + settings.l2) - parent
      if gain > best.gain { best = Split(gain: gain, feature: feature, bin: bin, left: left) }
    }
    if best.feature < 0 { best.gain = 0 }
    return best
  }

  /// The mean pull of a leaf, shrunk by l2.
  func meanPull(_ leaf: Leaf, sums: QuantizedSums) -> Double {
    sums.total(leaf.sum) * sums.unit / (Double(sums.rows(leaf.sum)) + settings.l2)
  }
}
