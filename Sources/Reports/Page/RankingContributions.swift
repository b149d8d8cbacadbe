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
  init(of samples: [Sample?], to named: RankingJob.NamedModel, temperature: Double?) throws(ModelingError) {
    let known = samples.compactMap(\.self)
    let found = if let temperature {
      try named.model.explain(known, temperature: temperature, neighbours: 0)
    } else {
      try named.model.explain(known, neighbours: 0)
    }
    var next = found.makeIterator()
    self.init(
      model: named.name, quantity: named.model.options.predictedName, explanations: samples.map { $0 == nil ? nil : next.next() })
  }

  /// Says which rows have contributions.
  public func sentence(of count: Int) -> String {
    guard !explanations.isEmpty, count > 0 else { return "" }
    let rows = explanations.count < count ? "the first \(explanations.count) rows" : "each row"
    return "The details of \(rows) tell what each family of descriptors adds to \(quantity) by the model \(model)"
      + (explanations.count < count ? "; report --contributions sets how many." : ".")
  }
}
