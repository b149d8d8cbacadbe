import CandidateSpaces
import Chemistry
import FileIO
import Foundation
import LinearAlgebra
import Modeling

/// Finds the best K candidates of a space by what models predict for them.
///
///     let job = try ScreeningJob(space: SpaceFile(reading: "garnets.toml"), models: models, settings: settings)
///     let shard = try ScreeningRun(job: job, shard: .whole).run()
///     let result = try ScreeningResult(shard)
///
/// The indices of the space are cut into tiles; a shard is a range of tiles. What a tile
/// contributes depends on the job and the tile alone (the same candidates, in the same blocks, held
/// against the same threshold), and contributions add up in any order. The result is therefore the
/// same, to the byte, for any number of threads, shards and restarts.
public struct ScreeningJob: Sendable {
  /// A model and the digest of the file it came from.
  public struct NamedModel: Sendable {
    public let name: String
    public let model: PropertyModel
    public let digest: String

    public init(name: String, model: PropertyModel, digest: String) {
      self.name = name
      self.model = model
      self.digest = digest
    }

    /// - Throws: `ModelingError`, `FileError`.
    public init(name: String, reading path: String) throws {
      self.init(name: name, model: try PropertyModel(reading: path), digest: Digest.sha256(try FileContents.read(path)))
    }
  }

  public let space: SpaceFile
  public let models: [NamedModel]
  public let settings: ScreeningSettings
  public let description: ScreeningDescription
  /// SHA-256 of the description.
  public let identity: String

  /// - Throws: `RankingError` for no models, names twice, and names that no model has.
  public init(space: SpaceFile, models: [NamedModel], settings: ScreeningSettings) throws(RankingError) {
    guard !models.isEmpty else { throw .noModels }
    let names = models.map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) { throw .duplicateModel(name) }
    for name in [settings.objective.model] + settings.constraints.map(\.name) where !names.contains(name) {
      throw .unknownModel(name, known: names)
    }
    self.space = space
    self.models = models
    self.settings = settings
    description = ScreeningDescription(
      version: SuperionicVersion.current, space: space.name, spaceDigests: space.digests, size: space.space.count,
      tile: Self.tile(size: space.space.count, isDense: space.space.isDense),
      models: models.map {
        .init(name: $0.name, digest: $0.digest, predicts: $0.model.options.predictedName, datasets: $0.model.provenance.datasets)
      },
      settings: settings)
    identity = Self.identity(description)
  }

  /// SHA-256 of a description as JSON with sorted keys.
  static func identity(_ description: ScreeningDescription) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and finite numbers always encode.
    return Digest.sha256((try? encoder.encode(description)) ?? Data())
  }

  /// Large enough that blocks are full, small enough that threads and shards share the work evenly.
  private static func tile(size: Int, isDense: Bool) -> Int {
    let wanted = size / 512
    var tile = 64
    while tile * 2 <= wanted, tile < (isDense ? 8192 : 1 << 17) { tile *= 2 }
    return tile
  }

  var objectiveIndex: Int { models.firstIndex { $0.name == settings.objective.model } ?? 0 }

  /// An empty state, with histogram bins around the targets of the objective's training rows.
  ///
  /// - Parameter floor: a score that the best of the whole job are known to reach.
  func emptyState(floor: Double = -.infinity) -> ScreeningState {
    let range = models[objectiveIndex].model.provenance.targetRange
    let (low, high) = (range.first ?? 0, range.last ?? 1)
    let margin = 0.25 * max(high - low, 1e-6)
    return ScreeningState(
      top: TopCandidates(limit: settings.top, floor: floor),
      histogram: Histogram(lower: low - margin, upper: high + margin))
  }
}
