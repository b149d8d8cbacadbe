import Foundation

/// A property to push up or down, and what is wished of it.
///
/// Written `max:conductivity_S_cm`, `min:cost`, or with a floor and a goal `max:conductivity_S_cm:-5..-3` in
/// the units that are modelled.
public struct CampaignObjective: Sendable, Equatable, Codable {
  public var property: String
  public var isMinimised: Bool
  /// Of the values as they are recorded; empty for none.
  public var unit: String
  /// Whether log10 of the value is modelled; floor and goal are then in log10 units.
  public var log10: Bool
  /// Useless at and beyond it.
  public var floor: Double?
  /// All that is wished for; also the target that a candidate has to meet.
  public var goal: Double?
  /// Whether it is a column of the candidates rather than measured.
  public var isKnown: Bool

  public init(
    property: String, isMinimised: Bool = false, unit: String = "", log10: Bool = false, floor: Double? = nil,
    goal: Double? = nil, isKnown: Bool = false
  ) {
    self.property = property
    self.isMinimised = isMinimised
    self.unit = unit
    self.log10 = log10
    self.floor = floor
    self.goal = goal
    self.isKnown = isKnown
  }

  /// - Throws: `CampaignError.badObjective`.
  public init(parsing text: String) throws(CampaignError) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var isMinimised = false
    if let first = parts.first, first == "max" || first == "min", parts.count > 1 {
      isMinimised = first == "min"
      parts.removeFirst()
    }
    guard let property = parts.first, !property.isEmpty, parts.count <= 2 else { throw .badObjective(text) }
    self.init(property: property, isMinimised: isMinimised)
    if parts.count == 2 {
      guard let dots = parts[1].firstRange(of: ".."), let floor = Double(parts[1][..<dots.lowerBound]),
        let goal = Double(parts[1][dots.upperBound...]), floor != goal, (goal > floor) != isMinimised
      else { throw .badObjective(text) }
      (self.floor, self.goal) = (floor, goal)
    }
  }

  /// 1, or −1 where small values are sought.
  public var sign: Double { isMinimised ? -1 : 1 }

  /// The name of what is modelled.
  public var modelledName: String { log10 ? "log10_\(property)" : property }
}

/// A bound on a column of the candidates or on a measured property, in the units that are modelled.
public struct CampaignConstraint: Sendable, Equatable, Codable {
  public var name: String
  public var isUpperBound: Bool
  public var bound: Double

  /// - Throws: `CampaignError.badConstraint`.
  public init(parsing text: String) throws(CampaignError) {
    for (sign, isUpperBound) in [("<=", true), (">=", false), ("<", true), (">", false)] {
      guard let range = text.firstRange(of: sign) else { continue }
      let name = text[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty, let bound = Double(text[range.upperBound...].trimmingCharacters(in: .whitespaces)),
        bound.isFinite
      else { break }
      self.name = name
      self.isUpperBound = isUpperBound
      self.bound = bound
      return
    }
    throw .badConstraint(text)
  }

  public func isMet(by value: Double) -> Bool { isUpperBound ? value <= bound : value >= bound }

  public var text: String { "\(name) \(isUpperBound ? "≤" : "≥") \(bound)" }
}

/// What a campaign is about; written into its first event.
public struct CampaignSettings: Sendable, Equatable, Codable {
  public var version: String
  /// SHA-256 of the files it began with.
  public var datasets: [String]
  public var seed: UInt64
  /// The first is what acquisitions for one objective look at.
  public var objectives: [CampaignObjective]
  public var constraints: [CampaignConstraint]
  public var excludedElements: [String]
  public var descriptors: String
  /// Columns of the candidates that the surrogate sees besides the composition.
  public var numberColumns: [String]
  /// The column of what an experiment costs, if it differs.
  public var costColumn: String?
  public var precursors: [Precursor]
  /// Columns that are computed for every candidate, also for those that come later.
  public var computedColumns: [String]

  public init(
    version: String, datasets: [String], seed: UInt64, objectives: [CampaignObjective],
    constraints: [CampaignConstraint] = [], excludedElements: [String] = [], descriptors: String = "composition,magpie",
    numberColumns: [String] = [], costColumn: String? = nil, precursors: [Precursor] = [], computedColumns: [String] = []
  ) {
    self.version = version
    self.datasets = datasets
    self.seed = seed
    self.objectives = objectives
    self.constraints = constraints
    self.excludedElements = excludedElements
    self.descriptors = descriptors
    self.numberColumns = numberColumns
    self.costColumn = costColumn
    self.precursors = precursors
    self.computedColumns = computedColumns
  }
}
