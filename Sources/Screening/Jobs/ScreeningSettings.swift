/// What a screening job is asked for, apart from its space and its models.
public struct ScreeningSettings: Sendable, Equatable, Codable {
  public var objective: Objective
  public var rule = AcquisitionRule.mean
  public var constraints: [Constraint] = []
  /// Least probability of meeting all constraints.
  public var confidence = 0.5
  /// How many to keep.
  public var top = 1000
  /// In °C, for models that know temperature.
  public var temperature = 25.0
  public var intervalLevel = 0.9
  /// Whether candidates that provably cannot be among the best are left after the first stage.
  public var prunes = true
  public var seed: UInt64 = 0

  public init(objective: Objective) { self.objective = objective }
}

/// Everything that a result depends on; two shards belong together when theirs are equal.
public struct ScreeningDescription: Sendable, Equatable, Codable {
  public struct Model: Sendable, Equatable, Codable {
    public let name: String
    /// SHA-256 of the model file.
    public let digest: String
    /// Such as `log10_conductivity_S_cm`: what is predicted, with its unit.
    public let predicts: String
    /// Files the model was trained on.
    public let datasets: [String]
  }

  public let version: String
  public let space: String
  /// SHA-256 of the space file and of the lists it names.
  public let spaceDigests: [String]
  /// Number of indices.
  public let size: Int
  /// Indices of a tile, the unit of work.
  public let tile: Int
  public let models: [Model]
  public let settings: ScreeningSettings

  public var tileCount: Int { size == 0 ? 0 : (size - 1) / tile + 1 }
}
