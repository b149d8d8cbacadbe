import CVectorMath
import Foundation
import LinearAlgebra

/// Products of the covariance of n rows with vectors, without ever holding it: tiles of it are made again each time.
///
/// Tiles on one side of the diagonal serve both. Sums of tiles are taken in one order, so results do not depend on the
/// number of threads.
struct TiledCovariance<Scalar: BlockScalar>: Sendable {
  let count: Int
  private let width: Int
  private let profile: StationaryKernel.Profile
  private let variance: Scalar
  private let rows: [Scalar]
  private let norms: [Scalar]

  /// Rows and columns of a tile: at 4 bytes a megabyte, which stays in the cache.
  private static var tile: Int { 512 }

  init(_ kernel: StationaryKernel, _ x: Matrix) {
    let scaled = ScaledRows(x, kernel.lengthscales)
    count = x.rows
    width = x.columns
    profile = kernel.profile
    variance = Scalar(kernel.variance)
    rows = scaled.values.elements.map { Scalar($0) }
    norms = scaled.norms.map { Scalar($0) }
  }

  /// K·v. n²·(d + 2) operations on all threads, and n²/2 evaluations of the profile.
  func multiplied(by v: [Double]) -> [Double] {
    let (n, d, tile) = (count, width, Self.tile)
    let blocks = (n + tile - 1) / tile
    let vector = v.map { Scalar($0) }
    // What the tiles of block row i add to block j: row i of this, at j. The part beyond the diagonal is empty.
    var partial = [Double](repeating: 0, count: blocks * n)
    var own = [Double](repeating: 0, count: n)
    partial.withUnsafeMutableBufferPointer { partial in
      own.withUnsafeMutableBufferPointer { own in
        nonisolated(unsafe) let (sums, result) = (partial, own)
        Threads.forEachChunk(of: blocks, chunkSize: 1) { chunk in
          withUnsafeTemporaryAllocation(of: Scalar.self, capacity: tile * tile + tile) { memory in
            rows.withUnsafeBufferPointer { x in
              norms.withUnsafeBufferPointer { norms in
                vector.withUnsafeBufferPointer { vector in
                  guard let k = memory.baseAddress, let x = x.baseAddress, let norms = norms.baseAddress,
                    let vector = vector.baseAddress
                  else { return }
                  let below = k + tile * tile
                  for i in chunk {
                    // The last block row has the most tiles: it goes first.
                    let block = blocks - 1 - i
                    let first = block * tile
                    let height = min(tile, n - first)
                    for other in 0...block {
                      let start = other * tile
                      let size = min(tile, n - start)
                      SerialProducts.multiply(
                        x + first * d, d, x + start * d, d, transposed: true, into: k, size, m: height, n: size, k: d)
                      for c in 0..<size { below[c] = 0 }
                      for r in 0..<height {
                        let row = k + r * size
                        Scalar.correlate(profile.code, row, size, norms[first + r], norms + start, variance)
                        if other == block { row[r] = variance }
                        result[first + r] += Scalar.dot(row, vector + start, size)
                        if other < block {
                          let weight = vector[first + r]
                          for c in 0..<size { below[c] += weight * row[c] }
                        }
                      }
                      if other < block { for c in 0..<size { sums[block * n + start + c] = Double(below[c]) } }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    for block in 0..<blocks {
      for i in 0..<block * tile { own[i] += partial[block * n + i] }
    }
    return own
  }
}
