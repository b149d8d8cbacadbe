import BundledData
import Chemistry

/// Facts about elements that filters need, by atomic number, hydrogen first.
struct ElementLimits: Sendable {
  static let shared = ElementLimits()

  /// US dollars per kg.
  let prices: [Double?]
  /// mg/kg of the crust.
  let abundances: [Double?]
  /// Herfindahl–Hirschman index of production, 0 to 10,000.
  let supplyConcentrations: [Double?]
  /// mg/m³ of workplace air.
  let exposureLimits: [Double?]
  /// IARC group: 1, 2A, 2B, 3 or empty.
  let carcinogenicity: [String]
  let isRadioactive: [Bool]
  /// Common states and those of ICSD, without zero, ascending.
  let oxidationStates: [[Int]]

  private let masses: [Double]

  private init() {
    let resources = BundledData.elementResources.table
    prices = resources.numbers("price_usd_per_kg")
    abundances = resources.numbers("crustal_abundance_ppm")
    supplyConcentrations = resources.numbers("hhi_production")
    let hazards = BundledData.elementHazards.table
    exposureLimits = hazards.numbers("exposure_limit_mg_m3")
    carcinogenicity = hazards.texts("iarc_group")
    isRadioactive = hazards.texts("radioactive").map { $0 == "1" }
    let states = BundledData.oxidationStates.table
    oxidationStates = zip(states.texts("common_oxidation_states"), states.texts("icsd_oxidation_states")).map {
      Set(($0 + " " + $1).split(separator: " ").compactMap { Int($0) }).subtracting([0]).sorted()
    }
    masses = Element.all.map(\.atomicMass)
  }

  /// US dollars per kg of the composition, elements without a price counting nothing.
  func price(of composition: Composition) -> Double {
    var (cost, mass) = (0.0, 0.0)
    for entry in composition.entries {
      let z = entry.element.atomicNumber - 1
      let grams = entry.amount * masses[z]
      mass += grams
      cost += grams * (prices[z] ?? 0)
    }
    return cost / mass
  }

  /// Whether one known oxidation state for each element balances the charges, to 1e-6 of the atoms.
  ///
  /// - Parameter anions: elements that may be negative; all where nil.
  func canBeNeutral(_ composition: Composition, anions: ElementMask? = nil) -> Bool {
    let entries = composition.entries
    let tolerance = 1e-6 * composition.atomCount
    /// Charge that the entries from one on can add, least and most.
    var least = [Double](repeating: 0, count: entries.count + 1)
    var most = least
    func states(_ index: Int) -> ArraySlice<Int> {
      let element = entries[index].element
      let all = oxidationStates[element.atomicNumber - 1]
      if let anions, !anions.contains(element) { return all[(all.firstIndex { $0 > 0 } ?? all.count)...] }
      return all[...]
    }
    for index in entries.indices.reversed() {
      guard let low = states(index).first, let high = states(index).last else { return false }
      least[index] = least[index + 1] + Double(low) * entries[index].amount
      most[index] = most[index + 1] + Double(high) * entries[index].amount
    }
    func search(_ index: Int, _ charge: Double) -> Bool {
      if charge + least[index] > tolerance || charge + most[index] < -tolerance { return false }
      if index == entries.count { return true }
      for state in states(index) where search(index + 1, charge + Double(state) * entries[index].amount) { return true }
      return false
    }
    return search(0, 0)
  }
}
