import LinearAlgebra

/// Exact Shapley values of sums of trees, for families of features against background rows.
///
/// A family that joins a coalition brings the row's values of its features; the others keep those of a
/// background row. A leaf is then reached by exactly those coalitions that hold a set of families A, for which
/// only the row goes the leaf's way, and none of a set B, for which only the background row does. Its value v
/// adds v·(|A| − 1)!·|B|!/(|A| + |B|)! to each family of A and takes v·|A|!·(|B| − 1)!/(|A| + |B|)! from each of B.
/// This is interventional TreeSHAP (Lundberg et al., Nat. Mach. Intell. 2 (2020),
/// doi 10.1038/s42256-019-0138-9), with families as players.
struct TreeShapley {
  let trees: TreeEnsemble
  let families: FeatureFamilies

  /// Shapley values of the sum over `trees` for each row, rows × families, averaged over the background rows,
  /// and the mean sum of the background rows.
  ///
  /// - Complexity: O(rows · background rows · nodes) at most, on all threads.
  func values(_ rows: Matrix, background: Matrix) -> (base: Double, values: Matrix) {
    let k = families.names.count
    var result = Matrix(rows: rows.rows, columns: k)
    let weights = Self.weights(limit: k)
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: rows.rows, chunkSize: 1) { chunk in
        var walk = Walk(trees: trees, members: families.members, weights: weights, familyCount: k)
        for i in chunk {
          let row = rows.row(i)
          for b in 0..<background.rows { walk.add(row, background.row(b)) }
          for family in 0..<k { out[i * k + family] = walk.values[family] / Double(max(1, background.rows)) }
          walk.reset()
        }
      }
    }
    let sums = trees.sums(background, trees: 0..<trees.count).values
    return (sums.reduce(0, +) / Double(max(1, sums.count)), result)
  }

  /// weights[a][b] = (a − 1)!·b!/(a + b)! for a ≥ 1.
  private static func weights(limit: Int) -> [[Double]] {
    (0...limit).map { a in
      (0...limit).map { b in
        guard a > 0 else { return 0 }
        // (a−1)!·b!/(a+b)! = 1/((a+b)·C(a+b−1, b)).
        var binomial = 1.0
        for i in 0..<b { binomial *= Double(a + b - 1 - i) / Double(i + 1) }
        return 1 / (Double(a + b) * binomial)
      }
    }
  }

  /// One walk through all trees for a row and a background row.
  private struct Walk {
    let trees: TreeEnsemble
    let members: [Int]
    let weights: [[Double]]
    private(set) var values: [Double]
    /// Of each family on the way: 0 free, 1 in A, 2 in B.
    private var side: [UInt8]
    private var inside: [Int] = []
    private var outside: [Int] = []

    init(trees: TreeEnsemble, members: [Int], weights: [[Double]], familyCount: Int) {
      self.trees = trees
      self.members = members
      self.weights = weights
      values = [Double](repeating: 0, count: familyCount)
      side = [UInt8](repeating: 0, count: familyCount)
    }

    mutating func reset() {
      for i in values.indices { values[i] = 0 }
    }

    mutating func add(_ row: [Double], _ other: [Double]) {
      for root in trees.roots { visit(root, 0, row, other) }
    }

    private mutating func visit(_ root: Int, _ index: Int, _ row: [Double], _ other: [Double]) {
      let node = trees.nodes[root + index]
      guard node.feature >= 0 else {
        let (a, b) = (inside.count, outside.count)
        guard a + b > 0 else { return }
        let value = trees.values[root + index]
        for family in inside { values[family] += value * weights[a][b] }
        for family in outside { values[family] -= value * weights[b][a] }
        return
      }
      let feature = Int(node.feature)
      let ours = Int(node.left) + (row[feature] <= node.threshold ? 0 : 1)
      let theirs = Int(node.left) + (other[feature] <= node.threshold ? 0 : 1)
      guard ours != theirs else { return visit(root, ours, row, other) }
      let family = members[feature]
      switch side[family] {
      case 1: visit(root, ours, row, other)
      case 2: visit(root, theirs, row, other)
      default:
        side[family] = 1
        inside.append(family)
        visit(root, ours, row, other)
        inside.removeLast()
        side[family] = 2
        outside.append(family)
        visit(root, theirs, row, other)
        outside.removeLast()
        side[family] = 0
      }
    }
  }
}

extension ForestModel: AttributableRegressor {
  /// Exact Shapley values; see `TreeShapley`.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    try check(features)
    let (base, values) = TreeShapley(trees: trees, families: families).values(features, background: background)
    let share = [Double](repeating: 1 / Double(trees.count), count: features.rows)
    return Attribution(
      names: families.names, base: [Double](repeating: intercept * Double(trees.count) + base, count: features.rows),
      parts: values
    ).scaled(by: share)
  }
}

extension GradientBoostingModel: AttributableRegressor {
  /// Exact Shapley values; see `TreeShapley`.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    try check(features)
    let (base, values) = TreeShapley(trees: average.trees, families: families).values(features, background: background)
    let share = [Double](repeating: 1 / Double(memberCount), count: features.rows)
    return Attribution(
      names: families.names, base: [Double](repeating: average.start * Double(memberCount) + base, count: features.rows),
      parts: values
    ).scaled(by: share)
  }
}

extension CalibratedModel: AttributableRegressor where Base: AttributableRegressor {
  /// Calibration leaves means alone.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    try base.attribution(features, background: background, families: families)
  }
}
