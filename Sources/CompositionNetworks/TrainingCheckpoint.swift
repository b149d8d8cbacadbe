import FileIO
import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// A file from which a training run that was killed goes on, to the same bytes as one that never stopped.
///
/// It is written whole or not at all, after an epoch that ends at least `interval` after the last write. It holds the
/// networks that are done and, of the one under way, weights, moments, average, best weights and the generator; and the
/// digest of table and settings, so that no other run goes on from it.
public struct TrainingCheckpoint: Sendable {
  public let path: String
  /// The least time between two writes.
  public let interval: Duration

  public init(path: String, interval: Duration = .seconds(10)) {
    (self.path, self.interval) = (path, interval)
  }

  /// Removes the file, when the model that it was for is written.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// What a training run has come to, kept in its checkpoint.
struct TrainingJournal {
  typealias Finished = (member: NetworkMember, held: NetworkMember.Output)

  private(set) var finished: [Finished] = []
  /// Of the network after those; nil before its first epoch.
  private(set) var state: NetworkRun.State?
  private let checkpoint: TrainingCheckpoint?
  private let run: String
  private var written = ContinuousClock.now
  private static let kind = "network-checkpoint"

  /// Reads the checkpoint where there is one.
  ///
  /// - Parameter run: the digest of everything that decides the outcome.
  /// - Throws: `FitError.checkpoint` for a file that is none, or of another run.
  init(_ checkpoint: TrainingCheckpoint?, run: @autoclosure () -> String) throws(FitError) {
    self.checkpoint = checkpoint
    self.run = checkpoint == nil ? "" : run()
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint.path) else { return }
    let archive: TensorArchive
    do {
      archive = try Safetensors.decode(FileContents.read(checkpoint.path))
      try archive.expectKind(Self.kind)
    } catch {
      throw .checkpoint(checkpoint.path, reason: "is not one (\(error)); remove it or name another")
    }
    do {
      guard try archive.text("run") == self.run else {
        throw FitError.checkpoint(
          checkpoint.path, reason: "is of another table or other settings; remove it or name another")
      }
      while true {
        let next = archive.nested(under: "member\(finished.count)")
        if next.tensors.isEmpty { break }
        var held = NetworkMember.Output(
          means: try next.doubles("held_means"), scales: try next.doubles("held_scales"))
        if next.tensors["held_edges"] != nil { held.bins = try BinnedOutput(archive: next, rows: held.means.count) }
        finished.append((try NetworkMember(archive: next), held))
      }
      let current = archive.nested(under: "current")
      if !current.tensors.isEmpty { state = try NetworkRun.State(archive: current) }
    } catch let error as FitError {
      throw error
    } catch {
      throw .checkpoint(checkpoint.path, reason: "cannot be read (\(error)); remove it or name another")
    }
  }

  /// After an epoch; written where the last time is long enough ago, or at once.
  mutating func record(_ state: NetworkRun.State, atOnce: Bool = false) throws(FitError) {
    guard let checkpoint, atOnce || .now - written >= checkpoint.interval else { return }
    self.state = state
    try write()
  }

  /// After the last epoch of a network.
  mutating func finish(_ member: NetworkMember, _ held: NetworkMember.Output) throws(FitError) {
    finished.append((member, held))
    state = nil
    if checkpoint != nil { try write() }
  }

  private mutating func write() throws(FitError) {
    guard let checkpoint else { return }
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("run", text: run)
    for (index, one) in finished.enumerated() {
      var member = one.member.archive()
      member.set("held_means", one.held.means)
      member.set("held_scales", one.held.scales)
      one.held.bins?.write(to: &member)
      archive.nest(member, under: "member\(index)")
    }
    if let state { archive.nest(state.archive(), under: "current") }
    do {
      try FileContents.write(Safetensors.encode(archive), to: checkpoint.path)
    } catch {
      throw .checkpoint(checkpoint.path, reason: "cannot be written (\(error)); name another place")
    }
    written = .now
  }

  /// The digest of a table and of the settings of a run.
  static func digest(of data: TrainingSet, settings: String) -> String {
    var digest = Digest()
    digest.update(Data("\(settings)\n\(data.featureNames.joined(separator: "\n"))".utf8))
    digest.update(data.features.elements.withUnsafeBytes { Data($0) })
    digest.update(data.targets.withUnsafeBytes { Data($0) })
    digest.update(data.groups.withUnsafeBytes { Data($0) })
    digest.update(Data(data.censoring.map { $0 == .none ? 0 : $0 == .left ? 1 : 2 }))
    return digest.hexadecimal
  }
}

extension NetworkRun.State {
  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("place", [epoch, optimizer.step, Int(bitPattern: UInt(generator.state))])
    archive.set("best_error", [bestError])
    archive.set("weights", weights)
    archive.set("first_moments", optimizer.first)
    archive.set("second_moments", optimizer.second)
    archive.set("average", optimizer.average)
    archive.set("best", best)
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    let place = try archive.integers("place", shape: [3])
    let weights = try archive.floats("weights")
    let shape = [weights.count]
    guard place[0] >= 0, place[1] >= 0 else { throw .invalid("place", reason: "lies before the first step") }
    var optimizer = AdamW(start: try archive.floats("average", shape: shape))
    optimizer.first = try archive.floats("first_moments", shape: shape)
    optimizer.second = try archive.floats("second_moments", shape: shape)
    optimizer.step = place[1]
    self.init(
      epoch: place[0], generator: SeededGenerator(seed: UInt64(UInt(bitPattern: place[2]))), weights: weights,
      optimizer: optimizer, best: try archive.floats("best", shape: shape), bestError: try archive.double("best_error"))
  }
}

extension BinnedOutput {
  func write(to archive: inout TensorArchive) {
    archive.set("held_edges", edges)
    archive.set("held_cumulative", cumulative)
    if let shifts { archive.set("held_shifts", shifts) }
  }

  init(archive: TensorArchive, rows: Int) throws(ArchiveError) {
    self.init(
      edges: try archive.finiteDoubles("held_edges", shape: [ValueBins.count + 1]),
      cumulative: try archive.floats("held_cumulative", shape: [rows * ValueBins.count]),
      shifts: archive.tensors["held_shifts"] == nil ? nil : try archive.finiteDoubles("held_shifts", shape: [rows]))
  }
}
