import Chemistry

/// The phases that can take part in equilibria of some elements, as columns of a linear program.
struct ChemicalSubsystem: Sendable {
  /// The rows, by ascending atomic number.
  let elements: [Element]
  /// Positions in `PhaseDiagram.phases`, ascending; the elements are the first.
  let phases: [Int]
  /// Atomic fractions, phases.count × elements.count, those of one phase together.
  let columns: [Double]
  /// eV/atom.
  let energies: [Double]

  /// The column of a phase of the diagram, or nil.
  func column(of phase: Int) -> Int? {
    var low = 0
    var high = phases.count
    while low < high {
      let middle = (low + high) / 2
      if phases[middle] < phase { low = middle + 1 } else { high = middle }
    }
    return low < phases.count && phases[low] == phase ? low : nil
  }

  /// Atomic fractions of a composition of these elements.
  func target(_ composition: Composition) -> [Double] {
    let atoms = composition.atomCount
    return elements.map { composition[$0] / atoms }
  }
}

extension PhaseDiagram {
  /// Gathers the phases with no other elements than these.
  ///
  /// Few elements: every subset is looked up. Many: all chemical systems are compared with the set.
  /// - Throws: `StabilityError.missingElements`; `asked` names the material in it.
  func subsystem(of set: ElementSet, asked: Composition) throws(StabilityError) -> ChemicalSubsystem {
    let elements = set.elements
    guard set.isSubset(of: known) else {
      throw .missingElements(elements.filter { !known.contains($0) }, composition: asked.phaseLabel)
    }
    let m = elements.count
    var members: [Int] = []
    if m < 20, 1 << m <= 4 * systems.count {
      for choice in 1..<(1 << m) {
        var subset = ElementSet()
        for k in 0..<m where choice >> k & 1 == 1 { subset.insert(elements[k]) }
        if let range = systems[subset] { members.append(contentsOf: range) }
      }
    } else {
      for (system, range) in systems where system.isSubset(of: set) { members.append(contentsOf: range) }
    }
    members.sort()
    var row = [Int](repeating: 0, count: 119)
    for (k, element) in elements.enumerated() { row[element.atomicNumber] = k }
    var columns = [Double](repeating: 0, count: members.count * m)
    var energies: [Double] = []
    energies.reserveCapacity(members.count)
    for (j, phase) in members.enumerated() {
      energies.append(phases[phase].formationEnergy)
      for (k, entry) in phases[phase].composition.entries.enumerated() {
        columns[j * m + row[entry.element.atomicNumber]] = fractions[offsets[phase] + k]
      }
    }
    return ChemicalSubsystem(elements: elements, phases: members, columns: columns, energies: energies)
  }
}
