import BundledData
import CampaignStore
import Chemistry
import Foundation
import Modeling
import Regression
import Screening
import Tables

/// A campaign: ask it what to make next, tell it what came out.
///
///     let campaign = try Campaign(opening: "argyrodites.campaign", actor: "anna")
///     let batch = try campaign.suggest(SuggestionOptions(count: 4))
///     try campaign.observe([NewObservation(candidate: "Li6PS5Br", value: "2.4e-3")])
///
/// Every answer is recorded before it is given, and can be reproduced from the history.
public struct Campaign: Sendable {
  public let store: CampaignStore
  public let actor: String

  public init(opening path: String, actor: String) throws(CampaignStoreError) {
    store = try CampaignStore(opening: path)
    self.actor = actor
  }

  init(store: CampaignStore, actor: String) {
    self.store = store
    self.actor = actor
  }

  /// What a campaign begins with, read from a table.
  public struct Beginning: Sendable {
    public var settings: CampaignSettings
    public var candidates: [CandidateRecord] = []
    public var diagnostics: [Diagnostic] = []
    public var duplicates = 0
  }

  /// Columns that can be computed for candidates when a campaign begins.
  public enum ComputedColumn: String, CaseIterable, Sendable {
    /// Price of the elements, US$ per kg of material; an order of magnitude.
    case price = "price_usd_per_kg"
    /// Volts between reduction and oxidation of the known phases at the composition.
    case window = "window_V"
    case reduction = "reduction_V"
    case oxidation = "oxidation_V"
  }

  /// Reads candidates; bad rows become diagnostics, repeated compositions are merged into the first.
  ///
  /// - Throws: `TableError`; `CampaignError.noCandidates`, `.missingColumn`, `.unknownElement`.
  public static func beginning(
    _ table: Table, settings: CampaignSettings, formulaColumn: String = "formula", nameColumn: String? = nil,
    familyColumn: String? = nil
  ) throws -> Beginning {
    var beginning = Beginning(settings: settings)
    for symbol in settings.excludedElements where Element(symbol) == nil { throw CampaignError.unknownElement(symbol) }
    let reader = try SampleReader(SampleColumns(formula: formulaColumn), in: table, requiringAll: true)
    let name = try nameColumn.map { try table.requireIndex(of: $0) }
    let family = try familyColumn.map { try table.requireIndex(of: $0) } ?? table.index(of: "family")
    let extras = table.columns.indices.filter {
      $0 != table.index(of: formulaColumn) && $0 != name && $0 != family
    }
    let computer = ColumnComputer(settings)
    var seen = Set<Composition>()
    var names = Set<String>()
    for row in table.rows {
      do throws(Diagnostic) {
        let sample = try reader.sample(in: row)
        let label = name.map { row.cells[$0] } ?? sample.formula
        guard !label.isEmpty, names.insert(label).inserted else {
          if name == nil {
            beginning.duplicates += 1
            continue
          }
          throw Diagnostic(
            at: row.location, column: nameColumn, problem: "the name \"\(label)\" is empty or was used before",
            remedy: "give every candidate a name of its own")
        }
        if name == nil, !seen.insert(sample.composition.normalized).inserted {
          beginning.duplicates += 1
          continue
        }
        var extra: [String: String] = [:]
        for index in extras where !row.cells[index].isEmpty { extra[table.columns[index]] = row.cells[index] }
        computer.fill(&extra, for: sample.composition)
        beginning.candidates.append(
          CandidateRecord(
            name: label, formula: sample.formula, family: family.map { row.cells[$0] } ?? "",
            source: "\(row.location.file):\(row.location.line)", extra: extra))
      } catch {
        beginning.diagnostics.append(error)
      }
    }
    guard !beginning.candidates.isEmpty else {
      throw CampaignError.noCandidates(table.file, reports: beginning.diagnostics)
    }
    let available = table.columns + settings.computedColumns
    let measured = Set(settings.objectives.filter { !$0.isKnown }.map(\.property))
    let needed =
      settings.objectives.filter(\.isKnown).map(\.property) + settings.numberColumns
      + settings.constraints.map(\.name).filter { !measured.contains($0) } + (settings.costColumn.map { [$0] } ?? [])
    for column in needed where !available.contains(column) {
      throw CampaignError.missingColumn(column, available: available)
    }
    return beginning
  }

  /// Makes the store.
  public static func create(at path: String, _ beginning: Beginning, actor: String) throws(CampaignStoreError) -> Campaign {
    let store = try CampaignStore.create(at: path, detail: beginning.settings, actor: actor) { writer in
      for candidate in beginning.candidates { try writer.insert(candidate) }
    }
    return Campaign(store: store, actor: actor)
  }

  public func state(at event: Int? = nil) throws -> CampaignState {
    try CampaignState(store.snapshot(at: event, withModels: true))
  }

  // MARK: Asking

  /// Chooses what to make next and records it.
  ///
  /// If others record entries meanwhile, it is thought over again.
  /// - Throws: `CampaignError`, `CampaignStoreError`, `FitError`.
  public func suggest(_ options: SuggestionOptions) throws -> (batch: SuggestionBatch, event: CampaignEvent) {
    var attempt = 0
    while true {
      let state = try state()
      let batch = try SuggestionJob(state: state, options: options).run()
      do {
        let event = try store.append(
          .suggested, detail: batch.header, actor: actor, expecting: state.snapshot.head
        ) { writer in
          for summary in batch.surrogates {
            try writer.insert(
              ModelRecord(
                property: summary.property, summary: try CanonicalJSON.text(summary),
                archive: try state.archive(of: summary.property)))
          }
          for one in batch.suggestions {
            try writer.insert(
              SuggestionRecord(
                batch: batch.batch, place: one.place, candidate: one.candidate, score: one.score.isFinite ? one.score : 0,
                explanation: try CanonicalJSON.text(one)))
          }
        }
        return (batch, event)
      } catch CampaignStoreError.moved where attempt < 5 {
        attempt += 1
      }
    }
  }

  /// Makes a recorded batch again from the state before it, and compares byte for byte.
  ///
  /// - Throws: `CampaignError.notReproduced`.
  public func reproduce(event seq: Int) throws -> SuggestionBatch {
    let after = try store.snapshot(at: seq)
    guard let event = after.events.last, event.kind == .suggested,
      let header = try? JSONDecoder().decode(SuggestionBatch.Header.self, from: Data(event.detail.utf8))
    else { throw CampaignError.invalid("event \(seq) is no suggestion") }
    let batch = try SuggestionJob(state: try state(at: seq - 1), options: header.options).run()
    let recorded = after.suggestions.filter { $0.event == seq }.map(\.explanation)
    guard try CanonicalJSON.text(batch.header) == event.detail,
      try batch.suggestions.map({ try CanonicalJSON.text($0) }) == recorded
    else { throw CampaignError.notReproduced(event: seq) }
    return batch
  }

  // MARK: Deciding

  /// Records a decision about a candidate, by name.
  @discardableResult
  public func decide(_ verdict: DecisionRecord.Verdict, candidate name: String, reason: String) throws -> CampaignEvent {
    let state = try state()
    let directory = CandidateDirectory(state)
    guard let position = directory.position(of: name) else {
      throw CampaignError.unknownCandidate(name, suggestion: directory.nearest(to: name))
    }
    return try store.append(.decided, detail: ["verdict": verdict.rawValue], actor: actor) { writer in
      try writer.insert(DecisionRecord(candidate: position + 1, verdict: verdict, reason: reason))
    }
  }

  /// Records that an observation does not count any more.
  @discardableResult
  public func retract(observation id: Int, reason: String) throws -> CampaignEvent {
    guard try store.snapshot().currentObservations.contains(where: { $0.id == id }) else {
      throw CampaignError.invalid("there is no current observation \(id); `campaign log` lists them")
    }
    return try store.append(.decided, detail: ["verdict": "retracted"], actor: actor) { writer in
      try writer.insert(DecisionRecord(observation: id, verdict: .retracted, reason: reason))
    }
  }
}

/// JSON with sorted keys, so that equal values have equal bytes.
enum CanonicalJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension SuggestionBatch {
  /// The batch without its suggestions and models, which have tables of their own.
  public struct Header: Sendable, Equatable, Codable {
    public var basis: Int
    public var batch: Int
    public var version: String
    public var options: SuggestionOptions
    public var adviceWorthwhile: Int?
    public var remainingGain: Double?
    public var best: Double?
    public var openCount: Int
    public var pendingCount: Int
  }

  public var header: Header {
    Header(
      basis: basis, batch: batch, version: version, options: options, adviceWorthwhile: advice?.worthwhile,
      remainingGain: advice?.remainingGain, best: best, openCount: openCount, pendingCount: pendingCount)
  }
}

/// Fills the columns that are computed from a composition.
struct ColumnComputer: Sendable {
  private let columns: [Campaign.ComputedColumn]
  private let hints: StabilityHints?
  private let prices: [Double?]

  init(_ settings: CampaignSettings) {
    columns = settings.computedColumns.compactMap(Campaign.ComputedColumn.init(rawValue:))
    let needsWindow = columns.contains { [.window, .reduction, .oxidation].contains($0) }
    hints = needsWindow ? try? StabilityHints() : nil
    var prices = [Double?](repeating: nil, count: Element.count)
    if columns.contains(.price) {
      let table = BundledData.elementResources.table
      for (number, price) in zip(table.numbers("atomic_number"), table.numbers("price_usd_per_kg")) {
        if let number, (1...Double(Element.count)).contains(number) { prices[Int(number) - 1] = price }
      }
    }
    self.prices = prices
  }

  func fill(_ extra: inout [String: String], for composition: Composition) {
    let hint = hints?.hint(for: composition)
    for column in columns {
      var value: Double?
      switch column {
      case .price:
        var mass = 0.0
        var sum: Double? = 0
        for entry in composition.entries {
          let grams = entry.amount * entry.element.atomicMass
          mass += grams
          sum = sum.flatMap { total in prices[entry.element.atomicNumber - 1].map { total + grams * $0 } }
        }
        value = sum.map { $0 / mass }
      case .reduction: value = hint?.reductionPotential
      case .oxidation: value = hint?.oxidationPotential
      case .window:
        if let low = hint?.reductionPotential, let high = hint?.oxidationPotential { value = high - low }
      }
      if let value { extra[column.rawValue] = CSVWriter.number(value) }
    }
  }
}
