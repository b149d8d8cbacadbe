/// How a batch is chosen.
public enum BatchStrategy: String, Sendable, Codable, CaseIterable {
  /// Greedy expected improvement of the whole batch, outcomes of chosen ones fantasised.
  case fantasies
  /// By acquisition, damped around what is chosen.
  case penalised
  /// Good and unlike each other: a determinantal point process.
  case determinantal
  /// Spread over the best tenth.
  case kCentre = "k-centre"
  /// The best ones, one by one, each outcome taken as predicted.
  case sequential
}

/// What is asked of a step; recorded with its suggestions.
public struct SuggestionOptions: Sendable, Equatable, Codable {
  public var acquisition: AcquisitionKind
  public var count: Int
  public var strategy: BatchStrategy
  /// At most so many of a family in a batch, pending ones included; nil for no limit.
  public var familyLimit: Int?
  public var familyLimits: [String: Int]
  /// How much cost counts: 0 not, 1 gain per cost.
  public var costExponent: Double
  /// What an experiment has to gain to be worth it, in the units that are modelled.
  public var experimentCost: Double
  /// Grams of product that precursors are weighed for.
  public var batchGrams: Double
  public var seed: UInt64

  public init(
    acquisition: AcquisitionKind = .search, count: Int = 1, strategy: BatchStrategy = .fantasies,
    familyLimit: Int? = nil, familyLimits: [String: Int] = [:], costExponent: Double = 0, experimentCost: Double = 0.05,
    batchGrams: Double = 5, seed: UInt64 = 0
  ) {
    self.acquisition = acquisition
    self.count = count
    self.strategy = strategy
    self.familyLimit = familyLimit
    self.familyLimits = familyLimits
    self.costExponent = costExponent
    self.experimentCost = experimentCost
    self.batchGrams = batchGrams
    self.seed = seed
  }
}
