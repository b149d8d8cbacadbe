import LinearAlgebra

/// What one training step passes over, so that a network leans on no single part: neighbours, and numbers of the vector
/// of a composition.
///
/// Dropout of Srivastava et al., J. Mach. Learn. Res. 15, 1929 (2014): the numbers of a vector that are kept count for
/// those that are not. Which these are depends on the seed and the place alone, so that the way back through the network
/// finds them again.
package struct StepDropout: Sendable {
  /// Shares of all, from 0 to 0.99.
  package struct Shares: Sendable {
    package let neighbours: Double
    package let pooled: Double

    package init(neighbours: Double = 0.15, pooled: Double = 0) {
      (self.neighbours, self.pooled) = (min(0.99, max(0, neighbours)), min(0.99, max(0, pooled)))
    }
  }

  private let seed: UInt64
  /// Of 2³².
  private let neighbours: UInt32, pooled: UInt32
  private let kept: Float

  package init(seed: UInt64, _ shares: Shares) {
    self.seed = seed
    (neighbours, pooled) = (UInt32(shares.neighbours * 0x1p32), UInt32(shares.pooled * 0x1p32))
    kept = Float(1 / (1 - shares.pooled))
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

  /// Half of a number of the sequence that `SeededGenerator` makes of the seed, without those before it.
  @inline(__always)
  private static func mix(_ seed: UInt64, _ place: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: SeededGenerator.mixed(seed &+ UInt64(bitPattern: Int64(place)) &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
