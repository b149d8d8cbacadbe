import Modeling

/// What a report was made from: files with their digests, options, models, version.
public struct ProvenanceSection: Sendable {
  /// A file that the report rests on.
  public struct Source: Sendable {
    public let role: String
    public let name: String
    /// SHA-256 in hexadecimal.
    public let digest: String

    public init(_ role: String, name: String, digest: String) {
      self.role = role
      self.name = name
      self.digest = digest
    }
  }

  private let sources: [Source]
  private let settings: [(term: String, value: String)]
  private let models: [(name: String, description: ModelDescription)]

  /// - Parameters:
  ///   - sources: the files, in the order they are listed.
  ///   - settings: further options by name.
  ///   - models: those that predicted what the report shows.
  public init(sources: [Source], settings: [(term: String, value: String)], models: [(name: String, description: ModelDescription)]) {
    self.sources = sources
    self.settings = settings
    self.models = models
  }

  public var section: ReportSection {
    var section = ReportSection("provenance", heading: "Provenance")
    section.blocks.append(.paragraph("Equal files, options, seed and version give this report again, byte for byte on one kind of machine."))
    section.blocks.append(.facts([(term: "version", value: "superionic \(SuperionicVersion.current)")] + settings))
    if !sources.isEmpty {
      var files = ReportTable("Files", columns: [.init("for"), .init("file"), .init("SHA-256")])
      for one in sources { files.append([one.role, one.name, one.digest]) }
      section.blocks.append(.table(files))
    }
    for (name, model) in models {
      section.blocks.append(.subheading("Model \(name)"))
      section.blocks.append(.facts(Self.facts(model)))
      if let league = model.league { section.blocks.append(.table(Self.table(league, name: name))) }
    }
    return section
  }

  /// The settings of a training, by the names of the options.
  public static func settings(_ options: ModelingOptions) -> [(term: String, value: String)] {
    var settings = [(term: "target", value: options.predictedName), (term: "formula column", value: options.formulaColumn)]
    if let column = options.temperatureColumn { settings.append((term: "temperature column", value: column)) }
    if let column = options.groupColumn { settings.append((term: "group column", value: column)) }
    if !options.numericColumns.isEmpty { settings.append((term: "numeric columns", value: options.numericColumns.joined(separator: ", "))) }
    if !options.categoryColumns.isEmpty { settings.append((term: "category columns", value: options.categoryColumns.joined(separator: ", "))) }
    settings += [
      (term: "descriptors", value: options.descriptorsInUse), (term: "model", value: options.model.rawValue),
      (term: "budget", value: options.budget.map { "\($0.fixed(0)) s" } ?? "default"), (term: "seed", value: "\(options.seed)"),
    ]
    return settings
  }

  private static func facts(_ model: ModelDescription) -> [(term: String, value: String)] {
    let p = model.provenance
    var facts = [
      (term: "predicts", value: model.options.predictedName), (term: "made of", value: model.models),
      (term: "features", value: "\(model.features)"),
      (term: "trained on", value: "\(p.rows) rows in \(p.groups) groups, \(p.censoredRows) bounds, \(p.rejectedRows) rejected"),
      (term: "targets", value: p.targetRange.map { $0.fixed(2) }.joined(separator: " to ")), (term: "trained by version", value: p.version),
    ]
    facts += p.datasets.map { (term: "data, SHA-256", value: $0) }
    return facts
  }

  private static func table(_ league: LeagueTable, name: String) -> ReportTable {
    var table = ReportTable(
      "Candidates for \(name) on groups they had not seen",
      columns: [
        .init("model"), .init("MAE", isNumber: true), .init("95% interval", isNumber: true), .init("NLPD", isNumber: true),
        .init("Spearman", isNumber: true), .init("weight", isNumber: true), .init("note"),
      ])
    for row in league.cells { table.append(row) }
    return table
  }
}
