import Foundation
import ModelFiles
import Regression

/// The bins whose probabilities a network predicts in place of one value: a distribution of any form.
///
/// Their centres lie evenly on the scale asinh((x − c)/δ), so that they are fine where most values are and reach the
/// rarest ones; c is the median of the values and δ three of their median distances from it (one, where many values are
/// c: chosen on rows held out of the training parts of three tables of energies, where a factor of four either way
/// costs up to 2%). Where many values are one and none is below, as energies above a hull are zero, that value is a bin
/// of its own and the others begin there.
/// Learning which bin holds a value instead of the value is a regularisation of its own (Farebrother et al., "Stop
/// Regressing", 2024); the target is a normal distribution over the bins around the value (Imani and White, 2018).
package struct ValueBins: Sendable, Equatable {
  /// c and δ, on the scale of the network.
  let center: Double
  let width: Double
  /// Place of the first centre on the asinh scale, and from one centre to the next.
  let lower: Double
  let step: Double
  /// Whether the first bin is the single value c.
  let hasAtom: Bool
  /// Bounds of the bins in ascending order, one more than there are bins; an atom lies between two that are equal.
  package let edges: [Float]

  package static let count = 64
  /// Standard deviation of a target over the bins, in bins; less where many values are one, as the others are few.
  static let blur: Float = 1
  static let blurAtAtom: Float = 0.25
  /// Of δ, in median distances from c; where many values are c, those of the others.
  static let fineness = 3.0
  static let finenessAtAtom = 1.0

  /// - Parameter values: at least one, on the scale of the network.
  /// - Parameter atom: a value that many have and none is below.
  package init(of values: [Float], atom: Float? = nil) {
    let rest = values.map(Double.init).filter { Float($0) != atom }.sorted()
    let center = atom.map(Double.init) ?? rest[rest.count / 2]
    let distances = rest.map { abs($0 - center) }.sorted()
    let median = distances.isEmpty ? 0 : distances[distances.count / 2]
    let width = (atom == nil ? Self.fineness : Self.finenessAtAtom) * (median > 0 ? median : 1)
    let bounds = [rest.first ?? center, rest.last ?? center].map { Foundation.asinh(($0 - center) / width) }
    let lower = atom == nil ? bounds[0] : 0
    let bins = Self.count - (atom == nil ? 1 : 2)
    let reach = bounds[1] - lower
    self.init(center: center, width: width, lower: lower, step: (reach > 0 ? reach : 1) / Double(bins), hasAtom: atom != nil)
  }

  private init(center: Double, width: Double, lower: Double, step: Double, hasAtom: Bool) {
    (self.center, self.width, self.lower, self.step, self.hasAtom) = (center, width, lower, step, hasAtom)
    let first = hasAtom ? 1 : 0
    func value(_ place: Double) -> Float { Float(center + width * sinh(lower + step * place)) }
    var edges = (0...Self.count - first).map { value(Double($0) - 0.5) }
    // Nothing lies below the atom.
    if hasAtom { edges = [value(0), value(0)] + edges.dropFirst() }
    self.edges = edges
  }

  /// Where a value lies among the centres of the bins: 2 at the third, 2.5 between it and the fourth; the ends beyond.
  @inline(__always)
  package func place(of value: Float) -> Float {
    if hasAtom && Double(value) <= center { return 0 }
    let place = (asinh((Double(value) - center) / width) - lower) / step + (hasAtom ? 1 : 0)
    return Float(min(Double(Self.count - 1), max(hasAtom ? 1 : 0, place)))
  }

  // MARK: Likelihood

  /// Makes logits probabilities.
  @inline(__always)
  static func normalize(_ x: UnsafeMutablePointer<Float>) {
    var top = x[0]
    for k in 1..<count { top = max(top, x[k]) }
    var total: Float = 0
    for k in stride(from: 0, to: count, by: 8) {
      let e = Activation.exp(Row.load(x, k) - SIMD8(repeating: top))
      Row.store(e, x + k, 0)
      total += e.sum()
    }
    let inverse = 1 / total
    for k in 0..<count { x[k] *= inverse }
  }

  /// −log of the likelihood of a value, or of a bound, and its gradient by the logits, times `weight`.
  ///
  /// - Parameters:
  ///   - logits: `count` of them; probabilities afterwards.
  ///   - side: 0 for a value; −1 where it lies at or below `y`, 1 where it lies at or above.
  @inline(__always)
  package func loss(
    _ logits: UnsafeMutablePointer<Float>, y: Float, side: Int8, weight: Float, into gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    let count = Self.count
    let blur = hasAtom ? Self.blurAtAtom : Self.blur
    Self.normalize(logits)
    let place = place(of: y)
    if side != 0 {
      // Shares of the bins on the right side of the bound.
      var inside: Float = 0
      for k in 0..<count {
        let share = 0.5 * Foundation.erfc(Float(side) * (place - Float(k)) * 0.707_106_78 / blur)
        gradient[k] = share
        inside += share * logits[k]
      }
      inside = max(inside, 1e-20)
      for k in 0..<count { gradient[k] = weight * logits[k] * (1 - gradient[k] / inside) }
      return -weight * Foundation.log(inside)
    }
    for k in 0..<count { gradient[k] = weight * logits[k] }
    if hasAtom && place == 0 {
      gradient[0] -= weight
      return -weight * Foundation.log(max(logits[0], 1e-20))
    }
    let first = max(hasAtom ? 1 : 0, Int(place - 4 * blur))
    let last = min(count - 1, Int(place + 4 * blur) + 1)
    var total: Float = 0
    for k in first...last { total += Self.kernel((place - Float(k)) / blur) }
    var loss: Float = 0
    for k in first...last {
      let share = weight * Self.kernel((place - Float(k)) / blur) / total
      gradient[k] -= share
      loss -= share * Foundation.log(max(logits[k], 1e-20))
    }
    return loss
  }

  @inline(__always)
  private static func kernel(_ distance: Float) -> Float {
    Foundation.exp(-0.5 * distance * distance)
  }

  // MARK: Model files

  func archive() -> [Double] { [center, width, lower, step, hasAtom ? 1 : 0] }

  init(archive: TensorArchive) throws(ArchiveError) {
    let numbers = try archive.finiteDoubles("bins", shape: [5])
    guard numbers[1] > 0, numbers[3] > 0 else { throw .invalid("bins", reason: "have no width") }
    self.init(center: numbers[0], width: numbers[1], lower: numbers[2], step: numbers[3], hasAtom: numbers[4] == 1)
    guard edges.allSatisfy(\.isFinite) else { throw .invalid("bins", reason: "have no bounds") }
  }
}
