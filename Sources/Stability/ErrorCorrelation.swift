import Chemistry
import Foundation
import LinearAlgebra

/// How alike the errors of a model are at two compositions: a·exp(−d/ℓ), and 1 at the same one.
///
/// d is half the sum of the absolute differences of atomic fractions, from 0 to 1. An exponential of such
/// a distance is a valid covariance (a product of one-dimensional exponential kernels). Errors of neighbours
/// cancel in differences of energy, which is what stability asks for: C. J. Bartel et al., npj Comput.
/// Mater. 6, 97 (2020), show that formation-energy errors do not carry over one to one.
public struct ErrorCorrelation: Sendable, Hashable, Codable {
  /// The correlation of two compositions that almost coincide, in [0, 1].
  public var strength: Double
  /// The distance over which it falls to 1/e.
  public var length: Double

  public init(strength: Double, length: Double) {
    self.strength = strength
    self.length = length
  }

  /// Errors that know nothing of each other.
  public static let none = ErrorCorrelation(strength: 0, length: 1)

  /// Of a boosted model on the Magpie descriptors, trained on 59,509 formation energies of the Materials
  /// Project and asked about 3,000 others: `fitted` to what it got wrong there.
  public static let learned = ErrorCorrelation(strength: 0.138, length: 0.117)

  public func callAsFunction(_ a: Composition, _ b: Composition) -> Double {
    let distance = a.fractionDistance(to: b) / 2
    return distance < 1e-9 ? 1 : strength * exp(-distance / length)
  }

  /// The correlation that errors on held-out compositions show.
  ///
  /// Products of standardised residuals are averaged in bins of distance over all pairs (of at most
  /// `limit` compositions, the first ones), and the two parameters fitted to them by weighted least
  /// squares. Cost O(limit²).
  /// - Parameters:
  ///   - compositions: those that the model had not seen.
  ///   - residuals: (true − predicted) / standard deviation, one for each composition.
  ///   - limit: at most so many compositions count.
  /// - Returns: nil with fewer than 30 compositions, or where no bin of pairs is filled.
  public static func fitted(
    _ compositions: [Composition], residuals: [Double], limit: Int = 6000
  ) -> ErrorCorrelation? {
    let count = min(limit, compositions.count)
    guard compositions.count == residuals.count, count >= 30 else { return nil }
    let bins = 40
    // Heavy tails would let a few failures decide: residuals are cut at three deviations.
    let z = residuals.prefix(count).map { min(3, max(-3, $0)) }
    let power = z.reduce(0) { $0 + $1 * $1 } / Double(count)
    guard power > 0 else { return nil }
    var partial = [[Double]](repeating: [], count: (count + 63) / 64)
    partial.withUnsafeMutableBufferPointer { buffer in
      let slots = Slots(buffer)
      Threads.forEachChunk(of: count, chunkSize: 64) { rows in
        var sums = [Double](repeating: 0, count: 2 * bins)
        for i in rows {
          for j in 0..<i {
            let distance = compositions[i].fractionDistance(to: compositions[j]) / 2
            // Distances beyond 0.8 share almost no element; they only say that there is no correlation.
            let bin = min(bins - 1, Int(distance / 0.8 * Double(bins)))
            guard distance >= 1e-9, distance < 0.8 else { continue }
            sums[2 * bin] += z[i] * z[j]
            sums[2 * bin + 1] += 1
          }
        }
        slots.buffer[rows.lowerBound / 64] = sums
      }
    }
    var means = [Double](repeating: 0, count: bins)
    var weights = [Double](repeating: 0, count: bins)
    for sums in partial {
      for b in 0..<bins {
        means[b] += sums[2 * b]
        weights[b] += sums[2 * b + 1]
      }
    }
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    for b in 0..<bins where weights[b] > 0 { means[b] /= weights[b] * power }
    var best = (error: Double.infinity, value: ErrorCorrelation.none)
    for step in 0..<60 {
      let length = 0.01 * pow(1.08, Double(step))
      let shape = (0..<bins).map { exp(-(Double($0) + 0.5) * 0.8 / Double(bins) / length) }
      // Near pairs matter and are few: bins count by the square root of their pairs.
      var (top, bottom) = (0.0, 0.0)
      for b in 0..<bins {
        top += weights[b].squareRoot() * means[b] * shape[b]
        bottom += weights[b].squareRoot() * shape[b] * shape[b]
      }
      let strength = min(1, max(0, bottom > 0 ? top / bottom : 0))
      var error = 0.0
      for b in 0..<bins {
        let miss = means[b] - strength * shape[b]
        error += weights[b].squareRoot() * miss * miss
      }
      if error < best.error { best = (error, ErrorCorrelation(strength: strength, length: length)) }
    }
    return best.value
  }
}
