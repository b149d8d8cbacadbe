import Chemistry
import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// Networks trained by `CompositionNetworkRegressor`.
public struct CompositionNetworkModel: FittedRegressor {
  public static let kind = "composition-network"

  public let featureCount: Int
  /// How the predicted scale becomes a standard deviation.
  public let calibration: ResidualCalibration
  /// Which quantiles of the predicted distributions are those of new values; of large tables.
  let levels: LevelCalibration
  public var memberCount: Int { members.count }
  /// Numbers in all members.
  public var parameterCount: Int { members.reduce(0) { $0 + $1.network.layout.count } }
  public var designs: [NetworkDesign] { members.map(\.design) }
  /// Whether a network listens to known compositions.
  public var recalls: Bool { memory != nil && members.contains { $0.design.neighbours > 0 } }
  let columns: ElementColumns
  let members: [NetworkMember]
  let mixture: NetworkMixture
  /// Whether no value is below zero, and many are there.
  let hasFloor: Bool
  /// What the networks recall; nil where none does.
  let memory: KnownCompositions?

  init(
    columns: ElementColumns, featureCount: Int, members: [NetworkMember], mixture: NetworkMixture,
    hasFloor: Bool, memory: KnownCompositions?, calibration: ResidualCalibration, levels: LevelCalibration
  ) {
    (self.columns, self.featureCount, self.members) = (columns, featureCount, members.map { $0.knowing(memory) })
    self.hasFloor = hasFloor
    (self.mixture, self.memory, self.calibration, self.levels) = (mixture, memory, calibration, levels)
  }

  package var report: [String] {
    ["shares \(mixture.shares)"]
  }

  /// The mixture of the members; their disagreement adds to the scale that they predict.
  ///
  /// A composition that is known is predicted as if it were not. In single precision: a row alone and among others
  /// agrees to about six digits.
  /// - Complexity: O(members · rows · parameters), on all cores.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let outputs = outputs(features)
    let mixed = mixture.combine(outputs)
    let quantiles = mixture.quantiles(outputs, levels: Self.probabilities.map { $0 == 0.5 ? $0 : levels.level($0) })
    return Prediction(
      mean: mixed.means,
      standardDeviation: zip(mixed.scales, mixed.means).map {
        calibration.standardDeviation(2 * $0 * $0, mean: $1)
      },
      shape: calibration.shape,
      quantiles: quantiles.map {
        RowQuantiles(probabilities: Self.probabilities, values: $0, least: hasFloor ? 0 : nil)
      })
  }

  /// Of the quantiles that are predicted.
  private static let probabilities =
    [0.005, 0.01, 0.025] + (1...19).map { Double($0) / 20 } + [0.975, 0.99, 0.995]

  /// What each member predicts.
  package func outputs(_ features: Matrix) -> [NetworkMember.Output] {
    let compositions = columns.compositions(of: features)
    return outputs(compositions, others: features.selectingColumns(columns.others), description(of: compositions))
  }

  func outputs(
    _ compositions: [Composition], others: Matrix, _ description: KnownCompositions.Description?
  ) -> [NetworkMember.Output] {
    members.map { $0.predict(compositions, others: others, Self.description(description, for: $0)) }
  }

  /// What is known near some compositions, for the member that asks for most.
  func description(of compositions: [Composition]) -> KnownCompositions.Description? {
    memory?.describe(compositions, neighbours: members.map(\.design.neighbours).max() ?? 0)
  }

  static func description(
    _ description: KnownCompositions.Description?, for member: NetworkMember
  ) -> KnownCompositions.Description? {
    var own = description
    own?.recall = description?.recall?.limited(to: member.design.neighbours)
    return own
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("feature_count", [featureCount])
    archive.set("share_columns", columns.shares)
    archive.set("has_floor", [hasFloor ? 1 : 0])
    archive.set("shares", mixture.shares)
    archive.set("levels", levels.transforms)
    archive.nest(calibration.archive(), under: "calibration")
    for (index, member) in members.enumerated() { archive.nest(member.archive(), under: "member\(index)") }
    if let memory { archive.nest(memory.archive(), under: "memory") }
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    featureCount = try archive.integers("feature_count", shape: [1])[0]
    let shareColumns = try archive.integers("share_columns")
    guard let columns = ElementColumns(shares: shareColumns, count: featureCount) else {
      throw .invalid("share_columns", reason: "does not name a column for each element")
    }
    self.columns = columns
    hasFloor = try archive.integers("has_floor", shape: [1])[0] == 1
    calibration = try ResidualCalibration(archive: archive.nested(under: "calibration"))
    let stored = archive.nested(under: "memory")
    memory = stored.tensors.isEmpty ? nil : try KnownCompositions(archive: stored)
    var members: [NetworkMember] = []
    while true {
      let next = archive.nested(under: "member\(members.count)")
      if next.tensors.isEmpty { break }
      let member = try NetworkMember(archive: next)
      let hull = member.design.usesHull ? memory?.hullColumnCount ?? 0 : 0
      guard member.network.shape.extras == columns.others.count + hull else {
        throw .invalid("member\(members.count)", reason: "expects other columns")
      }
      guard member.design == .direct || memory != nil else {
        throw .invalid("memory", reason: "is missing, though a network recalls")
      }
      members.append(member)
    }
    let memory = self.memory
    self.members = members.map { $0.knowing(memory) }
    let shares = try archive.finiteDoubles("shares", shape: [members.count])
    guard shares.allSatisfy({ $0 >= 0 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
      throw .invalid("shares", reason: "do not sum to 1")
    }
    mixture = NetworkMixture(shares: shares)
    levels = try LevelCalibration(archive: archive)
  }
}
