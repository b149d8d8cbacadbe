/// A chemical element, by its atomic number.
///
///     let lithium = Element("Li")       // nil for a symbol no element has
///     lithium?.atomicNumber             // 3
///
/// Elements order by atomic number. Facts about them are in `Element+Facts.swift`.
public struct Element: Hashable, Sendable, Comparable {
  @usableFromInline let number: UInt8

  /// 1 for hydrogen to 118 for oganesson.
  @inlinable public var atomicNumber: Int { Int(number) }

  /// How many elements there are.
  public static let count = 118

  /// The element with an atomic number in 1...118, else nil.
  public init?(atomicNumber: Int) {
    guard (1...Element.count).contains(atomicNumber) else { return nil }
    number = UInt8(atomicNumber)
  }

  /// The element with exactly this symbol, upper and lower case as written, else nil. O(1).
  public init?(_ symbol: some StringProtocol) {
    var letters = symbol.utf8.makeIterator()
    guard let first = letters.next() else { return nil }
    let second = letters.next()
    guard letters.next() == nil else { return nil }
    let number = SymbolTable.shared.number(first, second ?? 0)
    guard number != 0 else { return nil }
    self.number = number
  }

  @inlinable package init(unchecked atomicNumber: Int) { number = UInt8(truncatingIfNeeded: atomicNumber) }

  public var symbol: String { Element.symbols[atomicNumber - 1] }

  @inlinable public static func < (a: Element, b: Element) -> Bool { a.number < b.number }

  /// The 118 elements by atomic number.
  public static let all: [Element] = (1...count).map(Element.init(unchecked:))

  public static let hydrogen = Element(unchecked: 1)
  public static let lithium = Element(unchecked: 3)

  static let symbols: [String] = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br \
    Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho \
    Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es \
    Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)
}

extension Element: CustomStringConvertible {
  public var description: String { symbol }
}

/// Atomic numbers by the one or two bytes of a symbol.
struct SymbolTable: Sendable {
  static let shared = SymbolTable()

  /// By first letter (A is 0) · 27 + second letter (none is 0, a is 1); 0 where there is no element.
  private let numbers: [UInt8]

  private init() {
    var numbers = [UInt8](repeating: 0, count: 26 * 27)
    for (index, symbol) in Element.symbols.enumerated() {
      let letters = Array(symbol.utf8)
      numbers[Int(letters[0] - 65) * 27 + (letters.count > 1 ? Int(letters[1] - 96) : 0)] = UInt8(index + 1)
    }
    self.numbers = numbers
  }

  /// The atomic number, or 0; `second` is 0 for a symbol of one letter.
  @inline(__always)
  func number(_ first: UInt8, _ second: UInt8) -> UInt8 {
    guard first &- 65 < 26 else { return 0 }
    if second == 0 { return numbers[Int(first - 65) * 27] }
    guard second &- 97 < 26 else { return 0 }
    return numbers[Int(first - 65) * 27 + Int(second - 96)]
  }
}
