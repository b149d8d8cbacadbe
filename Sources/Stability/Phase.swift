import Chemistry

/// A compound with its energy: one row of a phase table.
///
///     let sulfide = Phase("Li2S", composition: try Composition(formula: "Li2S"), formationEnergy: -1.5)
public struct Phase: Hashable, Sendable {
  /// What reports call it, usually its formula.
  public let name: String
  public let composition: Composition
  /// Energy of formation from the elements in their reference states, eV/atom.
  public let formationEnergy: Double
  /// Where the energy comes from; empty when nothing was said.
  public let source: String

  public init(_ name: String, composition: Composition, formationEnergy: Double, source: String = "") {
    self.name = name
    self.composition = composition
    self.formationEnergy = formationEnergy
    self.source = source
  }

  /// A phase named by its reduced formula.
  public init(_ composition: Composition, formationEnergy: Double, source: String = "") {
    self.init(
      composition.phaseLabel, composition: composition, formationEnergy: formationEnergy, source: source)
  }
}
