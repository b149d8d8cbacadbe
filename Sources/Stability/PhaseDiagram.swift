import Chemistry

/// The convex hull of formation energies over any number of elements.
///
///     let diagram = try PhaseDiagram(phases)
///     let hull = try diagram.decomposition(of: Composition(formula: "Li10GeP2S12"))
///     hull.energy                  // eV/atom of the best mixture of known phases
///     hull.products                // that mixture
///
/// Only the phases whose elements all occur in the question take part, found by chemical system; the
/// hull itself is never built. Elements are references at 0 eV/atom. Of several phases with one
/// composition (polymorphs, duplicates) the lowest counts. The order of the given phases does not
/// change any answer.
public struct PhaseDiagram: Sendable {
  /// Elements first, then by number of elements and composition; one for each composition.
  public let phases: [Phase]
  /// The elements that some phase has; others cannot be asked for.
  public let elements: [Element]

  let known: ElementSet
  /// Atomic fractions of phase i in the order of its elements, from `offsets[i]`.
  let fractions: [Double]
  let offsets: [Int]
  /// Phases of a chemical system (exactly these elements) are neighbours.
  let systems: [ElementSet: Range<Int>]
  let positions: [CompositionKey: Int]

  /// - Parameter phases: with formation energies; the elements need not be among them.
  /// - Throws: `StabilityError.energyNotFinite`, `.elementBelowReference`.
  /// - Complexity: O(n log n).
  public init(_ phases: [Phase]) throws(StabilityError) {
    var known = ElementSet()
    for phase in phases {
      guard phase.formationEnergy.isFinite else { throw .energyNotFinite(phase: phase.name) }
      if phase.composition.entries.count == 1, phase.formationEnergy < -PhaseDiagram.elementTolerance {
        throw .elementBelowReference(phase: phase.name, energy: phase.formationEnergy)
      }
      known = known.union(ElementSet(phase.composition))
    }
    let elements = known.elements
    var lowest: [CompositionKey: Phase] = [:]
    lowest.reserveCapacity(phases.count + elements.count)
    for element in elements {
      if let composition = Composition([(element, 1)]) {
        lowest[CompositionKey(composition)] = Phase(
          element.symbol, composition: composition, formationEnergy: 0, source: "reference state")
      }
    }
    for phase in phases where phase.composition.entries.count > 1 {
      let key = CompositionKey(phase.composition)
      if let other = lowest[key], !PhaseDiagram.precedes(phase, other) { continue }
      lowest[key] = phase
    }
    let sorted = lowest.sorted { $0.key < $1.key }
    var fractions: [Double] = []
    var offsets: [Int] = []
    var systems: [ElementSet: Range<Int>] = [:]
    var positions: [CompositionKey: Int] = [:]
    positions.reserveCapacity(sorted.count)
    for (i, (key, phase)) in sorted.enumerated() {
      offsets.append(fractions.count)
      let atoms = phase.composition.atomCount
      for entry in phase.composition.entries { fractions.append(entry.amount / atoms) }
      systems[key.elements] = (systems[key.elements]?.lowerBound ?? i)..<i + 1
      positions[key] = i
    }
    self.phases = sorted.map(\.value)
    self.elements = elements
    self.known = known
    self.fractions = fractions
    self.offsets = offsets
    self.systems = systems
    self.positions = positions
  }

  /// Formation energies of elements may be this far below zero by rounding, eV/atom.
  static let elementTolerance = 1e-6

  /// The lower energy wins; names decide ties, so that the order of rows does not.
  private static func precedes(_ a: Phase, _ b: Phase) -> Bool {
    if a.formationEnergy != b.formationEnergy { return a.formationEnergy < b.formationEnergy }
    return (a.name, a.source) < (b.name, b.source)
  }

  /// The known phase with this composition (any multiple of the formula), if there is one.
  public func phase(at composition: Composition) -> Phase? {
    positions[CompositionKey(composition)].map { phases[$0] }
  }

  /// This diagram with more phases; the lower energy wins where compositions coincide.
  ///
  /// - Throws: as `init`. Complexity: O(n log n): a new diagram.
  public func adding(_ more: [Phase]) throws(StabilityError) -> PhaseDiagram {
    try PhaseDiagram(phases + more)
  }
}

/// A composition up to a factor, for finding equal ones.
struct CompositionKey: Hashable, Sendable {
  let elements: ElementSet
  let steps: [Int64]

  /// Fractions are counted in steps of about 1e-7; the odd number keeps common fractions from
  /// falling on the border between two steps.
  private static let resolution = 9_999_991.0

  init(_ composition: Composition) {
    elements = ElementSet(composition)
    let atoms = composition.atomCount
    steps = composition.entries.map { Int64(($0.amount / atoms * CompositionKey.resolution).rounded()) }
  }

  /// By number of elements, then which, then how much: the neighbours of a system stay together.
  static func < (a: CompositionKey, b: CompositionKey) -> Bool {
    if a.elements != b.elements { return a.elements.precedes(b.elements) }
    for (x, y) in zip(a.steps, b.steps) where x != y { return x < y }
    return false
  }
}
