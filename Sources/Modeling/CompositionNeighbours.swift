import Chemistry
import LinearAlgebra
import ModelFiles

/// Finds the known compositions nearest to a new one.
///
/// The distance between two compositions is the sum of absolute differences of their atomic
/// fractions: 0 for the same, 2 when no element is shared.
public struct CompositionNeighbours: Sendable {
  public struct Neighbour: Sendable, Equatable {
    /// Position among the known compositions.
    public let index: Int
    public let distance: Double
  }

  /// Entries of composition i stand at `starts[i]..<starts[i + 1]`, by ascending atomic number.
  private let starts: [Int]
  private let numbers: [UInt8]
  private let fractions: [Float]

  public var count: Int { starts.count - 1 }

  public init(_ compositions: [Composition]) {
    var starts = [0]
    var numbers: [UInt8] = []
    var fractions: [Float] = []
    for composition in compositions {
      let total = composition.atomCount
      for entry in composition.entries {
        numbers.append(UInt8(entry.element.atomicNumber))
        fractions.append(Float(entry.amount / total))
      }
      starts.append(numbers.count)
    }
    self.starts = starts
    self.numbers = numbers
    self.fractions = fractions
  }

  /// The `limit` nearest, nearest first; ties by position. None for a limit of 0.
  ///
  /// - Parameter isExcluded: positions to pass over, such as the row itself.
  /// - Complexity: O(entries of all known compositions).
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    guard limit > 0 else { return [] }
    let total = composition.atomCount
    var query = [Float](repeating: 0, count: 119)
    for entry in composition.entries { query[entry.element.atomicNumber] = Float(entry.amount / total) }
    var best: [Neighbour] = []
    for index in 0..<count {
      // Σ|a − b| = 2 − 2·Σ min(a, b) for fractions that sum to one.
      var shared: Float = 0
      for k in starts[index]..<starts[index + 1] { shared += min(fractions[k], query[Int(numbers[k])]) }
      let distance = max(0, 2 - 2 * Double(shared))
      if best.count == limit, let worst = best.last, distance >= worst.distance { continue }
      if isExcluded(index) { continue }
      let place = best.firstIndex { distance < $0.distance } ?? best.count
      best.insert(Neighbour(index: index, distance: distance), at: place)
      if best.count > limit { best.removeLast() }
    }
    return best
  }

  /// The `limit` nearest of each composition, on all cores.
  public func nearest(toEach compositions: [Composition], limit: Int) -> [[Neighbour]] {
    var result = [[Neighbour]](repeating: [], count: compositions.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: compositions.count, chunkSize: 16) { range in
        for i in range { out[i] = nearest(to: compositions[i], limit: limit) }
      }
    }
    return result
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("starts", starts)
    archive.set("numbers", numbers.map(Int.init))
    archive.set("fractions", fractions)
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    starts = try archive.integers("starts")
    fractions = try archive.floats("fractions")
    let stored = try archive.integers("numbers", shape: [fractions.count])
    guard starts.first == 0, starts.last == fractions.count, zip(starts, starts.dropFirst()).allSatisfy(<),
      stored.allSatisfy({ (1...118).contains($0) })
    else { throw .invalid("starts", reason: "does not fit the compositions") }
    numbers = stored.map(UInt8.init)
  }
}
