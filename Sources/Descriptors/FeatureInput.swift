import Chemistry

/// A composition laid out for featurizers, reused from row to row so that nothing is allocated.
///
/// Not for sharing between threads: each has its own.
public final class FeatureInput {
  /// How many elements.
  public private(set) var count = 0
  /// Atomic numbers, ascending.
  public let numbers: UnsafeMutablePointer<Int>
  /// Amounts as written.
  public let amounts: UnsafeMutablePointer<Double>
  /// Atomic fractions, adding up to 1.
  public let fractions: UnsafeMutablePointer<Double>
  /// Sum of the amounts.
  public private(set) var total = 0.0
  /// What the material is mixed from, where its formula says so.
  public private(set) var mixture: Mixture?

  /// Amounts below this in a formula are left out, as in pymatgen and matminer.
  public static let amountTolerance = 1e-8

  public init() {
    numbers = .allocate(capacity: Element.count)
    amounts = .allocate(capacity: Element.count)
    fractions = .allocate(capacity: Element.count)
  }

  deinit {
    numbers.deallocate()
    amounts.deallocate()
    fractions.deallocate()
  }

  /// Takes the next composition.
  ///
  /// - Parameter oxidationStates: whether to assign them; costs more than all the rest.
  public func load(_ composition: Composition, oxidationStates: Bool = false) {
    count = 0
    total = 0
    mixture = composition.mixture
    load(composition, above: Self.amountTolerance)
    // A formula with nothing but traces is taken as it is.
    if count == 0 { load(composition, above: 0) }
    for i in 0..<count { fractions[i] = amounts[i] / total }
  }

  private func load(_ composition: Composition, above threshold: Double) {
    composition.entries.withUnsafeBufferPointer { entries in
      for entry in entries where entry.amount >= threshold {
        numbers[count] = entry.element.atomicNumber
        amounts[count] = entry.amount
        total += entry.amount
        count += 1
      }
    }
  }
}
