/// A chemical element, by its atomic number.
///
///     let lithium = Element("Li")       // nil for a symbol no element has
///     lithium?.atomicNumber             // 3
///
/// Elements order by atomic number.
public struct Element: Hashable, Sendable, Comparable {
  /// 1 for hydrogen to 118 for oganesson.
  public let atomicNumber: Int

  /// The element with an atomic number in 1...118, else nil.
  public init?(atomicNumber: Int) {
    guard (1...Element.symbols.count).contains(atomicNumber) else { return nil }
    self.atomicNumber = atomicNumber
  }

  /// The element with exactly this symbol, upper and lower case as written, else nil. O(1).
  public init?(_ symbol: some StringProtocol) {
    guard let number = Element.numbers[String(symbol)] else { return nil }
    atomicNumber = number
  }

  package init(unchecked atomicNumber: Int) { self.atomicNumber = atomicNumber }

  public var symbol: String { Element.symbols[atomicNumber - 1] }

  public static func < (a: Element, b: Element) -> Bool { a.atomicNumber < b.atomicNumber }

  /// The 118 elements by atomic number.
  public static let all: [Element] = (1...symbols.count).map(Element.init(unchecked:))

  public static let hydrogen = Element(unchecked: 1)
  public static let lithium = Element(unchecked: 3)

  static let symbols: [String] = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br \
    Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho \
    Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es \
    Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  private static let numbers = [String: Int](
    uniqueKeysWithValues: symbols.enumerated().map { ($1, $0 + 1) })
}

extension Element: CustomStringConvertible {
  public var description: String { symbol }
}
