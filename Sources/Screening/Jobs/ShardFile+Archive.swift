import CandidateSpaces
import Chemistry
import FileIO
import Foundation
import ModelFiles

/// Shards on disk: a safetensors file with its own checksum, written whole or not at all.
extension ShardFile {
  static let kind = "screening shard 1"

  private struct Header: Codable {
    var description: ScreeningDescription
    var parts: [Part]
    var next: Int?
    var threshold: Double?
    var tally: ScreeningTally
    var histogram: Histogram
    var details: [Detail]
    var intervals: [[Double]]
  }

  /// - Throws: `FileError`, `SafetensorsError`.
  public func write(to path: String) throws {
    let entries = state.top.sorted
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let header = Header(
      description: description, parts: parts, next: next, threshold: threshold, tally: state.tally,
      histogram: state.histogram, details: next == nil ? entries.compactMap { details[$0.index] } : [],
      intervals: intervals)
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("header", text: String(decoding: try encoder.encode(header), as: UTF8.self))
    archive.set("index", entries.map(\.index))
    archive.set("score", entries.map(\.score))
    archive.set("feasibility", entries.map(\.feasibility))
    archive.set("values", entries.flatMap(\.values))
    // Keys, so that a checkpoint needs no second look at the space.
    archive.set("key_lengths", entries.map(\.key.words.count))
    archive.set("keys", entries.flatMap { $0.key.words.map { Int($0) } })
    archive.set("sketch", state.distinct.registers.map(Int.init))
    try FileContents.write(try Safetensors.encode(archive), to: path)
  }

  /// - Throws: `FileError`; `ShardError.notAShard` for anything but a whole shard of this version.
  public init(reading path: String) throws {
    let data = try FileContents.read(path)
    do {
      let archive = try Safetensors.decode(data)
      guard try archive.text("kind") == Self.kind else { throw ShardError.notAShard(path, reason: "another kind of file") }
      let header = try JSONDecoder().decode(Header.self, from: Data(archive.text("header").utf8))
      let indices = try archive.integers("index")
      let scores = try archive.doubles("score", shape: [indices.count])
      let feasibilities = try archive.doubles("feasibility", shape: [indices.count])
      let width = 2 * header.description.models.count
      let values = try archive.doubles("values", shape: [indices.count * width])
      let lengths = try archive.integers("key_lengths", shape: [indices.count])
      let words = try archive.integers("keys")
      guard let sketch = DistinctSketch(registers: try archive.integers("sketch").map { UInt8(clamping: $0) }),
        lengths.allSatisfy({ $0 > 0 && $0 <= Element.count }), lengths.reduce(0, +) == words.count,
        header.next != nil || header.details.count == indices.count,
        header.next != nil || header.intervals.count == header.description.models.count,
        header.parts.allSatisfy({ $0.first <= $0.end && $0.end <= header.description.tileCount })
      else { throw ShardError.notAShard(path, reason: "its parts do not fit together") }
      var top = TopCandidates(limit: header.description.settings.top)
      var details: [Int: Detail] = [:]
      var start = 0
      for (row, index) in indices.enumerated() {
        let key = FormulaKey(words: words[start..<start + lengths[row]].map { UInt64(bitPattern: Int64($0)) })
        start += lengths[row]
        top.insert(
          .init(
            index: index, score: scores[row], feasibility: feasibilities[row],
            values: Array(values[row * width..<(row + 1) * width]), key: key))
        if header.next == nil { details[index] = header.details[row] }
      }
      self.init(
        description: header.description, parts: header.parts, next: header.next, threshold: header.threshold,
        state: ScreeningState(tally: header.tally, top: top, histogram: header.histogram, distinct: sketch),
        details: details, intervals: header.intervals)
    } catch let error as ShardError {
      throw error
    } catch {
      throw ShardError.notAShard(path, reason: "\(error)")
    }
  }
}
