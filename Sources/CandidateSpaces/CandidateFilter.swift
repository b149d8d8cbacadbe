import BundledData
import Chemistry

/// What rules candidates out before anything is predicted for them.
///
/// Element facts are from `Datasets/element-resources.csv` and `element-hazards.csv`; an element
/// without a value does not fail a limit on it (the tables are silent, which is not a pass either:
/// exclude such elements by name where it matters).
public struct CandidateFilter: Sendable {
  public enum Reason: String, CaseIterable, Sendable {
    case element, radioactivity, toxicity, price, abundance, supply, charge, moisture
  }

  /// Masks by atomic number: elements that rule a candidate out, and why.
  private var excluded = ElementMask()
  private var radioactive = ElementMask()
  private var toxic = ElementMask()
  private var scarce = ElementMask()
  private var risky = ElementMask()
  private var largestPrice: Double?
  private var needsNeutrality = false
  /// Rule of thumb for moisture: charges balance with oxide and fluoride as the only anions. Sulfide,
  /// other halides, nitride, phosphide, hydride and carbide give off H₂S, HX, NH₃, … with water;
  /// sulfate, phosphate or carbonate count as oxides.
  private var needsOxides = false
  private let facts = ElementLimits.shared

  private static let waterStableAnions = ElementMask(["O", "F"].compactMap { Element($0) })

  /// A filter that passes everything.
  public init() {}

  /// Why a candidate is ruled out; the first reason in the order of `Reason`.
  ///
  /// A few nanoseconds for each element, and the charges only when all else has passed.
  public func rejects(_ composition: Composition) -> Reason? {
    var mask = ElementMask()
    for entry in composition.entries { mask.insert(entry.element) }
    if mask.meets(excluded) { return .element }
    if mask.meets(radioactive) { return .radioactivity }
    if mask.meets(toxic) { return .toxicity }
    if let largestPrice, facts.price(of: composition) > largestPrice { return .price }
    if mask.meets(scarce) { return .abundance }
    if mask.meets(risky) { return .supply }
    if needsNeutrality, !facts.canBeNeutral(composition) { return .charge }
    if needsOxides, !facts.canBeNeutral(composition, anions: Self.waterStableAnions) { return .moisture }
    return nil
  }

  /// Reads `[filter]`.
  init(_ table: SpaceTable?) throws(SpaceError) {
    self.init()
    guard let table else { return }
    for element in try table.elements("exclude") ?? [] { excluded.insert(element) }
    if let only = try table.elements("only") {
      for element in Element.all where !only.contains(element) { excluded.insert(element) }
    }
    if try !table.flag("radioactive", default: false) {
      for element in Element.all where facts.isRadioactive[element.atomicNumber - 1] { radioactive.insert(element) }
    }
    func limit(
      _ key: String, _ values: [Double?], _ mask: inout ElementMask, fails: (Double, Double) -> Bool
    ) throws(SpaceError) {
      guard let limit = try table.number(key, in: 0...1e12) else { return }
      for (index, value) in values.enumerated() {
        if let value, fails(value, limit) { mask.insert(Element.all[index]) }
      }
    }
    try limit("min-exposure-limit", facts.exposureLimits, &toxic) { $0 < $1 }
    if try !table.flag("carcinogens", default: true) {
      for element in Element.all where ["1", "2A"].contains(facts.carcinogenicity[element.atomicNumber - 1]) { toxic.insert(element) }
    }
    largestPrice = try table.number("max-price", in: 0...1e9)
    try limit("min-abundance", facts.abundances, &scarce) { $0 < $1 }
    try limit("max-supply-risk", facts.supplyConcentrations, &risky) { $0 > $1 }
    needsNeutrality = try table.flag("charge-neutral", default: false)
    needsOxides = try table.flag("moisture-stable", default: false)
    try table.finish()
  }
}

/// A set of elements in two words.
struct ElementMask: Sendable, Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ elements: [Element] = []) { for element in elements { insert(element) } }

  @inline(__always)
  mutating func insert(_ element: Element) {
    let z = element.atomicNumber
    if z < 64 { low |= 1 << UInt64(z) } else { high |= 1 << UInt64(z - 64) }
  }

  func contains(_ element: Element) -> Bool {
    let z = element.atomicNumber
    return (z < 64 ? low >> UInt64(z) : high >> UInt64(z - 64)) & 1 == 1
  }

  @inline(__always)
  func meets(_ other: ElementMask) -> Bool { (low & other.low) | (high & other.high) != 0 }
}
