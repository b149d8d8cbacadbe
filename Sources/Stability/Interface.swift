import Chemistry

/// What two materials turn into where they touch, for every ratio in which they could mix.
///
///     let contact = try diagram.interface(between: electrolyte, and: cathode)
///     contact.worst.energy           // eV/atom of the most harmful mixture; 0: they coexist
///     contact.worst.reaction         // what forms there
///
/// The energy of the hull along the mixing line minus that of the two materials: W. D. Richards et al.,
/// Chem. Mater. 28, 266 (2016), as pymatgen's `InterfacialReactivity` computes it. Thermodynamic limits:
/// kinetics can protect a contact that reacts, nothing can make one react that does not.
public struct Interface: Hashable, Sendable {
  /// One mixture at which the products change.
  public struct Kink: Hashable, Sendable {
    /// Share of the first material: of the atoms, or of the atoms other than the ion where the interface
    /// is open to one.
    public let fraction: Double
    /// Energy of the products minus that of the materials, eV for each atom (each other atom) of the
    /// mixture; 0 or below for materials on or above the hull.
    public let energy: Double
    /// The part that needs both materials: `energy` without what each would set free alone.
    public let mutualEnergy: Double
    public let reaction: Reaction
  }

  public let first: Composition
  public let second: Composition
  /// The ion and the voltage against its metal at which it comes and goes; nil for a closed interface.
  public let reservoir: Reservoir?
  /// By falling share of the first material, from 1 to 0.
  public let kinks: [Kink]

  public struct Reservoir: Hashable, Sendable {
    public let ion: MobileIon
    public let voltage: Double

    public init(ion: MobileIon = .lithium, voltage: Double) {
      self.ion = ion
      self.voltage = voltage
    }
  }

  /// The mixture that sets the most energy free; of equal ones that with more of the first material.
  public var worst: Kink {
    kinks.reduce(kinks[0]) { $1.energy < $0.energy - 1e-10 ? $1 : $0 }
  }

  /// The mixture in which the two harm each other most.
  public var worstMutual: Kink {
    kinks.reduce(kinks[0]) { $1.mutualEnergy < $0.mutualEnergy - 1e-10 ? $1 : $0 }
  }
}

extension PhaseDiagram {
  /// The reactions between two materials.
  ///
  /// - Parameters:
  ///   - first: the one whose share of a mixture is its `fraction`.
  ///   - second: the other.
  ///   - energies: formation energies of the materials, eV/atom. Where nil, a known phase has its own
  ///     energy, and any other material that of the hull: its metastability is then not counted.
  ///   - reservoir: opens the interface to an ion at a voltage.
  /// - Throws: `StabilityError.sameComposition`, `.missingElements`, `.onlyMobileIon`.
  /// - Complexity: two linear programs for each kink.
  public func interface(
    between first: Composition, and second: Composition, energies: (Double?, Double?) = (nil, nil),
    openTo reservoir: Interface.Reservoir? = nil
  ) throws(StabilityError) -> Interface {
    guard CompositionKey(first) != CompositionKey(second) else {
      throw .sameComposition(first.phaseLabel)
    }
    let ends = (
      try materialEnergy(of: first, given: energies.0), try materialEnergy(of: second, given: energies.1)
    )
    var line = try MixingLine(self, first, second, energies: ends, reservoir: reservoir)
    let pieces = try Envelope.pieces(from: 0, to: 1) {
      t throws(StabilityError) -> Envelope.Line<Int> in try line.tangent(at: t)
    }
    // From the first material to the second.
    let places = ([0] + pieces.dropFirst().map(\.lower) + [1]).reversed()
    var kinks: [Interface.Kink] = []
    let alone = (try line.energy(at: 1), try line.energy(at: 0))
    for place in places { kinks.append(try line.kink(at: place, alone: alone)) }
    return Interface(first: first, second: second, reservoir: reservoir, kinks: kinks)
  }

  /// Energy of a material, eV/atom: the given one, its own in the table, or that of the hull.
  func materialEnergy(of composition: Composition, given: Double?) throws(StabilityError) -> Double {
    if let given {
      guard given.isFinite else { throw .energyNotFinite(phase: composition.phaseLabel) }
      return given
    }
    if let known = phase(at: composition) { return known.formationEnergy }
    return try hullEnergy(at: composition)
  }
}

/// The hull between two compositions, by its supporting lines.
///
/// In the share t of the first material the hull is convex: the upper envelope of its tangents, whose
/// negatives `Envelope` follows.
private struct MixingLine {
  let diagram: PhaseDiagram
  let first: Composition
  let second: Composition
  let ion: MobileIon?
  let voltage: Double
  /// Phases and their columns, costs with the ions at their voltage.
  private let phases: [Int]
  private let columns: [Double]
  private let costs: [Double]
  /// Fractions of the two materials, of all atoms or of those other than the ion.
  private let ends: ([Double], [Double])
  /// Their energies for each of these atoms.
  private let energies: (Double, Double)
  private var simplex = HullSimplex()
  /// The optima found so far: each holds over an interval of mixtures, and most questions fall into one.
  private var optima: [HullSimplex] = []

  init(
    _ diagram: PhaseDiagram, _ first: Composition, _ second: Composition, energies: (Double, Double),
    reservoir: Interface.Reservoir?
  ) throws(StabilityError) {
    self.diagram = diagram
    self.first = first
    self.second = second
    ion = reservoir?.ion
    voltage = reservoir?.voltage ?? 0
    let set = ElementSet(first).union(ElementSet(second))
    let both = first + second
    if let reservoir {
      let open = try OpenSubsystem(diagram, set: set, ion: reservoir.ion, asked: both)
      guard let a = open.target(first), let b = open.target(second) else {
        throw .onlyMobileIon(reservoir.ion.element)
      }
      let factor = Double(reservoir.ion.charge) * reservoir.voltage
      func perAtom(_ energy: Double, _ material: Composition) -> Double {
        let others = material.atomCount - material[reservoir.ion.element]
        return (energy * material.atomCount + factor * material[reservoir.ion.element]) / others
      }
      (phases, columns, costs) = open.problem(at: reservoir.voltage)
      ends = (a, b)
      self.energies = (perAtom(energies.0, first), perAtom(energies.1, second))
    } else {
      let closed = try diagram.subsystem(of: set, asked: both)
      (phases, columns, costs) = (closed.phases, closed.columns, closed.energies)
      ends = (closed.target(first), closed.target(second))
      self.energies = energies
    }
  }

  private func target(_ t: Double) -> [Double] {
    zip(ends.0, ends.1).map { max(0, t * $0 + (1 - t) * $1) }
  }

  private mutating func solve(_ t: Double) throws(StabilityError) -> Double {
    let target = target(t)
    let optimum = costs.withUnsafeBufferPointer { costs -> Double? in
      target.withUnsafeBufferPointer { target in
        for k in optima.indices {
          if let optimum = optima[k].move(to: target, costs: costs) {
            simplex = optima[k]
            return optimum
          }
        }
        let optimum = columns.withUnsafeBufferPointer {
          simplex.minimize(columns: $0, costs: costs, target: target)
        }
        if optimum != nil { optima.append(simplex) }
        return optimum
      }
    }
    guard let optimum else { throw .didNotConverge((first + second).phaseLabel) }
    return optimum
  }

  /// The negative of a line that touches the hull at t and is nowhere above it.
  mutating func tangent(at t: Double) throws(StabilityError) -> Envelope.Line<Int> {
    _ = try solve(t)
    var atFirst = 0.0
    var atSecond = 0.0
    for (k, price) in simplex.prices.enumerated() {
      atFirst += price * ends.0[k]
      atSecond += price * ends.1[k]
    }
    return Envelope.Line(intercept: -atSecond, slope: atSecond - atFirst, content: 0)
  }

  /// Energy of the equilibrium minus that of the materials.
  mutating func energy(at t: Double) throws(StabilityError) -> Double {
    try solve(t) - t * energies.0 - (1 - t) * energies.1
  }

  /// - Parameter alone: the energies at both ends.
  mutating func kink(at t: Double, alone: (Double, Double)) throws(StabilityError) -> Interface.Kink {
    let energy = try energy(at: t)
    let mutual = energy - t * alone.0 - (1 - t) * alone.1
    // Amounts for one atom (other than the ion) of the mixture, then whole materials.
    var products: [Reaction.Term] = []
    for (column, weight) in zip(simplex.basis, simplex.weights) where weight > Decomposition.smallestFraction {
      let phase = diagram.phases[phases[column]].composition
      products.append(Reaction.Term(weight / counted(phase), of: phase))
    }
    var reactants: [Reaction.Term] = []
    if t > 1e-9 { reactants.append(Reaction.Term(t / counted(first), of: first)) }
    if t < 1 - 1e-9 { reactants.append(Reaction.Term((1 - t) / counted(second), of: second)) }
    if let ion, let metal = Composition([(ion.element, 1)]) {
      let gained = products.reduce(0) { $0 + $1.amount(of: ion.element) }
        - reactants.reduce(0) { $0 + $1.amount(of: ion.element) }
      if gained > 1e-8 { reactants.append(Reaction.Term(gained, of: metal)) }
      if gained < -1e-8 { products.append(Reaction.Term(-gained, of: metal)) }
    }
    // One formula unit of the first material, or of the second alone.
    let unit = reactants.first?.amount ?? 1
    return Interface.Kink(
      fraction: t, energy: abs(energy) < 1e-12 ? 0 : energy, mutualEnergy: abs(mutual) < 1e-12 ? 0 : mutual,
      reaction: Reaction(
        reactants: reactants.map { Reaction.Term($0, dividedBy: unit) },
        products: products.sorted { $0.formula < $1.formula }.map { Reaction.Term($0, dividedBy: unit) }))
  }

  private func counted(_ composition: Composition) -> Double {
    composition.atomCount - (ion.map { composition[$0.element] } ?? 0)
  }
}
