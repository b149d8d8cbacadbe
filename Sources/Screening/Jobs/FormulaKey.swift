import Chemistry
import LinearAlgebra

/// What two compositions share when they have the same reduced formula: atomic fractions to 1e-8.
///
/// The half that is added before rounding down is no simple fraction, so that fractions such as
/// 1/3, computed in two ways, do not fall on two sides of a step.
public struct FormulaKey: Hashable, Sendable {
  /// Atomic number in the upper bits, the fraction in steps of 1e-8 in the lower 40.
  let words: [UInt64]

  init(words: [UInt64]) { self.words = words }

  public init(_ composition: Composition) {
    let total = composition.atomCount
    words = composition.entries.map { Self.word($0, total) }
  }

  /// A hash that is the same in every process, as sketches need, without making the key.
  @inline(__always)
  static func stableHash(_ composition: Composition) -> UInt64 {
    let total = composition.atomCount
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for entry in composition.entries {
      hash = SeededGenerator.mixed(hash ^ word(entry, total))
    }
    return hash
  }

  @inline(__always)
  private static func word(_ entry: Composition.Entry, _ total: Double) -> UInt64 {
    UInt64(entry.element.atomicNumber) << 40 | UInt64(entry.amount / total * 1e8 + 0.3183098861837907)
  }
}
