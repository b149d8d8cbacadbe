import Foundation

/// A small, fast random generator whose sequence depends on its seed alone: SplitMix64.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, doi 10.1145/2660193.2660195. Not for cryptography.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
  /// Where the sequence stands: a generator seeded with it goes on from here.
  package private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// The bits of a number spread over all of the result: the finaliser of SplitMix64. Different numbers stay different.
  @inlinable
  package static func mixed(_ number: UInt64) -> UInt64 {
    var z = number
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A generator for an independent stream, such as one tree or one fold.
  public func stream(_ index: Int) -> SeededGenerator {
    var child = SeededGenerator(seed: state ^ (UInt64(bitPattern: Int64(index)) &* 0xD1B5_4A32_D192_ED03))
    _ = child.next()
    return SeededGenerator(seed: child.next())
  }

  /// Uniform on [0, 1), with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal deviate (Box and Muller 1958, doi 10.1214/aoms/1177706645).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// An integer in `0..<bound`, without the bias of a remainder.
  public mutating func index(below bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

  /// A permutation of `0..<count` (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var result = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { result.swapAt(i, index(below: i + 1)) }
    return result
  }
}
