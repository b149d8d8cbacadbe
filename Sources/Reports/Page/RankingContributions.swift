import Modeling
import Screening

extension RankingTable.Contributions {
  /// Explains what a model predicts for samples.
  ///
  /// - Parameters:
  ///   - samples: best first; nil for what is no sample.
  ///   - temperature: in °C, for samples without one.
  /// - Throws: `ModelingError`.
  /// - Complexity: that of `PropertyModel.explain`.
  init(
    of samples: [Sample?], to named: RankingJob.NamedModel, temperature: Double?, isOfRanking: Bool
  ) throws(ModelingError) {
    let known = samples.compactMap(\.self)
    let found = if let temperature {
      try named.model.explain(known, temperature: temperature, neighbours: 0)
    } else {
      try named.model.explain(known, neighbours: 0)
    }
    var next = found.makeIterator()
    self.init(
      model: named.name, quantity: named.model.options.predictedName, explanations: samples.map { $0 == nil ? nil : next.next() },
      isOfRanking: isOfRanking)
  }

  /// Says which rows have contributions.
  public func sentence(of count: Int) -> String {
    guard !explanations.isEmpty, count > 0 else { return "" }
    let rows = explanations.count < count ? "the first \(explanations.count) rows" : "each row"
    let origin = isOfRanking ? "the model \(model)" : "the model \(model) of this report, which need not be what ranked"
    return "The details of \(rows) tell what each family of descriptors adds to \(quantity) by \(origin)"
      + (explanations.count < count ? "; the option contributions of the command report sets how many." : ".")
  }
}
