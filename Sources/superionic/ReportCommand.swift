import ArgumentParser
import Campaigns
import Chemistry
import FileIO
import Foundation
import Modeling
import Reports
import Screening
import Stability
import Tables

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one HTML file with data, validation, ranking, stability and provenance.",
    discussion: """
      The file needs no network and nothing beside it. What is given decides what is in it: DATA.csv with --target is
      validated and trained on, --candidates are ranked by that model or by --model NAME=FILE, --ranking shows a ranking
      made earlier, --campaign shows a campaign.

      Example:
        superionic report Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi --candidates Datasets/candidates.csv -o report.html
        superionic report --ranking ranking.csv --campaign li.campaign -o report.html
      """)

  @Argument(help: "CSV files of measurements; several are merged by column name. - reads standard input.")
  var inputs: [String] = []

  @Option(help: "The column of the measurements to validate and train on.")
  var target: String?

  @OptionGroup var columns: LearningOptions

  @Option(
    name: .customLong("model"),
    help: "A kind of model to validate and train, or NAME=FILE to rank by a model made earlier (repeatable).")
  var models: [String] = []

  @Option(help: "Number of folds of the validation.")
  var folds = 5

  @Flag(help: "Do not cross-validate: the measurements are only shown and trained on.")
  var skipValidation = false

  @Option(help: "The column of families; default: family, where there is one.")
  var familyColumn: String?

  @Option(help: "A CSV file of candidates to rank.")
  var candidates: String?

  @Option(name: .customLong("ranking"), help: "A ranking made earlier: CSV, or the JSON of rank --json.")
  var rankingFile: String?

  @Option(help: "A campaign to show.")
  var campaign: String?

  @Option(name: .customLong("system"), help: "Two or three elements whose hull to draw, such as Li-P-S (repeatable).")
  var systems: [String] = []

  @Option(help: "For how many of the first candidates the page tells what each family of descriptors adds to the prediction.")
  var contributions = RankingSection.contributionLimit

  @Option(help: "The title of the page.")
  var title: String?

  @Option(name: .shortAndLong, help: "The HTML file to write; - for standard output.", completion: .file())
  var output: String

  @OptionGroup var ranking: RankingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard folds >= 2 else { throw ValidationError("--folds takes a number of at least 2, not \(folds)") }
    guard contributions >= 0 else { throw ValidationError("--contributions takes a number of candidates, not \(contributions)") }
    guard !inputs.isEmpty || candidates != nil || rankingFile != nil || campaign != nil else {
      throw ValidationError("give measurements, --candidates with --model NAME=FILE, --ranking or --campaign: there is nothing to report on")
    }
    guard inputs.isEmpty || target != nil else { throw ValidationError("name the column to learn with --target") }
    guard candidates == nil || rankingFile == nil else {
      throw ValidationError("give --candidates to rank them, or --ranking to show a ranking made earlier, not both")
    }
    guard candidates == nil || !inputs.isEmpty || !modelFiles.isEmpty else {
      throw ValidationError("--candidates need a model: give measurements to train one, or --model NAME=FILE")
    }
    guard kinds.count <= 1 else { throw ValidationError("one kind of model is trained, not \(kinds.joined(separator: " and "))") }
    for kind in kinds where ModelKind(rawValue: kind) == nil {
      throw ValidationError("\"\(kind)\" is not a kind of model; it is one of \(ModelKind.allCases.map(\.rawValue).joined(separator: ", ")), or NAME=FILE")
    }
    _ = try elementSystems()
  }

  private var modelFiles: [String] { models.filter { $0.contains("=") } }
  private var kinds: [String] { models.filter { !$0.contains("=") } }

  private func elementSystems() throws -> [[Element]] {
    try systems.map { text in
      let elements = text.split(separator: "-").compactMap { Element($0) }
      guard elements.count == text.split(separator: "-").count, Set(elements).count == elements.count, (2...3).contains(elements.count) else {
        throw ValidationError("--system takes two or three element symbols joined by -, such as Li-P-S, not \(text)")
      }
      return elements
    }
  }

  func run() throws {
    try common.apply(output: output)
    var parts = Parts()
    let trained = try inputs.isEmpty ? nil : measurements(&parts)
    let named = try modelFiles.map(RankingOptions.namedModel) + (modelFiles.isEmpty ? [trained?.model].compactMap(\.self) : [])
    var materials: [(name: String, composition: Composition)] = []
    let hints = try StabilityHints(phases: ranking.phases)
    parts.diagnostics += hints.diagnostics
    if let candidates {
      materials = try rank(candidates, named, hints, &parts)
    } else if let rankingFile {
      materials = try show(rankingFile, trained?.data, trained?.options, named.first, &parts)
    }
    let chosen = try elementSystems()
    if !materials.isEmpty || !chosen.isEmpty {
      parts.sections.append(
        try StabilitySection(hints.diagram, materials: materials, systems: chosen, phases: ranking.phases ?? "bundled").section())
      if let phases = ranking.phases {
        parts.sources.append(.init("phases", name: phases, digest: Digest.sha256(try FileContents.read(phases))))
      }
    }
    if let campaign { try show(campaign: campaign, &parts) }
    try write(parts, models: named, options: trained?.options)
    common.report(parts.diagnostics)
    try common.enforceStrictness(parts.diagnostics)
  }

  /// What has been gathered for the page.
  private struct Parts {
    var sections: [ReportSection] = []
    var sources: [ProvenanceSection.Source] = []
    var diagnostics: [Diagnostic] = []
    var rows = 0
    var candidates = 0
    var validation: ValidationDocument?

    mutating func add(_ role: String, _ names: [String], _ digests: [String]) {
      sources += zip(names, digests).map { .init(role, name: $0, digest: $1) }
    }
  }

  private struct Trained {
    let data: Measurements
    let options: ModelingOptions
    /// Nil where models from files do the ranking.
    let model: RankingJob.NamedModel?
  }

  // MARK: Sections

  private func measurements(_ parts: inout Parts) throws -> Trained {
    let kind = kinds.first.flatMap(ModelKind.init(rawValue:)) ?? .auto
    let options = columns.modelingOptions(target: target ?? "", model: kind, seed: common.seed)
    let table = try common.readTables(inputs)
    let data = try Measurements(table, options: options)
    let families = try RowFamilies(data, table: table, column: familyColumn)
    parts.rows = data.count
    parts.diagnostics += data.diagnostics
    parts.add("measurements", inputs, data.digests)
    parts.sections.append(DataSection(data, table: table, options: options, families: families).section)
    if !skipValidation {
      let progress = ProgressReporter("validating \(kind.rawValue)", quiet: common.quiet)
      let validation = try ModelValidation(of: data, options: options, folds: folds, intervalLevel: ranking.judgement.interval) {
        progress.report($0, of: $1)
      }
      let scrambled = try ModelValidation.scrambledRSquared(of: data, options: options, folds: folds)
      let learning = ProgressReporter("learning curve", quiet: common.quiet)
      let curve = try LearningCurve(of: data, options: options, folds: folds) { learning.report($0, of: $1) }
      parts.validation = ValidationDocument(validation, of: data, options: options, scrambledRSquared: scrambled)
      parts.sections.append(
        ValidationSection(
          validation, of: data, options: options, families: families, curve: curve, scrambledRSquared: scrambled
        ).section)
    }
    guard modelFiles.isEmpty else { return Trained(data: data, options: options, model: nil) }
    let progress = ProgressReporter(kind == .auto ? "comparing models" : "training", quiet: common.quiet)
    let model = try PropertyModel(training: data, options: options) {
      progress.report($0.done, of: $0.total, note: $0.note)
      return true
    }
    let name = Quantity(column: options.target).name.lowercased()
    return Trained(data: data, options: options, model: .init(name: name, model: model))
  }

  /// Ranks candidates; returns them, best first.
  private func rank(
    _ path: String, _ models: [RankingJob.NamedModel], _ hints: StabilityHints, _ parts: inout Parts
  ) throws -> [(name: String, composition: Composition)] {
    let job = try ranking.job(models: models)
    let table = try Table(reading: path)
    let progress = ProgressReporter("ranking", quiet: common.quiet)
    let result = try job.run(on: table) { progress.report($0, of: $1) }
    parts.candidates = result.ranked.count
    parts.diagnostics += result.diagnostics
    parts.add("candidates", [path], table.digests)
    parts.sections.append(try RankingSection(job, result, table: table, hints: hints, contributions: contributions).section)
    return result.ranked.map { ($0.formula, $0.composition) }
  }

  private func show(
    _ path: String, _ data: Measurements?, _ options: ModelingOptions?, _ model: RankingJob.NamedModel?, _ parts: inout Parts
  ) throws -> [(name: String, composition: Composition)] {
    let file = try RankingFile(reading: path, formulaColumn: columns.measured.formulaColumn)
    parts.candidates = file.table.rows.count
    parts.add("ranking", [path], file.table.digests)
    let reasons = try model.map { try file.contributions(to: $0, limit: contributions, temperature: ranking.temperature) }
    let introduction = ["As ranked in \(path).", reasons?.sentence(of: file.table.rows.count) ?? ""].filter { !$0.isEmpty }
    parts.sections.append(
      ReportSection(
        "ranking", heading: "Ranking",
        blocks: [
          .paragraph(introduction.joined(separator: " ")),
          .ranking(file.ranking(measured: data, options: options, contributions: reasons)),
        ]))
    return file.formulas.compactMap { formula in (try? Composition(formula: formula)).map { (formula, $0) } }
  }

  private func show(campaign path: String, _ parts: inout Parts) throws {
    let state = try Campaign(opening: path, actor: "").state()
    let advice = try? SuggestionJob(state: state, options: SuggestionOptions(seed: common.seed)).run().advice
    let status = CampaignStatus(state, advice: advice)
    parts.sections.append(CampaignSection(state, status: status).section)
    parts.sources.append(.init("campaign, by the hash of its history", name: path, digest: status.hash))
  }

  // MARK: Page

  private func write(_ parts: Parts, models: [RankingJob.NamedModel], options: ModelingOptions?) throws {
    var settings = options.map(ProvenanceSection.settings) ?? [(term: "seed", value: "\(common.seed)")]
    if parts.validation != nil { settings.append((term: "folds", value: "\(folds)")) }
    settings.append((term: "interval", value: "\(ranking.judgement.interval)"))
    let files = Dictionary(
      try modelFiles.map(ModelFileOptions.nameAndPath).map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
    let provenance = ProvenanceSection(
      sources: parts.sources, settings: settings,
      models: models.map { ($0.name, ModelDescription($0.model, file: files[$0.name] ?? "")) })
    let subject = options.map { Quantity(column: $0.target).name } ?? "Candidates"
    var page = ReportPage(
      title ?? "\(subject): report",
      subtitle: [parts.rows > 0 ? "\(parts.rows) measured rows" : "", parts.candidates > 0 ? "\(parts.candidates) candidates" : ""]
        .filter { !$0.isEmpty }.joined(separator: ", "))
    page.sections = parts.sections + [provenance.section]
    let html = try page.html()
    try FileContents.write(html, to: output)
    if common.json {
      try printJSON(
        Summary(
          output: output, bytes: html.count, sections: page.sections.map(\.anchor), rows: parts.rows, candidates: parts.candidates,
          validation: parts.validation, version: SuperionicVersion.current))
    } else if output != FileContents.standardStream, !common.quiet {
      common.say("\(page.sections.map(\.heading).joined(separator: ", ")); written to \(output) (\((Double(html.count) / 1000).fixed(0)) kB)")
    }
  }

  private struct Summary: Encodable {
    let output: String
    let bytes: Int
    let sections: [String]
    let rows: Int
    let candidates: Int
    let validation: ValidationDocument?
    let version: String
  }
}
