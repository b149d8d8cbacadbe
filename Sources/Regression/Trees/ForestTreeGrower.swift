import LinearAlgebra

/// Grows the trees of a forest, deep and on few rows at their ends.
///
/// At each node `candidates` features that vary there are drawn; each offers its best split
/// (random forests) or one drawn uniformly between its extremes (extra trees); the split that
/// reduces the squared error most is made.
struct ForestTreeGrower {
  let bins: FeatureBins
  let candidates: Int
  let minimumLeaf: Int
  let maximumDepth: Int
  let drawsThresholds: Bool

  private struct Split {
    var score = -Double.infinity
    var feature = -1
    var bin = 0
    var threshold = 0.0
  }

  private struct Pending {
    let node: Int
    let start: Int
    let end: Int
    let depth: Int
  }

  /// - Parameters:
  ///   - sample: the rows the tree learns from; a row may repeat.
  ///   - targets: of all rows, and the same packed by `sums`.
  func grow(
    sample: [Int32], targets: [Double], packed: [Int64], sums: QuantizedSums,
    generator: inout SeededGenerator
  ) -> GrownTree {
    var tree = GrownTree()
    var rows = sample
    var numbers = sample.map { packed[Int($0)] }
    var features = bins.splittable.map(Int32.init)
    var histogram = [Int64](repeating: 0, count: FeatureBins.maximumCount)
    var rowsAside = [Int32](repeating: 0, count: sample.count)
    var numbersAside = [Int64](repeating: 0, count: sample.count)
    let n = bins.rowCount
    tree.add()
    var pending = [Pending(node: 0, start: 0, end: sample.count, depth: 0)]

    rows.withUnsafeMutableBufferPointer { rows in
      numbers.withUnsafeMutableBufferPointer { numbers in
        bins.bins.withUnsafeBufferPointer { allBins in
          histogram.withUnsafeMutableBufferPointer { histogram in
            while let item = pending.popLast() {
              let nodeRows = UnsafeBufferPointer(rebasing: rows[item.start..<item.end])
              let nodeNumbers = UnsafeBufferPointer(rebasing: numbers[item.start..<item.end])
              var split = Split()
              if nodeRows.count >= 2 * minimumLeaf, item.depth < maximumDepth,
                nodeNumbers.contains(where: { $0 != nodeNumbers[0] })
              {
                split = bestSplit(
                  nodeRows, nodeNumbers, allBins, sums: sums, features: &features,
                  histogram: histogram, generator: &generator)
              }
              guard split.feature >= 0 else {
                tree.setLeaf(item.node, rows: nodeRows, targets: targets)
                continue
              }
              // Stable partition: rows stay in canonical order within each side.
              let column = allBins.baseAddress! + split.feature * n
              var left = item.start
              var aside = 0
              for i in item.start..<item.end {
                if Int(column[Int(rows[i])]) <= split.bin {
                  rows[left] = rows[i]
                  numbers[left] = numbers[i]
                  left += 1
                } else {
                  rowsAside[aside] = rows[i]
                  numbersAside[aside] = numbers[i]
                  aside += 1
                }
              }
              for k in 0..<aside {
                rows[left + k] = rowsAside[k]
                numbers[left + k] = numbersAside[k]
              }
              let child = tree.split(item.node, feature: split.feature, threshold: split.threshold)
              pending.append(
                Pending(node: child + 1, start: left, end: item.end, depth: item.depth + 1))
              pending.append(
                Pending(node: child, start: item.start, end: left, depth: item.depth + 1))
            }
          }
        }
      }
    }
    return tree
  }

  private func bestSplit(
    _ rows: UnsafeBufferPointer<Int32>, _ numbers: UnsafeBufferPointer<Int64>,
    _ allBins: UnsafeBufferPointer<UInt8>, sums: QuantizedSums, features: inout [Int32],
    histogram: UnsafeMutableBufferPointer<Int64>, generator: inout SeededGenerator
  ) -> Split {
    var total: Int64 = 0
    for number in numbers { total &+= number }
    let n = bins.rowCount
    var best = Split()
    var found = 0
    var drawn = 0
    while found < candidates, drawn < features.count {
      features.swapAt(drawn, drawn + generator.index(below: features.count - drawn))
      let feature = Int(features[drawn])
      drawn += 1
      let column = allBins.baseAddress! + feature * n
      var low = UInt8.max
      var high = UInt8.min
      for row in rows {
        let bin = column[Int(row)]
        low = min(low, bin)
        high = max(high, bin)
      }
      guard low < high else { continue }
      found += 1
      if drawsThresholds {
        drawSplit(
          feature, low: Int(low), high: Int(high), column, rows, numbers, total: total, sums: sums,
          best: &best, generator: &generator)
      } else {
        searchSplit(
          feature, low: Int(low), high: Int(high), column, rows, numbers, total: total, sums: sums,
          histogram: histogram, best: &best)
      }
    }
    return best
  }

  /// The squared error that a split removes, up to a constant of the node; −∞ for small leaves.
  @inline(__always)
  private func score(left: Int64, total: Int64, sums: QuantizedSums) -> Double {
    let right = total &- left
    let (leftRows, rightRows) = (sums.rows(left), sums.rows(right))
    guard leftRows >= minimumLeaf, rightRows >= minimumLeaf else { return -.infinity }
    let (a, b) = (sums.total(left), sums.total(right))
    return a * a / Double(leftRows) + b * b / Double(rightRows)
  }

  @inline(__always)
  private func searchSplit(
    _ feature: Int, low: Int, high: Int, _ column: UnsafePointer<UInt8>,
    _ rows: UnsafeBufferPointer<Int32>, _ numbers: UnsafeBufferPointer<Int64>, total: Int64,
    sums: QuantizedSums, histogram: UnsafeMutableBufferPointer<Int64>, best: inout Split
  ) {
    for bin in low...high { histogram[bin] = 0 }
    for i in 0..<rows.count { histogram[Int(column[Int(rows[i])])] &+= numbers[i] }
    var left: Int64 = 0
    var bestBin = -1
    // The next bin with rows follows bestBin at `after`: the threshold lies between the two.
    var after = -1
    for bin in low..<high {
      if histogram[bin] == 0 { continue }
      if bestBin >= 0, after < 0 { after = bin }
      left &+= histogram[bin]
      let score = score(left: left, total: total, sums: sums)
      if score > best.score {
        best.score = score
        bestBin = bin
        after = -1
      }
    }
    guard bestBin >= 0 else { return }
    if after < 0 {
      after = bestBin + 1
      while histogram[after] == 0 { after += 1 }
    }
    let lower = bins.greatest[feature * FeatureBins.maximumCount + bestBin]
    let upper = bins.least[feature * FeatureBins.maximumCount + after]
    let middle = lower + (upper - lower) / 2
    best.feature = feature
    best.bin = bestBin
    best.threshold = middle < upper ? middle : lower
  }

  @inline(__always)
  private func drawSplit(
    _ feature: Int, low: Int, high: Int, _ column: UnsafePointer<UInt8>,
    _ rows: UnsafeBufferPointer<Int32>, _ numbers: UnsafeBufferPointer<Int64>, total: Int64,
    sums: QuantizedSums, best: inout Split, generator: inout SeededGenerator
  ) {
    let base = feature * FeatureBins.maximumCount
    let from = bins.greatest[base + low]
    let to = bins.least[base + high]
    var threshold = from + generator.uniform() * (to - from)
    // The last bin that lies wholly at or below the threshold.
    var bin = low
    var end = high - 1
    while bin < end {
      let middle = (bin + end + 1) / 2
      if bins.greatest[base + middle] <= threshold { bin = middle } else { end = middle - 1 }
    }
    // A threshold inside the next bin would divide rows the bins cannot tell apart.
    if threshold >= bins.least[base + bin + 1] { threshold = bins.threshold(feature, after: bin) }
    var left: Int64 = 0
    for i in 0..<rows.count where Int(column[Int(rows[i])]) <= bin { left &+= numbers[i] }
    let score = score(left: left, total: total, sums: sums)
    if score > best.score {
      best = Split(score: score, feature: feature, bin: bin, threshold: threshold)
    }
  }
}

extension GrownTree {
  mutating func add() {
    nodes.append(.leaf)
    values.append(0)
    variances.append(0)
  }

  /// Makes a node inner and returns its left child.
  mutating func split(_ node: Int, feature: Int, threshold: Double) -> Int {
    let child = nodes.count
    add()
    add()
    nodes[node] = TreeEnsemble.Node(
      threshold: threshold, feature: Int32(feature), left: Int32(child))
    return child
  }

  /// Gives a leaf the mean and the variance of its targets.
  mutating func setLeaf(_ node: Int, rows: UnsafeBufferPointer<Int32>, targets: [Double]) {
    var sum = 0.0
    for row in rows { sum += targets[Int(row)] }
    let mean = sum / Double(rows.count)
    var squares = 0.0
    for row in rows { squares += (targets[Int(row)] - mean) * (targets[Int(row)] - mean) }
    values[node] = mean
    variances[node] = Float(squares / Double(rows.count))
  }
}
