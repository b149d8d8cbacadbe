import Chemistry
import Descriptors
import LinearAlgebra

/// Compositions as a network compares them: elements, shares, mean Magpie properties.
package struct RecallVectors: Sendable {
  /// Elements of composition i stand at `starts[i]..<starts[i + 1]`.
  let starts: [Int]
  let numbers: [UInt8]
  let fractions: [Float]
  /// count × `width`.
  let means: [Float]

  /// The Magpie properties, filled up to whole vectors of 8.
  package static let width = (ElementVectors.magpieCount + 7) / 8 * 8

  package init(_ compositions: [Composition]) {
    var starts = [0]
    var numbers: [UInt8] = []
    var fractions: [Float] = []
    var means = [Float](repeating: 0, count: compositions.count * Self.width + 8)
    let properties = ElementVectors.magpie
    let count = ElementVectors.magpieCount
    for (i, composition) in compositions.enumerated() {
      let total = composition.atomCount
      for entry in composition.entries {
        let (z, fraction) = (entry.element.atomicNumber, Float(entry.amount / total))
        numbers.append(UInt8(z))
        fractions.append(fraction)
        for p in 0..<count { means[i * Self.width + p] += fraction * properties[(z - 1) * count + p] }
      }
      starts.append(numbers.count)
    }
    (self.starts, self.numbers, self.fractions, self.means) = (starts, numbers, fractions, means)
  }
}

extension RecallVectors {
  /// Numbers, fractions and mean properties, for the time of a call.
  func withPointers(_ body: (UnsafePointer<UInt8>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void) {
    numbers.withUnsafeBufferPointer { numbers in
      fractions.withUnsafeBufferPointer { fractions in
        means.withUnsafeBufferPointer { means in
          guard let a = numbers.baseAddress, let b = fractions.baseAddress, let c = means.baseAddress else { return }
          body(a, b, c)
        }
      }
    }
  }

  /// Σ min(x, y) over elements of row i and row j of another: 1 where both are the same. O(elements).
  func overlap(_ i: Int, with other: RecallVectors, _ j: Int) -> Float {
    var (a, b) = (starts[i], other.starts[j])
    var sum: Float = 0
    while a < starts[i + 1], b < other.starts[j + 1] {
      let (x, y) = (numbers[a], other.numbers[b])
      if x == y { sum += min(fractions[a], other.fractions[b]) }
      if x <= y { a += 1 }
      if y <= x { b += 1 }
    }
    return sum
  }

  static func merging(_ a: RecallVectors, at first: [Int], _ b: RecallVectors, at second: [Int], count: Int) -> RecallVectors {
    var means = [Float](repeating: 0, count: count * width + 8)
    for (part, rows) in [(a, first), (b, second)] {
      for (i, row) in rows.enumerated() {
        for f in 0..<width { means[row * width + f] = part.means[i * width + f] }
      }
    }
    return RecallVectors(means: means)
  }

  /// Of rows that are never recalled: their mean properties are all that is read.
  private init(means: [Float]) {
    self.means = means
    (starts, numbers, fractions) = ([Int](repeating: 0, count: (means.count - 8) / Self.width + 1), [], [])
  }
}

/// The known compositions nearest to each row, and what is known of them.
package struct RecallTable: Sendable {
  let rows: RecallVectors
  let known: RecallVectors
  package let neighbours: Int
  /// rows × neighbours: a position among the known, or −1.
  package private(set) var indices: [Int32]
  /// rows × neighbours × `RecallAttention.facts`.
  package private(set) var facts: [Float]

  package init(rows: RecallVectors, known: RecallVectors, neighbours: Int) {
    (self.rows, self.known, self.neighbours) = (rows, known, neighbours)
    let count = (rows.starts.count - 1) * neighbours
    indices = [Int32](repeating: -1, count: count)
    facts = [Float](repeating: 0, count: count * RecallAttention.facts)
  }

  /// Fills rows on all cores: `body` writes the indices and facts of one row.
  mutating func fill(
    _ body: @Sendable (_ row: Int, _ indices: UnsafeMutablePointer<Int32>, _ facts: UnsafeMutablePointer<SIMD8<Float>>) -> Void
  ) {
    let n = neighbours
    indices.withUnsafeMutableBufferPointer { indices in
      facts.withUnsafeMutableBytes { facts in
        guard let start = indices.baseAddress, let numbers = facts.baseAddress else { return }
        nonisolated(unsafe) let (first, second) = (start, numbers)
        Threads.forEachChunk(of: indices.count / max(1, n), chunkSize: 64) { range in
          withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: n) { own in
            guard let vectors = own.baseAddress else { return }
            for row in range {
              vectors.initialize(repeating: .zero, count: n)
              body(row, first + row * n, vectors)
              // Rows of the table need not be aligned as vectors are.
              (second + row * n * MemoryLayout<SIMD8<Float>>.size).copyMemory(
                from: vectors, byteCount: n * MemoryLayout<SIMD8<Float>>.size)
            }
          }
        }
      }
    }
  }

  /// Two tables of disjoint rows, of the same known compositions, as one.
  static func merging(_ a: RecallTable, at first: [Int], _ b: RecallTable, at second: [Int], count: Int) -> RecallTable {
    var result = RecallTable(
      rows: .merging(a.rows, at: first, b.rows, at: second, count: count), known: a.known, neighbours: a.neighbours)
    let (n, facts) = (a.neighbours, RecallAttention.facts)
    for (part, rows) in [(a, first), (b, second)] {
      for (i, row) in rows.enumerated() {
        for k in 0..<n { result.indices[row * n + k] = part.indices[i * n + k] }
        for f in 0..<n * facts { result.facts[row * n * facts + f] = part.facts[i * n * facts + f] }
      }
    }
    return result
  }

  /// The first neighbours only; nil for none.
  func limited(to count: Int) -> RecallTable? {
    guard count > 0 else { return nil }
    if count == neighbours { return self }
    var result = RecallTable(rows: rows, known: known, neighbours: count)
    let width = RecallAttention.facts
    for row in 0..<rows.starts.count - 1 {
      for k in 0..<min(count, neighbours) {
        result.indices[row * count + k] = indices[row * neighbours + k]
        for f in 0..<width { result.facts[(row * count + k) * width + f] = facts[(row * neighbours + k) * width + f] }
      }
    }
    return result
  }

  /// The same memory as pointers, for the time of a call.
  package struct View: @unchecked Sendable {
    // Only read.
    let neighbours: Int
    let indices: UnsafePointer<Int32>
    let facts: UnsafePointer<Float>
    let starts: UnsafePointer<Int>
    let numbers: UnsafePointer<UInt8>
    let fractions: UnsafePointer<Float>
    let knownMeans: UnsafePointer<Float>
    let rowMeans: UnsafePointer<Float>
  }

  func withView<T>(_ body: (View) throws -> T) rethrows -> T? {
    try indices.withUnsafeBufferPointer { indices in
      try facts.withUnsafeBufferPointer { facts in
        try known.starts.withUnsafeBufferPointer { starts in
          try known.numbers.withUnsafeBufferPointer { numbers in
            try known.fractions.withUnsafeBufferPointer { fractions in
              try known.means.withUnsafeBufferPointer { means in
                try rows.means.withUnsafeBufferPointer { rowMeans in
                  guard let a = indices.baseAddress, let b = facts.baseAddress, let c = starts.baseAddress,
                    let d = numbers.baseAddress, let e = fractions.baseAddress, let f = means.baseAddress,
                    let g = rowMeans.baseAddress
                  else { return nil }
                  return try body(
                    View(
                      neighbours: neighbours, indices: a, facts: b, starts: c, numbers: d, fractions: e, knownMeans: f,
                      rowMeans: g))
                }
              }
            }
          }
        }
      }
    }
  }
}
