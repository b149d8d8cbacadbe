import Modeling

/// What a model is and stands on, for people and as JSON.
public struct ModelDescription: Sendable, Codable {
  public let file: String
  public let kind: String
  /// The models that `kind` stands for, with their weights.
  public let models: String
  public let options: ModelingOptions
  public let features: Int
  /// How the candidates of an automatic choice compared.
  public let league: LeagueTable?
  public let provenance: PropertyModel.Provenance
  /// Of each Gaussian process: log likelihood, spread over starts, jitter.
  public let fit: [String]

  public init(_ model: PropertyModel, file: String) {
    self.file = file
    kind = model.kind.rawValue
    models = model.summary
    options = model.options
    features = model.featureNames.count
    league = model.league
    provenance = model.provenance
    fit = model.fitDetails
  }

  public var lines: [String] {
    let range = provenance.targetRange.map { $0.fixed(2) }.joined(separator: " to ")
    var lines = [
      "model        \(file)",
      "predicts     \(options.predictedName), \(range) in the training data",
      "kind         \(kind == models ? kind : "\(kind): \(models)"), seed \(options.seed)",
      "features     \(features) from \(featureSources)",
      "trained on   \(provenance.rows) rows in \(provenance.groups) groups, \(provenance.censoredRows) censored, "
        + "\(provenance.rejectedRows) rejected",
    ]
    for line in fit { lines.append("fit          \(line)") }
    for digest in provenance.datasets { lines.append("data         sha256 \(digest)") }
    lines.append("version      superionic \(provenance.version)")
    if let league {
      lines += ["", "Candidates on groups of rows they had not seen:", ""] + league.text()
    }
    return lines
  }

  private var featureSources: String {
    var sources = [options.descriptorsInUse]
    if options.temperatureColumn != nil { sources.append("temperature") }
    return (sources + options.numericColumns + options.categoryColumns).joined(separator: ", ")
  }
}
