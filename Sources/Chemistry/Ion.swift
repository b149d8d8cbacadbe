import BundledData
import Foundation

/// An element with a charge.
public struct Ion: Hashable, Sendable {
  public let element: Element
  /// In elementary charges; not 0.
  public let charge: Int

  public init(element: Element, charge: Int) {
    self.element = element
    self.charge = charge
  }

  /// Shannon's ionic radius in Å in sixfold coordination, high spin where there are two; nil where
  /// none is tabulated.
  ///
  /// Source: `Datasets/shannon-radii.csv`. O(1).
  public var radius: Double? { Ion.radii[self] }

  /// The share of this charge among the occurrences of the element's compounds in the ICSD, 0...1.
  ///
  /// Source: `Datasets/oxidation-states.csv`.
  public var occurrence: Double { exp(element.logOccurrence(of: charge)) }

  /// Whether a d shell is neither empty nor full, which makes oxides and sulfides coloured, reducible
  /// and often electronically conducting. False outside groups 3 to 12, and for lanthanoids and
  /// actinoids.
  public var hasOpenDShell: Bool {
    guard (3...12).contains(element.group), !element.isLanthanoid, !element.isActinoid else { return false }
    let electrons = element.group - charge
    return electrons > 0 && electrons < 10
  }

  private static let radii: [Ion: Double] = {
    let table = BundledData.shannonRadii.table
    let symbols = table.texts("symbol")
    let charges = table.numbers("charge")
    let radii = table.numbers("ionic_radius_A")
    let coordinations = table.texts("coordination")
    let spins = table.texts("spin")
    var result: [Ion: Double] = [:]
    for row in symbols.indices where coordinations[row] == "VI" && spins[row].lowercased() != "low" {
      guard let element = Element(symbols[row]), let charge = charges[row], let radius = radii[row] else { continue }
      result[Ion(element: element, charge: Int(charge))] = radius
    }
    return result
  }()
}

extension Ion: CustomStringConvertible {
  /// Such as `Ti4+` or `S2-`.
  public var description: String {
    let size = abs(charge) == 1 ? "" : "\(abs(charge))"
    return element.symbol + size + (charge > 0 ? "+" : "-")
  }
}

extension Element {
  /// Oxidation states that are common in compounds, ascending; from `Datasets/oxidation-states.csv`.
  public var commonOxidationStates: [Int] { Element.commonStates[atomicNumber - 1] }

  private static let commonStates: [[Int]] = BundledData.oxidationStates.table
    .texts("common_oxidation_states").map { $0.split(separator: " ").compactMap { Int($0) } }

  /// How often each oxidation state was counted in compounds of the ICSD, as the natural logarithm of
  /// its share; from `Datasets/oxidation-states.csv`. A state without a count has one in a million.
  func logOccurrence(of charge: Int) -> Double {
    Element.occurrences[atomicNumber - 1][charge] ?? log(1e-6)
  }

  private static let occurrences: [[Int: Double]] = occurrenceCounts.map { counts in
    let total = counts.values.reduce(0, +)
    return counts.filter { $0.value > 0 }.mapValues { log($0 / total) }
  }

  /// The counts themselves, hydrogen first.
  static let occurrenceCounts: [[Int: Double]] = BundledData.oxidationStates.table
    .texts("icsd_occurrences").map { text in
      let counts = text.split(separator: " ").compactMap { pair -> (Int, Double)? in
        let parts = pair.split(separator: ":")
        guard parts.count == 2, let state = Int(parts[0]), let count = Double(parts[1]) else { return nil }
        return (state, count)
      }
      return Dictionary(counts, uniquingKeysWith: max)
    }
}
