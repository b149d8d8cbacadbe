import Modeling

/// What a model is and stands on, for people and as JSON.
public struct ModelDescription: Sendable, Codable {
  public let file: String
  public let kind: String
  public let options: ModelingOptions
  public let features: Int
  public let provenance: PropertyModel.Provenance

  public init(_ model: PropertyModel, file: String) {
    self.file = file
    kind = model.kind.rawValue
    options = model.options
    features = model.featureNames.count
    provenance = model.provenance
  }

  public var lines: [String] {
    let range = provenance.targetRange.map { $0.fixed(2) }.joined(separator: " to ")
    var lines = [
      "model        \(file)",
      "predicts     \(options.predictedName), \(range) in the training data",
      "kind         \(kind), seed \(options.seed)",
      "features     \(features) from \(featureSources)",
      "trained on   \(provenance.rows) rows in \(provenance.groups) groups, \(provenance.censoredRows) censored, "
        + "\(provenance.rejectedRows) rejected",
    ]
    for digest in provenance.datasets { lines.append("data         sha256 \(digest)") }
    lines.append("version      superionic \(provenance.version)")
    return lines
  }

  private var featureSources: String {
    var sources = [options.descriptors]
    if options.temperatureColumn != nil { sources.append("temperature") }
    return (sources + options.numericColumns + options.categoryColumns).joined(separator: ", ")
  }
}
