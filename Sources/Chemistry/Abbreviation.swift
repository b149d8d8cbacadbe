import BundledData

/// What authors abbreviate: `PEO`, `LiTFSI`, `LLZO`; from `Datasets/abbreviations.csv`.
///
/// An abbreviation is read only as a whole formula or a whole component. Some can also be spelled with symbols
/// of elements (`LiFSI` with Li, F, S, I); a test keeps it to those whose spelling no one means: it holds
/// deuterium or tritium, or cannot balance its charges.
public struct Abbreviation: Hashable, Sendable {
  public enum Kind: String, Sendable {
    /// Stands for its repeat unit.
    case polymer
    /// Stands for two repeat units in a ratio that has to be given.
    case copolymer
    /// Dissolves in polymers.
    case salt
    case plasticizer
    /// A compound of this composition.
    case ceramic
    /// A member of a solid solution that is meant most often; reading it is worth a remark.
    case nominal
    /// Several compositions go by this name.
    case family
    /// Two materials go by this name.
    case ambiguous
  }
  public let name: String
  public let kind: Kind
  /// Nil where none can be given. For copolymers that of a unit of the first kind.
  public let composition: Composition?
  /// The second unit of a copolymer.
  let secondUnit: Composition?
  /// Ether oxygens in one unit.
  public let etherOxygens: Double
  public let meaning: String
  /// Where name and composition come from.
  public let source: String

  /// The abbreviation with exactly this name. O(1).
  public static func named(_ name: String) -> Abbreviation? { table[name] }

  /// The first `nominal` abbreviation among the words of a text. O(length).
  public static func nominal(in text: String) -> Abbreviation? {
    // They begin with two capitals, the first an L, which no symbol does.
    let bytes = text.utf8
    guard zip(bytes, bytes.dropFirst()).contains(where: { $0 == UInt8(ascii: "L") && $1 &- 65 < 26 }) else { return nil }
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.lazy.compactMap { named(String($0)) }.first { $0.kind == .nominal }
  }

  /// The abbreviation in the name of a component, which has the share of a copolymer behind it.
  static func ofComponent(_ name: String) -> Abbreviation? {
    named(name) ?? name.range(" (").flatMap { named(String(name[..<$0])) }
  }

  /// The salt of this composition.
  static func salt(_ composition: Composition) -> Abbreviation? { salts[composition.normalized] }

  /// All of them, by name.
  public static var all: [Abbreviation] { table.values.sorted { $0.name < $1.name } }

  private static let table: [String: Abbreviation] = {
    let table = BundledData.abbreviations.table
    let (names, kinds, formulas) = (table.texts("name"), table.texts("kind"), table.texts("formula"))
    let (oxygens, meanings, sources) = (table.numbers("ether_oxygens"), table.texts("meaning"), table.texts("source"))
    var result: [String: Abbreviation] = [:]
    for i in names.indices {
      guard let kind = Kind(rawValue: kinds[i]) else { continue }
      // Formulas of the table are plain, so reading them asks for no abbreviation.
      let units = formulas[i].split(separator: "+").map { plain($0.filter { $0 != " " }) }
      result[names[i]] = Abbreviation(
        name: names[i], kind: kind, composition: units.first ?? nil, secondUnit: units.count > 1 ? units[1] : nil,
        etherOxygens: oxygens[i] ?? 0, meaning: meanings[i], source: sources[i])
    }
    return result
  }()

  private static func plain(_ formula: String) -> Composition? {
    let bytes = Array(formula.utf8)
    guard case .success(let composition) = bytes.withUnsafeBufferPointer(FormulaScanner.composition) else { return nil }
    return composition
  }

  private static let salts: [Composition: Abbreviation] = Dictionary(
    all.filter { $0.kind == .salt }.compactMap { salt in salt.composition.map { ($0.normalized, salt) } },
    uniquingKeysWith: { a, _ in a })

  /// - Throws: where the name stands for no single composition.
  func single(text: String, position: Int) throws(FormulaError) -> Composition {
    switch kind {
    case .family, .ambiguous:
      throw FormulaError(kind: .noComposition("\(name) is \(meaning)"), text: text, position: position)
    case .copolymer:
      throw FormulaError(
        kind: .badMixture("the share of the second unit of \(name) is missing: write \(name) (HFP=10 mol%)"),
        text: text, position: position)
    default:
      guard let composition else { throw FormulaError(kind: .noComposition(meaning), text: text, position: position) }
      return composition
    }
  }
}

extension String {
  /// Where a text begins in this one.
  fileprivate func range(_ text: String) -> String.Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}
