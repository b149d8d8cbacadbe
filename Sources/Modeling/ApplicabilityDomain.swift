import Chemistry
import LinearAlgebra
import ModelFiles

/// How far a composition lies from the training data, on a scale that needs no tuning.
///
/// The score is the share of training rows that lie at least as far from their own nearest
/// neighbour of another group as the candidate lies from its nearest training row: a conformal
/// p-value of the distance. It is 1 for a known composition and falls to 0 for one farther out
/// than any training row is.
public struct ApplicabilityDomain: Sendable {
  let known: CompositionNeighbours
  /// Ascending.
  private let distances: [Float]

  /// At most this many training rows are measured for the reference distribution.
  static let referenceLimit = 2000

  /// - Complexity: O(min(n, 2000) · entries of all rows), on all cores.
  public init(_ compositions: [Composition], groups: [Int], seed: UInt64) {
    precondition(compositions.count == groups.count, "a group for each row")
    let known = CompositionNeighbours(compositions)
    var generator = SeededGenerator(seed: seed)
    let sample = Array(generator.permutation(compositions.count).prefix(Self.referenceLimit))
    var result = [Float](repeating: 2, count: sample.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: sample.count, chunkSize: 16) { range in
        for i in range {
          let row = sample[i]
          let nearest = known.nearest(to: compositions[row], limit: 1) { groups[$0] == groups[row] }
          out[i] = Float(nearest.first?.distance ?? 2)
        }
      }
    }
    self.known = known
    distances = result.sorted()
  }

  /// The score of a composition that lies `distance` from its nearest training row. O(log n).
  public func score(distance: Double) -> Double {
    if distance <= 1e-6 { return 1 }
    // The first reference distance that is not below the candidate's.
    var low = 0
    var high = distances.count
    while low < high {
      let middle = (low + high) / 2
      if distances[middle] < Float(distance) { low = middle + 1 } else { high = middle }
    }
    return Double(distances.count - low) / Double(distances.count + 1)
  }

  /// The scores of many compositions, on all cores. O(compositions · entries of all rows).
  public func scores(of compositions: [Composition]) -> [Double] {
    nearestDistances(of: compositions).map(score)
  }

  /// The distance of each composition to the nearest known one, on all cores.
  public func nearestDistances(of compositions: [Composition]) -> [Double] {
    var result = [Double](repeating: 0, count: compositions.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: compositions.count, chunkSize: 16) { range in
        for i in range { out[i] = known.nearest(to: compositions[i], limit: 1).first?.distance ?? 2 }
      }
    }
    return result
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.nest(known.archive(), under: "known")
    archive.set("distances", distances)
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    known = try CompositionNeighbours(archive: archive.nested(under: "known"))
    distances = try archive.floats("distances")
  }
}
