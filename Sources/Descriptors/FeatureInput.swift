import Chemistry
import Synchronization

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
  /// The ions, when oxidation states were asked for: an element of mixed valence makes two.
  public private(set) var ions = UnsafeBufferPointer<IonShare>(start: nil, count: 0)
  /// Whether the ions balance their charges; see `FeatureInput.IonShare` for what they are else.
  public private(set) var isBalanced = false
  /// Mean charge of each element.
  public var charges: UnsafePointer<Double> { UnsafePointer(solver.charges) }

  /// Atoms of one element in one oxidation state.
  ///
  /// From `OxidationStates.assign`. A composition that no states balance has the most usual state of
  /// each element; an element without states, and one alone, has charge 0.
  public struct IonShare: Sendable {
    /// Position of the element in `numbers`.
    public let element: Int
    public let charge: Double
    /// Among all atoms.
    public let fraction: Double
    /// Å; see `IonRadii`.
    public let radius: Double
    public let isRadiusImputed: Bool
  }

  /// Room for the profile of one composition on the Mendeleev scale.
  let profile: UnsafeMutablePointer<SIMD8<Float>>

  private let solver = OxidationSolver()
  private let ionStore: UnsafeMutablePointer<IonShare>

  /// Amounts below this in a formula are left out, as in pymatgen and matminer.
  public static let amountTolerance = 1e-8

  public init() {
    numbers = .allocate(capacity: Element.count)
    amounts = .allocate(capacity: Element.count)
    fractions = .allocate(capacity: Element.count)
    ionStore = .allocate(capacity: 2 * Element.count)
    profile = .allocate(capacity: (Element.count + 7) / 8)
  }

  /// Lends one that no other thread uses; oxidation-state tables that it has made are kept.
  package static func withShared(_ body: (FeatureInput) -> Void) {
    let lent = unused.withLock { $0.popLast() } ?? Lent(input: FeatureInput())
    body(lent.input)
    unused.withLock { $0.append(lent) }
  }

  private struct Lent: @unchecked Sendable {
    let input: FeatureInput
  }

  private static let unused = Mutex<[Lent]>([])

  deinit {
    numbers.deallocate()
    amounts.deallocate()
    fractions.deallocate()
    ionStore.deallocate()
    profile.deallocate()
  }

  /// Takes the next composition, with its oxidation states where they are asked for: about a
  /// microsecond more.
  public func load(_ composition: Composition, oxidationStates: Bool = false) {
    count = 0
    total = 0
    mixture = composition.mixture
    load(composition, above: Self.amountTolerance)
    // A formula with nothing but traces is taken as it is.
    if count == 0 { load(composition, above: 0) }
    for i in 0..<count { fractions[i] = amounts[i] / total }
    if oxidationStates { assignIons() }
  }

  /// Whether an element is there. O(elements).
  func contains(_ number: Int) -> Bool {
    for i in 0..<count where numbers[i] == number { return true }
    return false
  }

  /// The oxidation states of what is loaded; whether they balance.
  package func assignOxidationStates() -> Bool {
    assignIons()
    return isBalanced
  }

  private func assignIons() {
    let level = solver.solve(count, numbers, amounts)
    isBalanced = level != .unbalanced
    let radii = IonRadii.shared
    var next = 0
    func add(_ element: Int, _ charge: Double, _ fraction: Double) {
      let radius = radii[numbers[element], Int(charge)]
      ionStore[next] = IonShare(
        element: element, charge: charge, fraction: fraction, radius: radius.value, isRadiusImputed: radius.isImputed)
      next += 1
    }
    for i in 0..<count {
      if count == 1 {
        add(i, 0, 1)
      } else {
        solver.forEachState(at: i, numbers[i], level) { add(i, $0, $1 * fractions[i]) }
      }
    }
    ions = UnsafeBufferPointer(start: ionStore, count: next)
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
