import LinearAlgebra
import ModelFiles

/// Binary regression trees in one flat array.
struct TreeEnsemble: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    /// Rows with x[feature] ≤ threshold go left.
    var threshold: Double
    /// −1 for a leaf.
    var feature: Int32
    /// The left child, counted from the root of the tree; the right one follows it.
    var left: Int32

    static let leaf = Node(threshold: 0, feature: -1, left: 0)
  }

  private(set) var nodes: [Node] = []
  /// The value of each node; meaningful in leaves.
  private(set) var values: [Double] = []
  /// The variance of the training targets in each leaf; empty where it is not kept.
  private(set) var variances: [Float] = []
  /// The first node of each tree.
  private(set) var roots: [Int] = []

  var count: Int { roots.count }

  mutating func append(_ tree: GrownTree) {
    roots.append(nodes.count)
    nodes += tree.nodes
    values += tree.values
    variances += tree.variances
  }

  mutating func append(_ other: TreeEnsemble) {
    roots += other.roots.map { $0 + nodes.count }
    nodes += other.nodes
    values += other.values
    variances += other.variances
  }

  /// Keeps the first `count` trees.
  mutating func truncate(to count: Int) {
    guard count < roots.count else { return }
    let end = roots[count]
    nodes.removeSubrange(end...)
    values.removeSubrange(end...)
    if !variances.isEmpty { variances.removeSubrange(end...) }
    roots.removeSubrange(count...)
  }

  /// For each row the sum over `trees` of the leaf values, of their squares, and of the leaf
  /// variances where they are kept. O(rows · trees · depth), in parallel over rows.
  func sums(_ features: Matrix, trees: Range<Int>, threads: Int = Threads.limit) -> LeafSums {
    let (m, d) = (features.rows, features.columns)
    var sums = LeafSums(count: m)
    let keepsVariances = !variances.isEmpty
    sums.values.withUnsafeMutableBufferPointer { values in
      sums.squares.withUnsafeMutableBufferPointer { squares in
        sums.variances.withUnsafeMutableBufferPointer { spread in
          nonisolated(unsafe) let (values, squares, spread) = (values, squares, spread)
          Threads.forEachChunk(of: m, chunkSize: 128, limit: threads) { chunk in
            features.elements.withUnsafeBufferPointer { x in
              nodes.withUnsafeBufferPointer { nodes in
                // A tree stays in cache for all rows of the chunk.
                for tree in trees {
                  let start = nodes.baseAddress! + roots[tree]
                  for i in chunk {
                    let row = x.baseAddress! + i * d
                    var index = 0
                    while start[index].feature >= 0 {
                      let node = start[index]
                      index = Int(node.left) + (row[Int(node.feature)] <= node.threshold ? 0 : 1)
                    }
                    let leaf = roots[tree] + index
                    let value = self.values[leaf]
                    values[i] += value
                    squares[i] += value * value
                    if keepsVariances { spread[i] += Double(variances[leaf]) }
                  }
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// The node of the leaf that each row reaches in each of `trees`, counted from the root of the tree: row by row,
  /// trees within a row.
  func leaves(_ features: Matrix, trees: Range<Int>, threads: Int = Threads.limit) -> [Int32] {
    let (m, d, width) = (features.rows, features.columns, trees.count)
    var result = [Int32](repeating: 0, count: m * width)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      Threads.forEachChunk(of: m, chunkSize: 128, limit: threads) { chunk in
        features.elements.withUnsafeBufferPointer { x in
          nodes.withUnsafeBufferPointer { nodes in
            guard let x = x.baseAddress, let nodes = nodes.baseAddress else { return }
            for (place, tree) in trees.enumerated() {
              let start = nodes + roots[tree]
              for i in chunk {
                let row = x + i * d
                var index = 0
                while start[index].feature >= 0 {
                  let node = start[index]
                  index = Int(node.left) + (row[Int(node.feature)] <= node.threshold ? 0 : 1)
                }
                result[i * width + place] = Int32(index)
              }
            }
          }
        }
      }
    }
    return result
  }

  func write(to archive: inout TensorArchive) {
    archive.set("thresholds", nodes.map(\.threshold))
    archive.set("features", nodes.map { Int($0.feature) })
    archive.set("left_children", nodes.map { Int($0.left) })
    archive.set("values", values)
    archive.set("variances", variances)
    archive.set("roots", roots)
  }

  init() {}

  /// - Throws: `ArchiveError`, also for trees that would not end or leave the array.
  init(from archive: TensorArchive, featureCount: Int) throws(ArchiveError) {
    let thresholds = try archive.finiteDoubles("thresholds")
    let n = thresholds.count
    let features = try archive.integers("features", shape: [n])
    let left = try archive.integers("left_children", shape: [n])
    values = try archive.finiteDoubles("values", shape: [n])
    variances = try archive.floats("variances")
    guard variances.isEmpty || variances.count == n, variances.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw .invalid("variances", reason: "is not one variance for each node") }
    roots = try archive.integers("roots")
    guard roots.first == 0 || (roots.isEmpty && n == 0), zip(roots, roots.dropFirst()).allSatisfy({ $0 < $1 }),
      (roots.last ?? -1) < n
    else { throw .invalid("roots", reason: "does not divide the nodes into trees") }
    for (tree, root) in roots.enumerated() {
      let size = (tree + 1 < roots.count ? roots[tree + 1] : n) - root
      for k in 0..<size where features[root + k] != -1 {
        // Children after their parent: every walk ends.
        guard features[root + k] >= 0, features[root + k] < featureCount, left[root + k] > k,
          left[root + k] < size - 1
        else { throw .invalid("left_children", reason: "leads out of tree \(tree)") }
      }
    }
    nodes = (0..<n).map {
      Node(
        threshold: thresholds[$0], feature: Int32(features[$0]),
        left: features[$0] == -1 ? 0 : Int32(left[$0]))
    }
  }
}

/// One tree as a grower leaves it.
struct GrownTree: Sendable {
  var nodes: [TreeEnsemble.Node] = []
  var values: [Double] = []
  var variances: [Float] = []
}

/// What the leaves that a row reaches add up to.
struct LeafSums: Sendable {
  var values: [Double]
  var squares: [Double]
  var variances: [Double]

  init(count: Int) {
    values = [Double](repeating: 0, count: count)
    squares = values
    variances = values
  }
}
