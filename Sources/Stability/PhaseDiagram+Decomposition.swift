import Chemistry

extension PhaseDiagram {
  /// The most stable mixture of known phases at a composition, and its energy.
  ///
  /// - Parameters:
  ///   - composition: any formula; it need not be in the table.
  ///   - excludingSelf: leave out the known phase with exactly this composition, to see what it
  ///     competes with.
  /// - Throws: `StabilityError.missingElements`; `.elementHasNoCompetitors` for an element without
  ///   itself.
  /// - Complexity: O(n·m²) for the n phases and m elements of its chemical system.
  public func decomposition(
    of composition: Composition, excludingSelf: Bool = false
  ) throws(StabilityError) -> Decomposition {
    var evaluator = HullEvaluator(self)
    return try evaluator.decomposition(of: composition, excludingSelf: excludingSelf)
  }

  /// Energy of the convex hull at a composition, eV/atom.
  ///
  /// - Throws: `StabilityError.missingElements`.
  public func hullEnergy(at composition: Composition) throws(StabilityError) -> Double {
    var evaluator = HullEvaluator(self)
    return try evaluator.hullEnergy(at: composition, excludingSelf: false)
  }

  /// The hull at a composition from all other phases: what a formation energy has to beat, eV/atom.
  ///
  /// - Throws: `StabilityError.missingElements`, `.elementHasNoCompetitors`.
  public func hullEnergyExcludingSelf(at composition: Composition) throws(StabilityError) -> Double {
    var evaluator = HullEvaluator(self)
    return try evaluator.hullEnergy(at: composition, excludingSelf: true)
  }

  /// How far a material with a formation energy, eV/atom, lies above the hull of the known phases,
  /// eV/atom.
  ///
  /// Zero for a stable known phase. Negative for a new material that would break the hull.
  /// - Throws: `StabilityError.missingElements`.
  public func energyAboveHull(
    of composition: Composition, energy: Double
  ) throws(StabilityError) -> Double {
    energy - (try hullEnergy(at: composition))
  }

  /// How far a material lies above the hull of all other phases, eV/atom.
  ///
  /// The energy above hull for an unstable material; for a stable one negative: the energy that
  /// holds it together against decomposition.
  /// - Throws: `StabilityError.missingElements`, `.elementHasNoCompetitors`.
  public func decompositionEnergy(
    of composition: Composition, energy: Double
  ) throws(StabilityError) -> Double {
    energy - (try hullEnergyExcludingSelf(at: composition))
  }

  /// The phases of a chemical system, subsystems included, that lie on the hull, or above it by no
  /// more than `tolerance`, eV/atom.
  ///
  /// - Throws: `StabilityError.missingElements`.
  public func stablePhases(
    among elements: [Element], tolerance: Double = 1e-9
  ) throws(StabilityError) -> [Phase] {
    guard let whole = Composition(elements.map { ($0, 1) }) else { return [] }
    let members = try subsystem(of: ElementSet(elements), asked: whole).phases
    var evaluator = HullEvaluator(self)
    var stable: [Phase] = []
    for member in members {
      let phase = phases[member]
      let hull = try evaluator.hullEnergy(at: phase.composition, excludingSelf: false)
      if phase.formationEnergy - hull <= tolerance { stable.append(phase) }
    }
    return stable
  }
}
