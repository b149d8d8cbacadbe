import Chemistry

/// A host seen as ions: which of them can be exchanged.
struct HostIons: Sendable {
  let composition: Composition
  let ions: [Ion]

  /// - Returns: nil for a host without lithium, or whose charges common oxidation states do not
  ///   balance.
  init?(_ composition: Composition) {
    guard composition[.lithium] > 0, let charges = OxidationStates.uniformCharges(of: composition) else { return nil }
    self.composition = composition
    ions = zip(composition.entries, charges).map { Ion(element: $0.element, charge: $1) }
  }

  /// All ions but lithium and hydrogen; oxygen too stays, for an oxide without it is another compound.
  var replaceable: [Ion] {
    ions.filter { !["Li", "H", "O"].contains($0.element.symbol) }
  }
}
