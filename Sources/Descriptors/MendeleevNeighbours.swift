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
  /// Cumulative fractions times gaps, in the order of `boxes`.
  private let profiles: [Lanes]
  /// Sums of each profile over parts of the scale, in steps of `step`: differences of sums are never above those of what
  /// is summed, so most compositions are passed over by a few bytes, or with a whole box.
  private let boxes: ProfileBoxes
  private let step: Float

  public var count: Int { boxes.order.count }

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
    // Cumulative fractions are at most 1, so no sum is above that of the gaps.
    var widest = [Float](repeating: 0, count: ProfileBoxes.segments)
    for (k, gap) in gaps.enumerated() { widest[k * ProfileBoxes.segments / (stride * 8)] += gap }
    let step = max(1e-6, 1.0001 * (widest.max() ?? 0) / 255)
    self.step = step
    let boxes = ProfileBoxes(all.flatMap { Self.steps($0, of: step) })
    self.boxes = boxes
    profiles = boxes.order.flatMap { all[$0] }
  }

  private static func steps(_ profile: [Lanes], of step: Float) -> [UInt8] {
    var sums = [Float](repeating: 0, count: ProfileBoxes.segments)
    let width = profile.count * 8
    for k in 0..<width { sums[k * ProfileBoxes.segments / width] += profile[k / 8][k % 8] }
    return sums.map { UInt8(min(255, max(0, ($0 / step).rounded()))) }
  }

  /// Cumulative fractions times gaps, in order of the scale.
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
  /// - Complexity: at worst O(n) distances of about 13 vector operations; boxes of near compositions are gone through,
  ///   nearest first, and what is too far by coarse sums is passed over.
  public func nearest(
    to composition: Composition, limit: Int, excluding isExcluded: (Int) -> Bool = { _ in false }
  ) -> [Neighbour] {
    precondition(limit > 0, "at least one neighbour")
    let query = Self.profile(composition, places: places, gaps: gaps, stride: stride)
    return query.withUnsafeBufferPointer { query in
      profiles.withUnsafeBufferPointer { profiles in
        guard let numbers = UnsafeRawPointer(profiles.baseAddress)?.assumingMemoryBound(to: Float.self),
          let asked = UnsafeRawPointer(query.baseAddress)?.assumingMemoryBound(to: Float.self)
        else { return [] }
        return boxes.nearest(
          to: Self.steps(Array(query), of: step), limit: limit, step: Double(step), slack: 1e-3, excluding: isExcluded
        ) { Double(superionic_distancef(numbers + $0 * stride * 8, asked, stride * 8)) }
          .map { Neighbour(index: $0.index, distance: $0.distance) }
      }
    }
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
}
