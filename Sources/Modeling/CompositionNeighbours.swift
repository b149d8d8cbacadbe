import Chemistry
import Descriptors
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
  /// Fractions of elements, and of several of the rarer ones together, in 255ths.
  private let boxes: ProfileBoxes
  /// For each atomic number, which of the fractions of `boxes` it counts to.
  private let buckets: [Int]

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
    (buckets, boxes) = Self.index(starts, numbers, fractions)
  }

  /// The most frequent elements apart, so that their fractions tell most.
  private static func buckets(_ numbers: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: 119)
    for number in numbers { counts[Int(number)] += 1 }
    var buckets = counts
    for (rank, number) in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }).enumerated() {
      buckets[number] = rank % ProfileBoxes.segments
    }
    return buckets
  }

  private static func index(
    _ starts: [Int], _ numbers: [UInt8], _ fractions: [Float]
  ) -> (buckets: [Int], boxes: ProfileBoxes) {
    let buckets = Self.buckets(numbers)
    let codes = (0..<starts.count - 1).flatMap { Self.codes(starts[$0]..<starts[$0 + 1], numbers, fractions, buckets) }
    return (buckets, ProfileBoxes(codes))
  }

  private static func codes(
    _ entries: Range<Int>, _ numbers: [UInt8], _ fractions: [Float], _ buckets: [Int]
  ) -> [UInt8] {
    var sums = [Float](repeating: 0, count: ProfileBoxes.segments)
    for k in entries { sums[buckets[Int(numbers[k])]] += fractions[k] }
    return sums.map { UInt8(min(255, max(0, (255 * $0).rounded()))) }
  }

  /// The `limit` known compositions nearest to `composition`, nearest first; ties by position. None for a limit
  /// of 0.
  ///
  /// Positions for which `isExcluded` is true are passed over, such as the row itself.
  /// - Complexity: boxes of near compositions are gone through, nearest first, until none can be nearer; at worst
  ///   O(entries of all known compositions).
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    guard limit > 0 else { return [] }
    let total = composition.atomCount
    let elements = composition.entries.map { UInt8($0.element.atomicNumber) }
    let shares = composition.entries.map { Float($0.amount / total) }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 119) { query in
      query.initialize(repeating: 0)
      for (element, share) in zip(elements, shares) { query[Int(element)] = share }
      return boxes.nearest(
        to: Self.codes(elements.indices, elements, shares, buckets), limit: limit, step: 1 / 255, slack: 1e-4,
        excluding: isExcluded
      ) { place in
        let index = boxes.order[place]
        // Σ|a − b| = 2 − 2·Σ min(a, b) for fractions that sum to one.
        var shared: Float = 0
        for k in starts[index]..<starts[index + 1] { shared += min(fractions[k], query[Int(numbers[k])]) }
        return max(0, 2 - 2 * Double(shared))
      }.map { Neighbour(index: $0.index, distance: $0.distance) }
    }
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
    (buckets, boxes) = Self.index(starts, numbers, fractions)
  }
}
