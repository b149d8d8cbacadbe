import Foundation
import LinearAlgebra
import Regression
import Tables

/// Measured samples: what a model is trained and validated on.
public struct Measurements: Sendable {
  public struct Row: Sendable {
    public let sample: Sample
    /// The value to model: log10 of the cell where the options say so.
    public let target: Double
    public let censoring: Censoring
    /// The text of the group column, empty without one.
    public let groupCell: String
    public let location: SourceLocation
    /// The text of a column to leave out by, in lower case; empty without one.
    public var stratum = ""
  }

  public let rows: [Row]
  /// One number for each row; rows that share a group cell, or part of one, share it.
  public let groups: [Int]
  /// Rows that were left out, and rows to look at, in the order of the table.
  public let diagnostics: [Diagnostic]
  /// SHA-256 of the files.
  public let digests: [String]

  public var count: Int { rows.count }
  public var censoredCount: Int { rows.count { $0.censoring != .none } }
  public var groupCount: Int { Set(groups).count }

  /// As a group column that a table lacks: rows of the same elements belong together.
  public static let chemicalSystem = "chemical-system"

  /// Ionic conductivities above this, in S/cm, are no solid's: liquid acids stay below it.
  /// Used only for a warning about units.
  static let suspiciousConductivity = 10.0

  /// Reads the measured rows of a table; bad ones become diagnostics.
  ///
  /// - Parameters:
  ///   - table: rows of one file or several.
  ///   - options: which columns hold formula, target, conditions and group, and how they are read.
  ///   - mergingDuplicates: whether a row that repeats one of another file becomes one row with it.
  ///   - stratumColumn: a column such as the family, to be left out value by value in a validation.
  /// - Throws: `TableError` when a column is missing or no row can be used.
  public init(
    _ table: Table, options: ModelingOptions, mergingDuplicates: Bool = true, stratumColumn: String? = nil
  ) throws(TableError) {
    let reader = try SampleReader(options.sampleColumns, in: table, requiringAll: true)
    let targetIndex = try table.requireIndex(of: options.target)
    var groupIndex: Int?
    let groupsAreSystems = options.groupColumn == Self.chemicalSystem && table.index(of: Self.chemicalSystem) == nil
    if let name = options.groupColumn, !groupsAreSystems { groupIndex = try table.requireIndex(of: name) }

    var stratumIndex: Int?
    if let stratumColumn { stratumIndex = try table.requireIndex(of: stratumColumn) }
    var rows: [Row] = []
    var diagnostics: [Diagnostic] = []
    let assumed = Self.filesWithoutTemperature(table, options: options)
    diagnostics += assumed.values.sorted { $0.location.file < $1.location.file }
    for row in table.rows {
      do throws(Diagnostic) {
        var sample = try reader.sample(in: row)
        if sample.temperature == nil, assumed[row.location.file] != nil {
          sample.temperature = FeatureSpace.roomTemperature
        }
        let value = try measuredValue(row.cells[targetIndex], in: row, column: options.target)
        let (target, warning) = try Measurements.target(value, in: row, options: options)
        if let warning { diagnostics.append(warning) }
        if let warning = reader.warning(about: sample, in: row) { diagnostics.append(warning) }
        if let name = options.temperatureColumn, sample.temperature == nil {
          throw Diagnostic(
            at: row.location, column: name, problem: "the temperature is missing",
            remedy: "give it in °C or remove the row")
        }
        let (learned, censoring) = try Self.label(target, Censoring(value.bound), in: row, options: options)
        rows.append(
          Row(
            sample: sample, target: learned, censoring: censoring,
            groupCell: groupIndex.map { row.cells[$0] } ?? (groupsAreSystems ? sample.composition.chemicalSystem : ""),
            location: row.location,
            stratum: stratumIndex.map { row.cells[$0].lowercased() } ?? ""))
      } catch {
        diagnostics.append(error)
      }
    }
    guard !rows.isEmpty else { throw .noUsableRows(table.file, reports: diagnostics) }
    if mergingDuplicates, table.digests.count > 1, !options.model.isClassifier { rows = Self.mergingDuplicates(rows, &diagnostics) }
    self.rows = rows
    self.diagnostics = diagnostics
    digests = table.digests
    groups = GroupLabels(cells: rows.map(\.groupCell)).labels
  }

  /// For a classifier the label 1 where the target is at most the threshold, and otherwise the target as it is.
  private static func label(
    _ target: Double, _ censoring: Censoring, in row: Table.Row, options: ModelingOptions
  ) throws(Diagnostic) -> (Double, Censoring) {
    guard options.model.isClassifier, let threshold = options.threshold else { return (target, censoring) }
    switch censoring {
    case .left where target > threshold, .right where target <= threshold:
      throw Diagnostic(
        at: row.location, column: options.target, problem: "the bound does not say on which side of \(threshold) the value lies",
        remedy: "give a value, or choose a threshold beyond the bound")
    case .right: return (0, .none)
    default: return (target <= threshold ? 1 : 0, .none)
    }
  }

  /// One measurement that stands in several files is one row, under all its groups; each repeat is reported.
  private static func mergingDuplicates(_ rows: [Row], _ diagnostics: inout [Diagnostic]) -> [Row] {
    struct Key: Hashable {
      let composition: CompositionKey
      let target: Double
      let censoring: Censoring
      let temperature: Double?
      let numeric: [Double?]
      let categories: [String?]
    }
    var first: [Key: Int] = [:]
    var kept: [Row] = []
    for row in rows {
      let key = Key(
        composition: CompositionKey(row.sample.composition), target: row.target, censoring: row.censoring,
        temperature: row.sample.temperature, numeric: row.sample.numeric, categories: row.sample.categories)
      guard let place = first[key], kept[place].location.file != row.location.file else {
        if first[key] == nil { first[key] = kept.count }
        kept.append(row)
        continue
      }
      let original = kept[place]
      let cells = [original.groupCell, row.groupCell].filter { !$0.isEmpty }
      kept[place] = Row(
        sample: original.sample, target: original.target, censoring: original.censoring,
        groupCell: cells.count == 2 && cells[0] == cells[1] ? cells[0] : cells.joined(separator: "|"),
        location: original.location, stratum: original.stratum)
      diagnostics.append(
        Diagnostic(
          at: row.location, problem: "the same measurement stands at \(original.location.file):\(original.location.line)",
          remedy: "used once, under the groups of both", severity: .warning))
    }
    return kept
  }

  /// Files none of whose rows has a temperature, such as one of room-temperature values merged with
  /// one of several temperatures; each with a warning that 25 °C is assumed.
  private static func filesWithoutTemperature(_ table: Table, options: ModelingOptions) -> [String: Diagnostic] {
    guard let name = options.temperatureColumn, let column = table.index(of: name) else { return [:] }
    var blank: [String: (rows: Int, first: SourceLocation)] = [:]
    var known = Set<String>()
    for row in table.rows where row.defect == nil {
      if row.cells[column].isEmpty {
        blank[row.location.file, default: (0, row.location)].rows += 1
      } else {
        known.insert(row.location.file)
      }
    }
    // A table that has no temperature at all is a mistaken option.
    guard !known.isEmpty else { return [:] }
    return blank.filter { !known.contains($0.key) }.mapValues { rows, first in
      Diagnostic(
        at: first, column: name, problem: "no row of this file has a temperature (\(rows) rows)",
        remedy: "\(FeatureSpace.roomTemperature) °C is assumed; give the column if they were measured at others",
        severity: .warning)
    }
  }

  private static func target(
    _ value: MeasuredValue, in row: Table.Row, options: ModelingOptions
  ) throws(Diagnostic) -> (Double, warning: Diagnostic?) {
    guard options.log10 else { return (value.number, nil) }
    guard value.number > 0 else {
      throw Diagnostic(
        at: row.location, column: options.target, problem: "\(value.number) has no logarithm",
        remedy: "write the limit of detection as <LIMIT, or remove the row")
    }
    var warning: Diagnostic?
    if options.target.hasSuffix("S_cm"), value.number > suspiciousConductivity {
      warning = Diagnostic(
        at: row.location, column: options.target,
        problem: "\(value.number) S/cm is more than any solid electrolyte conducts",
        remedy: "check the unit (mS/cm is 1000 times smaller)", severity: .warning)
    }
    return (Foundation.log10(value.number), warning)
  }

  /// The rows at `indices`, for a fold.
  public func selecting(_ indices: [Int]) -> Measurements {
    Measurements(
      rows: indices.map { rows[$0] }, groups: indices.map { groups[$0] }, diagnostics: [],
      digests: digests)
  }

  /// The same rows with their targets exchanged at random: what is left to learn is chance.
  public func scramblingTargets(seed: UInt64) -> Measurements {
    var generator = SeededGenerator(seed: seed)
    let sources = generator.permutation(count)
    let scrambled = zip(rows, sources).map { row, source in
      Row(
        sample: row.sample, target: rows[source].target, censoring: rows[source].censoring,
        groupCell: row.groupCell, location: row.location, stratum: row.stratum)
    }
    return Measurements(rows: scrambled, groups: groups, diagnostics: diagnostics, digests: digests)
  }

  private init(rows: [Row], groups: [Int], diagnostics: [Diagnostic], digests: [String]) {
    self.rows = rows
    self.groups = groups
    self.diagnostics = diagnostics
    self.digests = digests
  }
}

extension Censoring {
  init(_ bound: MeasuredValue.Bound) {
    switch bound {
    case .exact: self = .none
    case .upper: self = .left
    case .lower: self = .right
    }
  }
}
