import Chemistry
import Foundation
import LinearAlgebra
import Regression
import Tables

/// What in a table of measurements contradicts itself, before anything is learned from it.
///
/// In units of the modelled target, decades for log10: rows of one composition and temperature that lie far
/// apart, rows far from measured neighbours by a local robust scale, among those the ones whose offset is that of a
/// mistaken unit, temperatures that look like kelvin, and rows given twice. Nothing is changed.
public struct DataCheck: Sendable {
  /// A row, as the report names it.
  public struct Row: Sendable, Codable, Equatable {
    public let file: String
    public let line: Int
    public let formula: String
    /// In °C, where given.
    public let temperature: Double?
    /// In units of the modelled target; a bound for a censored row.
    public let value: Double
    public let isBound: Bool
    /// The group cell, such as a DOI.
    public let group: String
  }

  /// Rows of one composition and temperature that disagree.
  public struct Conflict: Sendable, Codable, Equatable {
    public let rows: [Row]
    /// Largest minus smallest value.
    public let spread: Double
  }

  /// A row that its neighbours do not bear out.
  public struct Outlier: Sendable, Codable, Equatable {
    public let row: Row
    /// The median of its neighbours.
    public let expected: Double
    /// Value minus expectation, in units of the neighbours' robust deviation.
    public let score: Double
    public let neighbours: [Row]
    /// Such as `1000 times too small: given in S/cm, meant in mS/cm?`; empty where the offset fits no unit.
    public let unitHint: String
  }

  public struct Duplicate: Sendable, Codable, Equatable {
    public let rows: [Row]
  }

  /// Scatter of repeats, the floor for any error of prediction.
  public struct Noise: Sendable, Codable, Equatable {
    /// Compositions that several groups measured at one temperature.
    public let compositions: Int
    public let pairs: Int
    /// Half of the pairs of measurements from different groups lie closer than this.
    public let medianDifference: Double
    /// The normal deviation of one measurement that such a median stands for.
    public let deviation: Double
  }

  /// The largest spread first.
  public let conflicts: [Conflict]
  /// The largest score first.
  public let outliers: [Outlier]
  public let duplicates: [Duplicate]
  /// Rows whose temperature is more likely in kelvin.
  public let kelvin: [Row]
  /// Nil where no composition was measured by two groups.
  public let noise: Noise?
  public let rowCount: Int

  /// Rows of one composition are compared where their temperatures differ by no more, in K.
  public static let temperatureTolerance = 5.0
  /// Neighbours lie at most this far in composition, and there are at least `leastNeighbours`.
  static let neighbourDistance = 0.1
  static let leastNeighbours = 4
  static let outlierScore = 5.0
  /// Up to here a check takes a moment only.
  public static let affordableRows = 5000

  /// - Parameters:
  ///   - data: the rows to check.
  ///   - options: how the target was read; outliers in decades come with the unit that would explain them.
  ///   - spread: from which spread on rows of one composition are in conflict, in units of the target.
  /// - Complexity: O(n · entries of all rows).
  public init(_ data: Measurements, options: ModelingOptions, spread: Double = 1) {
    let rows = data.rows.map { row in
      Row(
        file: row.location.file, line: row.location.line, formula: row.sample.formula, temperature: row.sample.temperature,
        value: row.target, isBound: row.censoring != .none, group: row.groupCell)
    }
    rowCount = rows.count
    let families = Self.families(data)

    conflicts = families.compactMap { family in
      // A bound agrees with everything on its side.
      let measured = family.filter { data.rows[$0].censoring == .none }
      let values = measured.map { data.rows[$0].target }
      guard let low = values.min(), let high = values.max(), high - low >= spread else { return nil }
      return Conflict(rows: measured.sorted { data.rows[$0].target < data.rows[$1].target }.map { rows[$0] }, spread: high - low)
    }.sorted { ($0.spread, $1.rows[0].line) > ($1.spread, $0.rows[0].line) }

    duplicates = families.flatMap { family -> [Duplicate] in
      var same: [Double: [Int]] = [:]
      for index in family { same[data.rows[index].target, default: []].append(index) }
      return same.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { Duplicate(rows: $0.map { rows[$0] }) }
    }
    noise = Self.noise(families, data)
    kelvin = Self.looksLikeKelvin(data).map { rows[$0] }
    outliers = Self.outliers(data, rows: rows, noise: noise?.deviation, options: options)
  }

  /// Rows of one composition and temperature, and how far they scatter; nil where no composition was measured by two groups.
  static func repeats(_ data: Measurements) -> (families: [[Int]], noise: Noise)? {
    let families = families(data)
    return noise(families, data).map { (families, $0) }
  }

  private static func families(_ data: Measurements) -> [[Int]] {
    var members: [CompositionKey: [Int]] = [:]
    for (index, row) in data.rows.enumerated() { members[CompositionKey(row.sample.composition), default: []].append(index) }
    return members.values.sorted { $0[0] < $1[0] }.flatMap { isotherms($0, data) }
  }

  /// Parts of rows of one composition whose temperatures lie close together.
  private static func isotherms(_ indices: [Int], _ data: Measurements) -> [[Int]] {
    func temperature(_ index: Int) -> Double { data.rows[index].sample.temperature ?? FeatureSpace.roomTemperature }
    var parts: [[Int]] = []
    var start = 0.0
    for index in indices.sorted(by: { (temperature($0), $0) < (temperature($1), $1) }) {
      if parts.isEmpty || temperature(index) - start > temperatureTolerance {
        parts.append([])
        start = temperature(index)
      }
      parts[parts.count - 1].append(index)
    }
    return parts.map { $0.sorted() }
  }

  private static func noise(_ families: [[Int]], _ data: Measurements) -> Noise? {
    var differences: [Double] = []
    var compositions = 0
    for family in families {
      let measured = family.filter { data.rows[$0].censoring == .none }
      let before = differences.count
      for (i, a) in measured.enumerated() {
        for b in measured[..<i] where data.groups[a] != data.groups[b] {
          differences.append(abs(data.rows[a].target - data.rows[b].target))
        }
      }
      if differences.count > before { compositions += 1 }
    }
    guard !differences.isEmpty else { return nil }
    differences.sort()
    let median = differences[differences.count / 2]
    // The median of |N(0, 2σ²)| is 0.6745·√2·σ.
    return Noise(
      compositions: compositions, pairs: differences.count, medianDifference: median,
      deviation: median / (NormalDistribution.quantile(0.75) * 2.0.squareRoot()))
  }

  /// Rows at 293 to 303 "°C" in a group that is otherwise at room temperature, or below which nothing else stands:
  /// room temperature in kelvin is the usual slip.
  private static func looksLikeKelvin(_ data: Measurements) -> [Int] {
    let room = 293.0...303.5
    return data.rows.indices.filter { index in
      guard let t = data.rows[index].sample.temperature, room.contains(t) else { return false }
      // Series that were really taken up there have other steps nearby.
      return !data.rows.indices.contains { other in
        guard other != index, data.groups[other] == data.groups[index], let u = data.rows[other].sample.temperature
        else { return false }
        return u < 290 && u > 100
      }
    }
  }

  private static func outliers(
    _ data: Measurements, rows: [Row], noise: Double?, options: ModelingOptions
  ) -> [Outlier] {
    let index = CompositionNeighbours(data.rows.map(\.sample.composition))
    let temperatures = data.rows.map { $0.sample.temperature ?? FeatureSpace.roomTemperature }
    var result = [Outlier?](repeating: nil, count: rows.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: rows.count, chunkSize: 16) { chunk in
        for i in chunk where data.rows[i].censoring == .none {
          let near = index.nearest(to: data.rows[i].sample.composition, limit: 12) { j in
            data.groups[j] == data.groups[i] || data.rows[j].censoring != .none
              || abs(temperatures[j] - temperatures[i]) > 2 * temperatureTolerance
          }.filter { $0.distance <= neighbourDistance }
          guard near.count >= leastNeighbours else { continue }
          let values = near.map { data.rows[$0.index].target }.sorted()
          let expected = values[values.count / 2]
          let scale = max(RobustScale.medianDeviation(of: values), noise ?? 0, 1e-9)
          let offset = data.rows[i].target - expected
          guard abs(offset) / scale >= outlierScore else { continue }
          out[i] = Outlier(
            row: rows[i], expected: expected, score: offset / scale, neighbours: near.prefix(5).map { rows[$0.index] },
            unitHint: options.log10 ? unitHint(offset) : "")
        }
      }
    }
    return result.compactMap { $0 }.sorted { (abs($0.score), $1.row.line) > (abs($1.score), $0.row.line) }
  }

  /// Offsets in decades that a unit explains.
  private static func unitHint(_ offset: Double) -> String {
    let size = abs(offset)
    let direction = offset < 0 ? "small" : "large"
    if abs(size - 3) < 0.3 { return "about 1000 times too \(direction): a milli in the unit?" }
    if abs(size - 6) < 0.3 { return "about a million times too \(direction): a micro in the unit?" }
    if abs(size - 2) < 0.2 { return "about 100 times too \(direction): per m instead of per cm?" }
    return ""
  }
}

/// A composition up to rounding: fractions to four decimals.
struct CompositionKey: Hashable {
  private let entries: [Int]

  init(_ composition: Composition) {
    entries = composition.entries.flatMap {
      [$0.element.atomicNumber, Int((composition.fraction(of: $0.element) * 1e4).rounded())]
    }
  }
}
