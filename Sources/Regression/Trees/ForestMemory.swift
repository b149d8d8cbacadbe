import Foundation
import LinearAlgebra
import ModelFiles

/// Which training rows each tree of a forest drew, and the leaves they lie in.
///
/// With it a forest can say how its targets are distributed at a row, how it predicts rows by the trees that did not
/// draw them, and how far its mean would move if the training rows had been others.
struct ForestMemory: Sendable, Equatable {
  /// n targets.
  let targets: [Double]
  /// How often each tree drew each row: row by row, trees within a row.
  let counts: [Int32]
  /// The leaf of each row in each tree, drawn or not, in the same order.
  let leaves: [Int32]

  let treeCount: Int
  /// Rows by ascending target.
  private let order: [Int]

  init(targets: [Double], samples: [[Int32]], leaves: [Int32]) {
    var counts = [Int32](repeating: 0, count: targets.count * samples.count)
    for (tree, sample) in samples.enumerated() {
      for row in sample { counts[Int(row) * samples.count + tree] += 1 }
    }
    self.init(targets: targets, counts: counts, leaves: leaves, treeCount: samples.count)
  }

  private init(targets: [Double], counts: [Int32], leaves: [Int32], treeCount: Int) {
    self.targets = targets
    self.counts = counts
    self.leaves = leaves
    self.treeCount = treeCount
    order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
  }

  /// Quantiles of the targets that share leaves with rows, each tree giving the rows it drew into the leaf equal parts
  /// of its vote: Meinshausen, "Quantile regression forests", JMLR 7, 983–999 (2006).
  ///
  /// A quantile of probability p is the least target at which the weights reach p.
  /// - Parameters:
  ///   - reached: leaves that the rows reach in `trees`, trees within a row.
  /// - Complexity: O(n · trees) once, and for each row the sizes of the leaves it reaches, and n.
  func quantiles(_ probabilities: [Double], reached: [Int32], trees: Range<Int>) -> Matrix {
    let n = targets.count
    let width = trees.count
    let m = width > 0 ? reached.count / width : 0
    // Rows of each leaf of each tree, one after the other.
    var members = [[Int32: [Int32]]](repeating: [:], count: width)
    for row in 0..<n {
      for (place, tree) in trees.enumerated() where counts[row * treeCount + tree] > 0 {
        members[place][leaves[row * treeCount + tree], default: []].append(Int32(row))
      }
    }
    var result = Matrix(rows: m, columns: probabilities.count)
    result.elements.withUnsafeMutableBufferPointer { output in
      nonisolated(unsafe) let output = output
      let members = members
      Threads.forEachChunk(of: m, chunkSize: 32, limit: Threads.limit) { chunk in
        var weights = [Double](repeating: 0, count: n)
        for i in chunk {
          for k in weights.indices { weights[k] = 0 }
          for (place, tree) in trees.enumerated() {
            guard let rows = members[place][reached[i * width + place]] else { continue }
            var total = 0.0
            for row in rows { total += Double(counts[Int(row) * treeCount + tree]) }
            for row in rows { weights[Int(row)] += Double(counts[Int(row) * treeCount + tree]) / total }
          }
          let whole = weights.reduce(0, +)
          var sum = 0.0
          var next = 0
          for row in order {
            sum += weights[row]
            // A hair of tolerance, as sums of parts of votes round.
            while next < probabilities.count, weights[row] > 0, sum >= (probabilities[next] - 1e-12) * whole {
              output[i * probabilities.count + next] = targets[row]
              next += 1
            }
            if next == probabilities.count { break }
          }
        }
      }
    }
    return result
  }

  /// For each training row the mean of the trees that did not draw it, given the value of each tree's leaf at each row;
  /// nil where every tree drew it.
  ///
  /// - Parameter values: row by row, trees within a row.
  func outOfBagMeans(_ values: Matrix) -> [Double?] {
    targets.indices.map { row in
      var (sum, number) = (0.0, 0)
      for tree in 0..<treeCount where counts[row * treeCount + tree] == 0 {
        sum += values[row, tree]
        number += 1
      }
      return number > 0 ? sum / Double(number) : nil
    }
  }

  /// n × trees.
  var countMatrix: Matrix { Matrix(rows: targets.count, columns: treeCount, elements: counts.map(Double.init)) }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("targets", targets)
    archive.set("counts", counts.map { Int($0) })
    archive.set("leaves", leaves.map { Int($0) })
    archive.set("trees", [treeCount])
    return archive
  }

  init(archive: TensorArchive, trees: Int) throws(ArchiveError) {
    let targets = try archive.finiteDoubles("targets")
    let counts = try archive.integers("counts", shape: [targets.count * trees])
    let leaves = try archive.integers("leaves", shape: [targets.count * trees])
    guard try archive.integers("trees", shape: [1]) == [trees] else {
      throw .invalid("trees", reason: "is not the number of trees of the forest")
    }
    guard counts.allSatisfy({ (0...Int(Int32.max)).contains($0) }), leaves.allSatisfy({ (0...Int(Int32.max)).contains($0) }) else {
      throw .invalid("counts", reason: "holds a number that is no count")
    }
    self.init(targets: targets, counts: counts.map(Int32.init), leaves: leaves.map(Int32.init), treeCount: trees)
  }
}
