import Chemistry

/// Answers many questions to one diagram: keeps the workspace, and the phases of the last system.
///
/// One for each thread. Questions sorted by chemical system gather the phases of each only once.
struct HullEvaluator {
  let diagram: PhaseDiagram
  private var simplex = HullSimplex()
  private var system: ElementSet?
  private var subsystem: ChemicalSubsystem?

  init(_ diagram: PhaseDiagram) { self.diagram = diagram }

  mutating func hullEnergy(
    at composition: Composition, excludingSelf: Bool
  ) throws(StabilityError) -> Double {
    try solve(composition, excludingSelf).energy
  }

  /// - Parameter other: position of a phase to leave out besides, or −1.
  mutating func hullEnergy(
    at composition: Composition, excludingSelfAnd other: Int
  ) throws(StabilityError) -> Double {
    try solve(composition, true, hiding: other).energy
  }

  mutating func decomposition(
    of composition: Composition, excludingSelf: Bool
  ) throws(StabilityError) -> Decomposition {
    let (energy, members) = try solve(composition, excludingSelf)
    var products: [Decomposition.Product] = []
    for (column, weight) in zip(simplex.basis, simplex.weights)
    where weight > Decomposition.smallestFraction {
      products.append(.init(phase: diagram.phases[members.phases[column]], atomFraction: weight))
    }
    return Decomposition(energy: energy, products: products)
  }

  private mutating func solve(
    _ composition: Composition, _ excludingSelf: Bool, hiding other: Int = -1
  ) throws(StabilityError) -> (energy: Double, members: ChemicalSubsystem) {
    let members = try gather(composition)
    var skipped = -1
    if excludingSelf {
      if members.elements.count == 1 { throw .elementHasNoCompetitors(members.elements[0]) }
      if let own = diagram.positions[CompositionKey(composition)] {
        skipped = members.column(of: own) ?? -1
      }
    }
    let target = members.target(composition)
    var costs = members.energies
    // The elements are always there; a phase that costs this much never enters.
    if other >= 0, let column = members.column(of: other), column >= members.elements.count { costs[column] = 1e6 }
    let energy = members.columns.withUnsafeBufferPointer { columns in
      costs.withUnsafeBufferPointer { energies in
        target.withUnsafeBufferPointer { target in
          simplex.minimize(columns: columns, costs: energies, target: target, skipping: skipped)
        }
      }
    }
    guard let energy else { throw .didNotConverge(composition.phaseLabel) }
    return (energy, members)
  }

  private mutating func gather(_ composition: Composition) throws(StabilityError) -> ChemicalSubsystem {
    let set = ElementSet(composition)
    if let subsystem, system == set { return subsystem }
    let members = try diagram.subsystem(of: set, asked: composition)
    subsystem = members
    system = set
    return members
  }
}
