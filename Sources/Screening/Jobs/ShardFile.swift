import CandidateSpaces
import Chemistry
import FileIO
import Foundation
import Modeling
import ModelFiles

/// What one shard of a job, several merged ones, or a checkpoint leave behind.
///
/// Holds the state (bounded by K) and says which tiles of which job it stands for.
public struct ShardFile: Sendable {
  /// A range of tiles that is done, and the shard it was.
  struct Part: Sendable, Codable, Comparable {
    let first: Int
    let end: Int
    let shard: ShardNumber

    static func < (a: Part, b: Part) -> Bool { (a.first, a.end, a.shard) < (b.first, b.end, b.shard) }
  }

  /// What is known of a kept candidate besides its predictions.
  struct Detail: Sendable, Codable, Equatable {
    let formula: String
    /// How the candidate came about.
    let origin: String
    /// Coverage by the training rows, for each model.
    let domain: [Double]
    /// The nearest training row of the objective's model, and the distance to it.
    let nearest: String
    let nearestDistance: Double
  }

  public let description: ScreeningDescription
  public let identity: String
  let parts: [Part]
  /// The tile to go on with, in a checkpoint.
  let next: Int?
  let threshold: Double?
  let state: ScreeningState
  /// By index, for finished shards.
  let details: [Int: Detail]
  /// Lower and upper end of the central interval in units of σ, for each model.
  let intervals: [[Double]]

  public var tally: ScreeningTally { state.tally }

  init(
    description: ScreeningDescription, parts: [Part], next: Int?, threshold: Double?, state: ScreeningState,
    details: [Int: Detail], intervals: [[Double]]
  ) {
    self.description = description
    identity = ScreeningJob.identity(description)
    self.parts = parts
    self.next = next
    self.threshold = threshold
    self.state = state
    self.details = details
    self.intervals = intervals
  }

  /// A checkpoint before tile `next`.
  init(unfinished state: ScreeningState, next: Int, job: ScreeningJob, shard: ShardNumber, threshold: Double?) {
    let tiles = shard.tiles(of: job.description.tileCount)
    self.init(
      description: job.description, parts: [Part(first: tiles.lowerBound, end: tiles.upperBound, shard: shard)],
      next: next, threshold: threshold, state: state, details: [:], intervals: [])
  }

  /// A finished shard; looks up formulas, origins and neighbours of what it kept.
  init(finished state: ScreeningState, job: ScreeningJob, shard: ShardNumber, threshold: Double?) throws(ModelingError) {
    let tiles = shard.tiles(of: job.description.tileCount)
    var details: [Int: Detail] = [:]
    let kept = state.top.sorted
    let samples = kept.map { entry in
      let composition = job.space.space.candidate(at: entry.index)
      return Sample(formula: composition?.formula ?? "", composition: composition ?? Composition(ordered: []))
    }
    let domains = job.models.map { $0.model.domainScores(samples) }
    let objective = job.models[job.objectiveIndex].model
    for (row, entry) in kept.enumerated() {
      let nearest = objective.neighbours(of: samples[row], limit: 1).first
      details[entry.index] = Detail(
        formula: samples[row].formula, origin: job.space.space.label(at: entry.index),
        domain: domains.map { $0[row] }, nearest: nearest?.reference.formula ?? "",
        nearestDistance: nearest?.distance ?? 2)
    }
    var intervals: [[Double]] = []
    for named in job.models {
      let (below, above) = try BlockModel(named.model, temperature: job.settings.temperature)
        .intervalShape(level: job.settings.intervalLevel)
      intervals.append([below, above])
    }
    self.init(
      description: job.description, parts: [Part(first: tiles.lowerBound, end: tiles.upperBound, shard: shard)],
      next: nil, threshold: threshold, state: state, details: details, intervals: intervals)
  }

  /// The state to go on from. - Throws: `ShardError` for a checkpoint of something else.
  func resume(
    job: ScreeningJob, shard: ShardNumber
  ) throws(ShardError) -> (state: ScreeningState, next: Int, threshold: Double?) {
    if let difference = description.difference(from: job.description) { throw .otherJob("the checkpoint", differs: difference) }
    guard let part = parts.first, parts.count == 1, part.shard == shard, let next else {
      throw .otherShard("the checkpoint", expected: "shard \(shard)")
    }
    return (state, next, threshold)
  }

  /// Whether every tile of the job is done.
  public var isComplete: Bool { missing.isEmpty }

  /// Names of shards, or of ranges of tiles, that are not here.
  public var missing: [String] {
    var gaps: [Range<Int>] = []
    var end = 0
    for part in parts.sorted() {
      if part.first > end { gaps.append(end..<part.first) }
      end = max(end, part.end)
    }
    if end < description.tileCount { gaps.append(end..<description.tileCount) }
    let counts = Set(parts.map(\.shard.count))
    guard counts.count == 1, let count = counts.first else {
      return gaps.map { "tiles \($0.lowerBound) to \($0.upperBound - 1)" }
    }
    return ShardNumber.all(of: count).filter { shard in
      let tiles = shard.tiles(of: description.tileCount)
      return gaps.contains { !$0.clamped(to: tiles).isEmpty }
    }.map(\.description)
  }

  // MARK: Merging

  /// Both together. Associative and commutative: the result depends on the set of shards alone.
  ///
  /// - Parameters:
  ///   - name, otherName: of the files, for errors.
  /// - Throws: `ShardError` for shards of two jobs, or the same part twice.
  func merged(with other: ShardFile, name: String, otherName: String) throws(ShardError) -> ShardFile {
    if let difference = other.description.difference(from: description) { throw .otherJob(otherName, differs: difference) }
    let all = (parts + other.parts).sorted()
    for (a, b) in zip(all, all.dropFirst()) where a.end > b.first && b.end > b.first || a.shard == b.shard {
      throw .overlapping(name, otherName)
    }
    var merged = state
    merged.merge(other.state)
    var details: [Int: Detail] = [:]
    for entry in merged.top.sorted { details[entry.index] = self.details[entry.index] ?? other.details[entry.index] }
    return ShardFile(
      description: description, parts: all, next: nil, threshold: threshold, state: merged, details: details,
      intervals: intervals)
  }

  /// Reads and merges shard files; a folder stands for the files in it that end in `.shard`.
  ///
  /// - Throws: `ShardError`, `FileError`.
  public static func merging(_ places: [String]) throws -> ShardFile {
    let paths = places.flatMap { place in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else { return [place] }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      return names.filter { $0.hasSuffix(".shard") && !$0.hasPrefix(".") }.sorted().map { "\(place)/\($0)" }
    }
    guard let first = paths.first else { throw ShardError.nothingToMerge }
    var result = try ShardFile(reading: first)
    if result.next != nil { throw ShardError.notAShard(first, reason: "it is a checkpoint of an unfinished run") }
    for path in paths.dropFirst() {
      let next = try ShardFile(reading: path)
      if next.next != nil { throw ShardError.notAShard(path, reason: "it is a checkpoint of an unfinished run") }
      result = try result.merged(with: next, name: "the files before", otherName: path)
    }
    return result
  }
}

extension ScreeningDescription {
  /// What differs between two jobs, or nil.
  func difference(from other: ScreeningDescription) -> String? {
    if version != other.version { return "version \(version) against \(other.version)" }
    if spaceDigests != other.spaceDigests { return "another space file or list" }
    if models != other.models { return "other models" }
    if settings != other.settings { return "other settings" }
    return self == other ? nil : "another space"
  }
}
