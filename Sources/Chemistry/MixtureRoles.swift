/// The rules by which components get their roles.
///
/// A role in brackets, `LiI (active filler)`, overrides them, and what has a ratio to the polymer is the salt.
///
/// With a polymer among them: polymers are the matrix, lithium salts of `Datasets/abbreviations.csv` the salt,
/// its solvents the plasticizer. Everything else is a filler, active with lithium and inert without.
///
/// Without a polymer: formula units joined by moles are one substance, such as a glass, and all matrix. With
/// shares by mass or volume it is a composite: what has no share of its own, or else the largest part of the
/// mass, is the matrix, and the rest are fillers.
struct MixtureRoles {
  private let names: [String]
  private let compositions: [Composition]
  /// For composites: which components are the matrix.
  private let isMatrix: [Bool]?

  init(_ names: [String], _ compositions: [Composition], isMatrix: [Bool]? = nil) {
    self.names = names
    self.compositions = compositions
    self.isMatrix = isMatrix
  }

  func roles() -> [MixtureRole] {
    let known = names.map(Abbreviation.ofComponent)
    let hasPolymer = known.contains { $0?.kind == .polymer || $0?.kind == .copolymer }
    return names.indices.map { i in
      let kind = known[i]?.kind ?? Abbreviation.salt(compositions[i])?.kind
      let filler = compositions[i].contains(.lithium) ? MixtureRole.activeFiller : .inertFiller
      guard hasPolymer else {
        if kind == .plasticizer { return .plasticizer }
        return isMatrix?[i] ?? true ? .matrix : filler
      }
      switch kind {
      case .polymer, .copolymer: return .matrix
      case .salt: return .salt
      case .plasticizer: return .plasticizer
      default: return filler
      }
    }
  }
}
