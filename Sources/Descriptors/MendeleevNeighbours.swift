import CVectorMath
import Chemistry
import LinearAlgebra

/// Finds the known compositions nearest to a new one, where replacing an element by a similar one is a short way.
///
/// The distance is the earth mover's distance of the atomic fractions along a scale of the elements: the least
/// sum of fraction times way that turns one composition into the other. On a line it is the area between the
/// cumulative fractions, Σ |Fₐ(k) − F_b(k)|·(s(k+1) − s(k)). LiCl is nearer to LiBr than to Li2O, which a
/// comparison of fractions alone cannot see.
///
/// After ElMD: Hargreaves, Dyer, Gaultois, Kurlin and Rosseinsky, Chem. Mater. 32, 10610–10620 (2020),
/// doi 10.1021/acs.chemmater.0c03381; the default scale is the Mendeleev number of the Magpie tables.
public struct MendeleevNeighbours: Sendable {
  public struct Neighbour: Sendable, Equatable {
    /// Position among the known compositions.
    public let index: Int
    /// In steps of the scale.
    public let distance: Double
  }

  private typealias Lanes = SIMD8<Float>

  /// For each element, hydrogen first, its place among the different values of the scale.
  private let places: [Int]
  /// Distances from each place to the next.
  private let gaps: [Float]
  /// Vectors of eight that one composition takes.
  private let stride: Int
  /// Cumulative fractions times gaps, in the order of `order`.
  private let profiles: [Lanes]
  /// Sums of each profile over `segments` parts of the scale, in steps of `step`: differences of sums are never above
  /// those of what is summed, so most compositions are passed over by a few bytes.
  private let coarse: [UInt8]
  private let step: Float
  /// Mean place on the scale, ascending: no composition is nearer than its mean.
  private let means: [Float]
  /// Positions of the known compositions, by mean.
  private let order: [Int]

  public var count: Int { order.count }

  private static let segments = 32
  /// Compositions that are compared coarsely at once.
  private static let block = 64

  /// - Parameters:
  ///   - compositions: the known ones; neighbours are named by their positions.
  ///   - scale: a number for each of the 118 elements, hydrogen first.
  /// - Complexity: O(n log n); about 400 bytes for each composition.
  public init(_ compositions: [Composition], scale: [Double] = ElementVectors.mendeleevNumbers) {
    precondition(scale.count == Element.count, "a number for each element")
    let values = Set(scale).sorted()
    let rank = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.element, $0.offset) })
    let places = scale.map { rank[$0] ?? 0 }
    let gaps = zip(values, values.dropFirst()).map { Float($1 - $0) }
    let stride = max(1, (gaps.count + 7) / 8)
    (self.places, self.gaps, self.stride) = (places, gaps, stride)
    let all = compositions.map { Self.profile($0, places: places, gaps: gaps, stride: stride) }
    let middle = all.map { -$0.reduce(Lanes.zero, +).sum() }
    let order = compositions.indices.sorted { (middle[$0], $0) < (middle[$1], $1) }
    self.order = order
    means = order.map { middle[$0] }
    profiles = order.flatMap { all[$0] }
    // Cumulative fractions are at most 1, so no sum is above that of the gaps.
    var widest = [Float](repeating: 0, count: Self.segments)
    for (k, gap) in gaps.enumerated() { widest[k * Self.segments / (stride * 8)] += gap }
    let step = max(1e-6, 1.0001 * (widest.max() ?? 0) / 255)
    self.step = step
    coarse = order.flatMap { Self.steps(all[$0], of: step) }
  }

  private static func steps(_ profile: [Lanes], of step: Float) -> [UInt8] {
    var sums = [Float](repeating: 0, count: segments)
    let width = profile.count * 8
    for k in 0..<width { sums[k * segments / width] += profile[k / 8][k % 8] }
    return sums.map { UInt8(min(255, max(0, ($0 / step).rounded()))) }
  }

  /// With F the cumulative fractions, Σ F·gap is the top of the scale minus the mean place.
  private static func profile(_ composition: Composition, places: [Int], gaps: [Float], stride: Int) -> [Lanes] {
    var shares = [Float](repeating: 0, count: gaps.count + 1)
    let total = composition.atomCount
    for entry in composition.entries { shares[places[entry.element.atomicNumber - 1]] += Float(entry.amount / total) }
    var result = [Lanes](repeating: .zero, count: stride)
    var sum: Float = 0
    for (k, gap) in gaps.enumerated() {
      sum += shares[k]
      result[k / 8][k % 8] = sum * gap
    }
    return result
  }

  /// The `limit` known compositions nearest to `composition`, nearest first; ties by position. Exact.
  ///
  /// Positions for which `isExcluded` is true are passed over, such as the row itself in leave-one-out.
  /// - Complexity: at worst O(n) distances of about 13 vector operations; the search goes outward from the
  ///   composition's mean place, passes over what is too far by coarse sums, and ends where means alone are too
  ///   far.
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    precondition(limit > 0, "at least one neighbour")
    let query = Self.profile(composition, places: places, gaps: gaps, stride: stride)
    let mean = -query.reduce(Lanes.zero, +).sum()
    // Means are rounded; a little slack keeps the search exact.
    let slack: Float = 1e-3
    var above = lowerBound(mean)
    var below = above - 1
    var best: [(distance: Float, index: Int)] = []
    best.reserveCapacity(limit + 1)
    let steps = Self.steps(query, of: step)
    query.withUnsafeBufferPointer { query in
      profiles.withUnsafeBufferPointer { profiles in
        coarse.withUnsafeBufferPointer { coarse in
          withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.block) { room in
            guard let numbers = UnsafeRawPointer(profiles.baseAddress)?.assumingMemoryBound(to: Float.self),
              let asked = UnsafeRawPointer(query.baseAddress)?.assumingMemoryBound(to: Float.self),
              let rows = coarse.baseAddress, let bounds = room.baseAddress
            else { return }
            while below >= 0 || above < means.count {
              let down = below >= 0 ? mean - means[below] : .infinity
              let up = above < means.count ? means[above] - mean : .infinity
              if best.count == limit, min(down, up) > best[limit - 1].distance + slack { break }
              let isDown = down < up
              let first = isDown ? max(0, below - Self.block + 1) : above
              let end = isDown ? below + 1 : min(means.count, above + Self.block)
              if isDown { below = first - 1 } else { above = end }
              superionic_byte_distances(rows + first * Self.segments, steps, end - first, bounds)
              for next in first..<end {
                if best.count == limit, step * Float(bounds[next - first]) > best[limit - 1].distance + slack { continue }
                let distance = superionic_distancef(numbers + next * stride * 8, asked, stride * 8)
                let candidate = (distance: distance, index: order[next])
                if best.count == limit, candidate >= best[limit - 1] { continue }
                if isExcluded(candidate.index) { continue }
                best.insert(candidate, at: best.firstIndex { candidate < $0 } ?? best.count)
                if best.count > limit { best.removeLast() }
              }
            }
          }
        }
      }
    }
    return best.map { Neighbour(index: $0.index, distance: Double($0.distance)) }
  }

  /// The `limit` nearest neighbours of each of many compositions, on all cores.
  ///
  /// `isExcluded` says whether, for the composition at the first position, the known one at the second is
  /// passed over.
  public func nearest(
    toEach compositions: [Composition], limit: Int,
    excluding isExcluded: @Sendable (Int, Int) -> Bool = { _, _ in false }
  ) -> [[Neighbour]] {
    var result = [[Neighbour]](repeating: [], count: compositions.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: compositions.count, chunkSize: 16) { range in
        for i in range { out[i] = nearest(to: compositions[i], limit: limit) { isExcluded(i, $0) } }
      }
    }
    return result
  }

  /// The first position whose mean is not below.
  private func lowerBound(_ mean: Float) -> Int {
    var (low, high) = (0, means.count)
    while low < high {
      let middle = (low + high) / 2
      if means[middle] < mean { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
