import BundledData

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
  public var commonOxidationStates: [Int] { Element.oxidationStates[atomicNumber - 1] }

  private static let oxidationStates: [[Int]] = BundledData.oxidationStates.table
    .texts("common_oxidation_states").map { $0.split(separator: " ").compactMap { Int($0) } }
}

extension Composition {
  /// One common oxidation state for each element that balances the charges; nil when none does.
  ///
  /// Among several, the one with the least sum of absolute charges that differ from the first choice;
  /// entries in order. Charges balance within 1% of an electron per atom, as rounded formulas need.
  public var balancedCharges: [Int]? {
    let choices = entries.map { $0.element.commonOxidationStates.filter { $0 != 0 } }
    guard choices.allSatisfy({ !$0.isEmpty }) else { return nil }
    var best: (charges: [Int], imbalance: Double)?
    var current = choices.map { $0[0] }
    let tolerance = 0.01 * atomCount
    func search(_ index: Int, _ sum: Double) {
      if index == entries.count {
        let imbalance = abs(sum)
        if imbalance <= tolerance, imbalance < best?.imbalance ?? .infinity { best = (current, imbalance) }
        return
      }
      for charge in choices[index] {
        current[index] = charge
        search(index + 1, sum + Double(charge) * entries[index].amount)
      }
    }
    search(0, 0)
    return best?.charges
  }

  /// Whether common oxidation states, one for each element, balance the charges.
  public var isChargeBalanced: Bool { balancedCharges != nil }
}
