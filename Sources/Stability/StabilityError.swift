import Chemistry

/// Why a question about stability has no answer.
public enum StabilityError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The phase table holds nothing with these elements, so there is no hull to compare with.
  case missingElements([Element], composition: String)
  /// NaN or infinite.
  case energyNotFinite(phase: String)
  /// A formation energy below zero for an element: probably total energies were given.
  case elementBelowReference(phase: String, energy: Double)
  /// An element has no competing phases: nothing else has its composition.
  case elementHasNoCompetitors(Element)
  /// A composition of nothing but the mobile ion has no voltage profile.
  case onlyMobileIon(Element)
  /// The charge of this mobile ion is not known; state it.
  case unknownIonCharge(Element)
  /// A pair of materials that are the same composition has no mixing line.
  case sameComposition(String)
  /// The simplex method stopped at its iteration limit; has not been seen.
  case didNotConverge(String)

  public var description: String {
    switch self {
    case .missingElements(let elements, let composition):
      "the phase table has no phase with \(elements.map(\.symbol).joined(separator: ", ")), "
        + "so \(composition) cannot be placed; add phases of \(elements.count == 1 ? "it" : "them") "
        + "(the element alone at 0 eV/atom is the least)"
    case .energyNotFinite(let phase):
      "the energy of \(phase) is not a finite number; give eV/atom or remove the row"
    case .elementBelowReference(let phase, let energy):
      "\(phase) is an element with a formation energy of \(energy) eV/atom, below its reference state; "
        + "give formation energies (elements are 0), not total energies"
    case .elementHasNoCompetitors(let element):
      "\(element.symbol) is an element: no other phases can make up its composition; leave it out"
    case .onlyMobileIon(let element):
      "a material of \(element.symbol) alone has no voltage profile against \(element.symbol); "
        + "name a compound"
    case .unknownIonCharge(let element):
      "the charge of the mobile ion \(element.symbol) is not known; state it"
    case .sameComposition(let formula):
      "both sides of the interface are \(formula); name two different materials"
    case .didNotConverge(let formula):
      "the phase equilibrium of \(formula) was not found; please report this table"
    }
  }
}
