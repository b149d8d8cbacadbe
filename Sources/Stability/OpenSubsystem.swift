import Chemistry

/// Phase equilibria of a few elements with a reservoir of one mobile ion: a grand-potential hull.
///
/// Amounts are counted for one atom other than the ion. An equilibrium at voltage V minimises
/// E + z·V·n, with n ions held: ions at V against the metal have the chemical potential −z·V.
struct OpenSubsystem {
  struct Equilibrium {
    /// Positions in `PhaseDiagram.phases`, with atoms other than the ion in each; they sum to 1.
    var shares: [(phase: Int, amount: Double)]
    /// eV for each atom other than the ion.
    var energy: Double
    /// Ions for each other atom.
    var ions: Double
  }

  let ion: MobileIon
  let elements: [Element]
  let phases: [Int]
  let asked: Composition
  private let columns: [Double]
  private let energies: [Double]
  private let ions: [Double]
  private var simplex = HullSimplex()
  private var costs: [Double]

  /// - Parameter set: must hold an element other than the ion.
  init(
    _ diagram: PhaseDiagram, set: ElementSet, ion: MobileIon, asked: Composition
  ) throws(StabilityError) {
    var whole = set
    whole.insert(ion.element)
    let closed = try diagram.subsystem(of: whole, asked: asked)
    let m = closed.elements.count
    let ionRow = closed.elements.firstIndex(of: ion.element) ?? 0
    var phases: [Int] = []
    var columns: [Double] = []
    var energies: [Double] = []
    var ions: [Double] = []
    for (j, phase) in closed.phases.enumerated() {
      let fraction = closed.columns[j * m + ionRow]
      let rest = 1 - fraction
      guard rest > 1e-9 else { continue }
      phases.append(phase)
      energies.append(closed.energies[j] / rest)
      ions.append(fraction / rest)
      for k in 0..<m where k != ionRow { columns.append(closed.columns[j * m + k] / rest) }
    }
    self.ion = ion
    self.asked = asked
    elements = closed.elements.filter { $0 != ion.element }
    self.phases = phases
    self.columns = columns
    self.energies = energies
    self.ions = ions
    costs = energies
  }

  /// Fractions of the other elements; nil if there is nothing but the ion.
  func target(_ composition: Composition) -> [Double]? {
    let amounts = elements.map { composition[$0] }
    let sum = amounts.reduce(0, +)
    return sum > 0 ? amounts.map { $0 / sum } : nil
  }

  /// The phases, their columns and their grand potentials at a voltage.
  func problem(at voltage: Double) -> (phases: [Int], columns: [Double], costs: [Double]) {
    let factor = Double(ion.charge) * voltage
    return (phases, columns, zip(energies, ions).map { $0 + factor * $1 })
  }

  /// The equilibrium of a composition at a voltage, and its dual prices.
  mutating func equilibrium(
    of target: [Double], voltage: Double
  ) throws(StabilityError) -> (Equilibrium, prices: [Double]) {
    let factor = Double(ion.charge) * voltage
    for j in costs.indices { costs[j] = energies[j] + factor * ions[j] }
    let optimum = columns.withUnsafeBufferPointer { columns in
      costs.withUnsafeBufferPointer { costs in
        target.withUnsafeBufferPointer { target in
          simplex.minimize(columns: columns, costs: costs, target: target)
        }
      }
    }
    guard optimum != nil else { throw .didNotConverge(asked.phaseLabel) }
    var result = Equilibrium(shares: [], energy: 0, ions: 0)
    for (column, weight) in zip(simplex.basis, simplex.weights) {
      result.energy += weight * energies[column]
      result.ions += weight * ions[column]
      if weight > Decomposition.smallestFraction { result.shares.append((phases[column], weight)) }
    }
    return (result, simplex.prices)
  }
}
