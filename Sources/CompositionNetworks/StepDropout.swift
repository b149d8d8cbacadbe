/// What one training step passes over, so that a network leans on no single part: neighbours, and numbers of the vector
/// of a composition.
///
/// Dropout of Srivastava et al., J. Mach. Learn. Res. 15, 1929 (2014): the numbers of a vector that are kept count for
/// those that are not. Which these are depends on the seed and the place alone, so that the way back through the network
/// finds them again.
package struct StepDropout: Sendable {
  /// Shares of all, from 0 to below 1.
  package struct Shares: Sendable {
    package var neighbours = 0.15
    package var pooled = 0.0

    package init(neighbours: Double = 0.15, pooled: Double = 0) {
      (self.neighbours, self.pooled) = (neighbours, pooled)
    }
  }

  private let seed: UInt64
  /// Of 2³².
  private let neighbours: UInt32, pooled: UInt32
  private let kept: Float

  package init(seed: UInt64, _ shares: Shares) {
    func threshold(_ share: Double) -> UInt32 { UInt32(min(0.99, max(0, share)) * 0x1p32) }
    self.seed = seed
    (neighbours, pooled) = (threshold(shares.neighbours), threshold(shares.pooled))
    kept = Float(1 / (1 - min(0.99, max(0, shares.pooled))))
  }

  /// - Parameter place: of the neighbour among those of all rows.
  @inline(__always)
  package func dropsNeighbour(_ place: Int) -> Bool { Self.mix(seed, place) < neighbours }

  /// Drops numbers of the vector of a row, or of its gradient.
  @inline(__always)
  package func mask(_ x: UnsafeMutablePointer<Float>, row: Int, count: Int) {
    guard pooled > 0 else { return }
    // Rows and neighbours share a seed: what a row drops must not follow its neighbours.
    for j in 0..<count { x[j] *= Self.mix(~seed, row * count + j) < pooled ? 0 : kept }
  }

  /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  @inline(__always)
  private static func mix(_ seed: UInt64, _ place: Int) -> UInt32 {
    var z = seed &+ UInt64(bitPattern: Int64(place)) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: z >> 32)
  }
}
