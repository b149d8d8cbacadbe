/// What a composite, a polymer electrolyte or a glass is mixed from.
///
///     let cell = try Composition(formula: "PEO + LiTFSI (EO:Li=18) + 10 wt% Li6.4La3Zr1.4Ta0.6O12")
///     cell.mixture?.etherOxygenPerLithium                    // 18
///     cell.mixture?.massFraction(of: .activeFiller)          // 0.1
///
/// Its `composition` counts all atoms; what is dissolved in what is in the roles of its components.
public struct Mixture: Hashable, Sendable {
  /// At least one; in the order they were written.
  public let components: [MixtureComponent]

  /// - Returns: nil without components.
  public init?(_ components: [MixtureComponent]) {
    guard !components.isEmpty else { return nil }
    self.components = components
  }

  /// All atoms of all components, with this mixture in it.
  public var composition: Composition {
    let amounts = components.flatMap { part in
      part.composition.entries.map { ($0.element, part.moles * $0.amount) }
    }
    let whole = Composition(amounts)?.entries ?? components[0].composition.entries
    return Composition(ordered: whole, mixture: self)
  }

  /// Grams for the moles as given.
  public var mass: Double { components.reduce(0) { $0 + $1.mass } }

  /// Share of a role in the mass, 0...1.
  public func massFraction(of role: MixtureRole) -> Double {
    components.reduce(0) { $0 + ($1.role == role ? $1.mass : 0) } / mass
  }

  /// Share of a role in the moles of formula and repeat units, 0...1.
  public func moleFraction(of role: MixtureRole) -> Double {
    let total = components.reduce(0) { $0 + $1.moles }
    return components.reduce(0) { $0 + ($1.role == role ? $1.moles : 0) } / total
  }

  /// Ether oxygens of polymers and solvents for each lithium of the salts: EO:Li. Nil without such oxygen or
  /// without a lithium salt.
  public var etherOxygenPerLithium: Double? { oxygenPerLithium(\.etherOxygens) }

  /// All oxygens of matrix and plasticizer for each lithium of the salts: O:Li.
  public var oxygenPerLithium: Double? {
    oxygenPerLithium { $0.composition[Element(unchecked: 8)] }
  }

  private func oxygenPerLithium(_ count: (MixtureComponent) -> Double) -> Double? {
    var (oxygen, lithium) = (0.0, 0.0)
    for part in components {
      switch part.role {
      case .matrix, .plasticizer: oxygen += part.moles * count(part)
      case .salt: lithium += part.moles * part.composition[.lithium]
      case .activeFiller, .inertFiller: break
      }
    }
    return oxygen > 0 && lithium > 0 ? oxygen / lithium : nil
  }
}

extension Mixture: CustomStringConvertible {
  /// Moles and components, `18 PEO + 1 LiTFSI`, with the role where it does not follow from the rest and where
  /// nothing else says that this is a mixture. Reads back to the same value.
  public var description: String {
    let implied = MixtureRoles(components.map(\.name), components.map(\.composition)).roles()
    return zip(components, implied).map { part, role in
      let moles = part.moles == 1 ? "1" : Composition.exactText(part.moles)
      return "\(moles) \(part.name)" + (part.role == role && components.count > 1 ? "" : " (\(part.role.rawValue))")
    }.joined(separator: " + ")
  }
}

/// What a component does in a mixture.
public enum MixtureRole: String, Hashable, Sendable, CaseIterable {
  /// The polymer; without one, what most of the mass is; in a glass, everything.
  case matrix
  /// A lithium salt that is dissolved in a polymer.
  case salt
  /// A filler with lithium of its own.
  case activeFiller = "active filler"
  /// A filler without lithium.
  case inertFiller = "inert filler"
  /// A solvent that stays in the electrolyte.
  case plasticizer
}

/// One component of a mixture.
public struct MixtureComponent: Hashable, Sendable {
  /// An abbreviation, or the formula.
  public let name: String
  /// Of one formula unit, for polymers of one repeat unit.
  public let composition: Composition
  /// Of formula or repeat units; positive.
  public let moles: Double
  public let role: MixtureRole

  public init(name: String, composition: Composition, moles: Double, role: MixtureRole) {
    self.name = name
    self.composition = composition
    self.moles = moles
    self.role = role
  }

  /// In grams.
  public var mass: Double { moles * composition.molarMass }

  /// Ether oxygens in one unit; 0 for what is no ether.
  var etherOxygens: Double { Abbreviation.ofComponent(name)?.etherOxygens ?? 0 }
}

extension Composition {
  /// The formula as the name of a component: with a 1 at its end where it is also an abbreviation, `PC1`.
  var componentName: String { Abbreviation.named(formula) == nil ? formula : formula + "1" }
}
