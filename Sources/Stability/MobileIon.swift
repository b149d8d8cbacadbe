import Chemistry

/// The ion that a battery moves, and its charge.
public struct MobileIon: Hashable, Sendable {
  public let element: Element
  /// Electrons exchanged with each ion.
  public let charge: Int

  /// An ion of an element with a charge in electrons; nil takes the usual one of an alkali metal, Mg,
  /// Ca, Zn, Al, Cu⁺ or Ag⁺.
  ///
  /// - Throws: `StabilityError.unknownIonCharge`.
  public init(_ element: Element, charge: Int? = nil) throws(StabilityError) {
    guard let charge = charge ?? MobileIon.charges[element.symbol], charge > 0 else {
      throw .unknownIonCharge(element)
    }
    self.element = element
    self.charge = charge
  }

  private init(unchecked number: Int, charge: Int) {
    element = Element(unchecked: number)
    self.charge = charge
  }

  public static let lithium = MobileIon(unchecked: 3, charge: 1)
  public static let sodium = MobileIon(unchecked: 11, charge: 1)

  private static let charges = [
    "H": 1, "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Cu": 1, "Ag": 1,
    "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Al": 3, "Y": 3,
  ]
}
