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
  /// For each atomic number the compositions that hold it, ascending.
  private let holders: [[Int32]]

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
    holders = Self.holders(starts, numbers)
  }

  private static func holders(_ starts: [Int], _ numbers: [UInt8]) -> [[Int32]] {
    var holders = [[Int32]](repeating: [], count: 119)
    for index in 0..<starts.count - 1 {
      for k in starts[index]..<starts[index + 1] { holders[Int(numbers[k])].append(Int32(index)) }
    }
    return holders
  }

  /// The `limit` known compositions nearest to `composition`, nearest first; ties by position. None for a limit
  /// of 0.
  ///
  /// Positions for which `isExcluded` is true are passed over, such as the row itself.
  /// - Complexity: O(compositions that hold the rarest element which every nearer one must hold); at worst
  ///   O(entries of all known compositions).
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    guard limit > 0 else { return [] }
    let total = composition.atomCount
    var query = [Float](repeating: 0, count: 119)
    for entry in composition.entries { query[entry.element.atomicNumber] = Float(entry.amount / total) }
    var best: [Neighbour] = []
    func consider(_ index: Int) {
      // Σ|a − b| = 2 − 2·Σ min(a, b) for fractions that sum to one.
      var shared: Float = 0
      for k in starts[index]..<starts[index + 1] { shared += min(fractions[k], query[Int(numbers[k])]) }
      let distance = max(0, 2 - 2 * Double(shared))
      if best.count == limit, let worst = best.last, distance >= worst.distance { return }
      if isExcluded(index) { return }
      let place = best.firstIndex { distance < $0.distance } ?? best.count
      best.insert(Neighbour(index: index, distance: distance), at: place)
      if best.count > limit { best.removeLast() }
    }
    // A first guess from those that hold the rarest element bounds the distance. What lacks an element of fraction f
    // is at least 2f away, so all that is as near must hold every element above half the bound.
    let elements = composition.entries.map(\.element.atomicNumber).sorted { (holders[$0].count, $0) < (holders[$1].count, $1) }
    if let rarest = elements.first(where: { holders[$0].count > limit }) {
      for index in holders[rarest] { consider(Int(index)) }
      if best.count == limit, let bound = best.last?.distance {
        let needed = elements.first { 2 * Double(query[$0]) > bound + 1e-4 }
        if needed == rarest { return best }
        best = []
        if let needed {
          for index in holders[needed] { consider(Int(index)) }
          return best
        }
      }
      best = []
    }
    for index in 0..<count { consider(index) }
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
    holders = Self.holders(starts, numbers)
  }
}
