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
  /// The compositions that hold each element, by atomic number.
  private let holders: [Holders]

  /// The compositions that hold an element, by ascending fraction of it.
  private struct Holders: Sendable {
    var indices: [Int32] = []
    var fractions: [Float] = []

    /// The first position whose fraction is at least `fraction`. O(log n).
    func first(from fraction: Float) -> Int {
      var (low, high) = (0, fractions.count)
      while low < high {
        let middle = (low + high) / 2
        if fractions[middle] < fraction { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// Those whose fraction differs by no more than `gap`.
    func within(_ gap: Float, of fraction: Float) -> Range<Int> {
      let low = first(from: fraction - gap)
      return low..<max(low, first(from: (fraction + gap).nextUp))
    }

    /// Up to `count` whose fractions are about nearest.
    func around(_ fraction: Float, count: Int) -> Range<Int> {
      let low = max(0, min(first(from: fraction) - count / 2, indices.count - count))
      return low..<min(indices.count, low + count)
    }
  }

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
    holders = Self.holders(starts, numbers, fractions)
  }

  private static func holders(_ starts: [Int], _ numbers: [UInt8], _ fractions: [Float]) -> [Holders] {
    var entries = [[(fraction: Float, index: Int32)]](repeating: [], count: 119)
    for index in 0..<starts.count - 1 {
      for k in starts[index]..<starts[index + 1] { entries[Int(numbers[k])].append((fractions[k], Int32(index))) }
    }
    return entries.map { list in
      let sorted = list.sorted { $0 < $1 }
      return Holders(indices: sorted.map(\.index), fractions: sorted.map(\.fraction))
    }
  }

  /// The nearest ones so far, of those that were considered.
  private struct Nearest {
    let limit: Int
    var found: [Neighbour] = []

    var bound: Double? { found.count == limit ? found.last?.distance : nil }

    @inline(__always)
    mutating func consider(_ index: Int, at distance: Double, _ isExcluded: (Int) -> Bool) {
      if found.count == limit, let last = found.last, (distance, index) >= (last.distance, last.index) { return }
      if isExcluded(index) { return }
      let place = found.firstIndex { (distance, index) < ($0.distance, $0.index) } ?? found.count
      found.insert(Neighbour(index: index, distance: distance), at: place)
      if found.count > limit { found.removeLast() }
    }
  }

  /// The `limit` known compositions nearest to `composition`, nearest first; ties by position. None for a limit
  /// of 0.
  ///
  /// Positions for which `isExcluded` is true are passed over, such as the row itself.
  /// - Complexity: O(compositions that hold the element which narrows the search most in a fraction as near as every
  ///   nearer one must); at worst O(entries of all known compositions).
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    guard limit > 0 else { return [] }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 119) { query in
      query.initialize(repeating: 0)
      let total = composition.atomCount
      for entry in composition.entries { query[entry.element.atomicNumber] = Float(entry.amount / total) }
      return search(composition, UnsafeBufferPointer(query), limit, isExcluded)
    }
  }

  private func search(
    _ composition: Composition, _ query: UnsafeBufferPointer<Float>, _ limit: Int, _ isExcluded: (Int) -> Bool
  ) -> [Neighbour] {
    // Σ|a − b| = 2 − 2·Σ min(a, b) for fractions that sum to one.
    func distance(_ index: Int) -> Double {
      var shared: Float = 0
      for k in starts[index]..<starts[index + 1] { shared += min(fractions[k], query[Int(numbers[k])]) }
      return max(0, 2 - 2 * Double(shared))
    }
    func nearest(of list: Holders, _ range: Range<Int>) -> Nearest {
      var result = Nearest(limit: limit)
      for place in range {
        let index = Int(list.indices[place])
        result.consider(index, at: distance(index), isExcluded)
      }
      return result
    }
    // A guess among those that hold the rarest element bounds the distance d. What is nearer holds every element within
    // d/2 of the composition's own fraction, and has to hold those of a larger fraction than that.
    let elements = composition.entries.map(\.element.atomicNumber)
    let rarest = elements.filter { holders[$0].indices.count >= limit }.min { holders[$0].indices.count < holders[$1].indices.count }
    if let rarest {
      let guess = nearest(of: holders[rarest], holders[rarest].around(query[rarest], count: max(32, 4 * limit)))
      if let bound = guess.bound {
        let gap = Float(bound / 2) + 1e-5
        let narrowest = elements.filter { query[$0] > gap }
          .map { (holders: holders[$0], range: holders[$0].within(gap, of: query[$0])) }
          .min { $0.range.count < $1.range.count }
        if let narrowest { return nearest(of: narrowest.holders, narrowest.range).found }
      }
    }
    var result = Nearest(limit: limit)
    for index in 0..<count { result.consider(index, at: distance(index), isExcluded) }
    return result.found
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
    holders = Self.holders(starts, numbers, fractions)
  }
}
