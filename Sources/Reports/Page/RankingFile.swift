import Chemistry
import FileIO
import Foundation
import Modeling
import Regression
import Screening
import Tables

/// A ranking made earlier: the CSV file of `rank`, `screen` or `campaign rank`, or the JSON document of
/// `rank --json`.
public struct RankingFile: Sendable {
  public let table: Table
  private let formulaIndex: Int

  /// Best first, as written.
  public var formulas: [String] { table.rows.map { $0.cells[formulaIndex] } }

  /// - Throws: `FileError`; `TableError` for a table without formulas; `RankingFileError`.
  public init(reading path: String, formulaColumn: String = "formula") throws {
    let data = try FileContents.read(path)
    let isJSON = data.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) } == UInt8(ascii: "{")
    table = isJSON ? try Self.table(json: data, path: path) : try Table(parsing: data, file: path)
    formulaIndex = try table.requireIndex(of: formulaColumn)
  }

  /// Columns of rankings that stand in the table of the page, beside those of predictions.
  private static let usualColumns: Set<String> = [
    "front", "feasibility", "reduction_V", "oxidation_V", "competing_phases", "desirability", "probability_of_all_targets",
    "family", "measured",
  ]
  /// Columns in the table of the page when none of the usual ones is there.
  private static let fewColumns = 9

  /// What the page shows: all columns, numbers as numbers, with the measured rows nearest to each.
  ///
  /// - Parameters:
  ///   - measured: rows to look for neighbours among; nil shows none.
  ///   - options: how `measured` was read; without it no neighbours are shown either.
  ///   - contributions: of the first rows.
  public func ranking(
    measured: Measurements?, options: ModelingOptions?, contributions: RankingTable.Contributions? = nil
  ) -> RankingTable {
    let formulas = formulas
    var out = RankingTable("ranking", caption: "Ranked candidates", formulas: formulas)
    let names = Set(table.columns)
    let others = table.columns.indices.filter { $0 != formulaIndex && table.columns[$0] != "rank" }
    // A column with a deviation or bounds beside it is a prediction.
    func isPrediction(_ name: String) -> Bool { names.contains("\(name)_std") || names.contains("\(name)_lower") }
    func isUsual(_ name: String) -> Bool {
      Self.usualColumns.contains(name) || isPrediction(name)
        || ["_lower", "_upper", "_domain"].contains { name.hasSuffix($0) && isPrediction(String(name.dropLast($0.count))) }
    }
    let isKnown = others.contains { isUsual(table.columns[$0]) }
    for (k, index) in others.enumerated() {
      let name = table.columns[index]
      let isShown = isKnown ? isUsual(name) : k < Self.fewColumns
      let cells = table.rows.map { $0.cells[index] }
      if let numbers = Self.numbers(cells) {
        out.append(name, numbers: numbers, isShown: isShown)
      } else {
        out.append(name, texts: cells, isShown: isShown)
      }
    }
    if let measured, let options { out.neighbours = neighbours(formulas, measured, options) }
    out.contributions = contributions
    return out
  }

  /// What each family of descriptors adds to what a model predicts for the first rows, whatever they were ranked by.
  ///
  /// - Throws: `ModelingError`; `TableError`.
  public func contributions(to named: RankingJob.NamedModel, limit: Int, temperature: Double?) throws -> RankingTable.Contributions {
    var columns = named.model.options.sampleColumns
    columns.formula = table.columns[formulaIndex]
    let reader = try SampleReader(columns, in: table, requiringAll: false)
    return try RankingTable.Contributions(
      of: table.rows.prefix(limit).map { row in try? reader.sample(in: row) }, to: named, temperature: temperature, isOfRanking: false)
  }

  /// The cells as numbers, NaN for empty ones; nil when one is a word or all are empty.
  private static func numbers(_ cells: [String]) -> [Double]? {
    var numbers: [Double] = []
    numbers.reserveCapacity(cells.count)
    for cell in cells {
      if cell.isEmpty {
        numbers.append(.nan)
      } else if let number = Double(cell), number.isFinite {
        numbers.append(number)
      } else {
        return nil
      }
    }
    return numbers.contains { !$0.isNaN } ? numbers : nil
  }

  private func neighbours(_ formulas: [String], _ measured: Measurements, _ options: ModelingOptions) -> RankingTable.Neighbours {
    let known = CompositionNeighbours(measured.rows.map(\.sample.composition))
    let compositions = formulas.map { try? Composition(formula: $0) }
    let found = known.nearest(toEach: compositions.compactMap(\.self), limit: RankingSection.neighbourCount)
    var next = 0
    let nearest = compositions.map { composition -> [(index: Int, distance: Double)] in
      guard composition != nil else { return [] }
      defer { next += 1 }
      return found[next].map { ($0.index, $0.distance) }
    }
    return RankingTable.Neighbours(
      references: measured.rows.map { .init(formula: $0.sample.formula, target: $0.target, censoring: $0.censoring, group: $0.groupCell) },
      quantity: options.predictedName, nearest: nearest)
  }

  // MARK: JSON

  private static func table(json data: Data, path: String) throws -> Table {
    guard let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let rows = document["ranked"] as? [[String: Any]], !rows.isEmpty
    else { throw RankingFileError.notARanking(path) }
    var names: [String] = []
    let flat = rows.map { row -> [String: String] in
      var cells: [String: String] = [:]
      for key in row.keys.sorted() {
        for (name, cell) in Self.cells(key, row[key]) {
          if cells.updateValue(cell, forKey: name) == nil, !names.contains(name) { names.append(name) }
        }
      }
      return cells
    }
    return Table(
      columns: names,
      rows: flat.enumerated().map { k, cells in
        Table.Row(cells: names.map { cells[$0] ?? "" }, location: SourceLocation(file: path, line: k + 1))
      }, digests: [Digest.sha256(data)])
  }

  /// The names of `rank` in CSV for the members of its JSON.
  private static let csvNames = [
    "competingPhases": "competing_phases", "hullEnergyPerAtom": "hull_eV_per_atom", "reductionPotential": "reduction_V",
    "oxidationPotential": "oxidation_V", "nearestMeasured": "nearest_measured", "chargeBalance": "charge_balance",
    "note": "stability_note",
  ]

  private static func cells(_ key: String, _ value: Any?) -> [(String, String)] {
    if key == "predictions", let models = value as? [String: [String: Any]] {
      return models.keys.sorted().flatMap { model -> [(String, String)] in
        let values = models[model] ?? [:]
        return [("mean", ""), ("std", "_std"), ("lower", "_lower"), ("upper", "_upper"), ("domain", "_domain")]
          .compactMap { name, ending in values[name].map { (model + ending, text($0)) } }
      }
    }
    return [(csvNames[key] ?? key, text(value))]
  }

  private static func text(_ value: Any?) -> String {
    switch value {
    case let text as String: text
    case let number as NSNumber: CSVWriter.number(number.doubleValue)
    default: ""
    }
  }
}

/// Why a file is no ranking.
public enum RankingFileError: Error, Equatable, Sendable, CustomStringConvertible {
  case notARanking(String)

  public var description: String {
    switch self {
    case .notARanking(let path):
      "\(path): is JSON without a list \"ranked\"; give what `superionic rank --json` prints, or a CSV file with formulas"
    }
  }
}
