import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// `ProbitClassifier` under the contract of a regressor: learns labels 0 and 1, predicts the probability of 1.
///
/// Hyperparameters are learned from at most `searchLimit` rows, spread evenly, and all rows are conditioned on.
public struct ProbitRegressor: Regressor, Hashable, Codable {
  public var classifier: ProbitClassifier
  public var searchLimit: Int

  public init(_ classifier: ProbitClassifier = ProbitClassifier(starts: 1), searchLimit: Int = 250) {
    self.classifier = classifier
    self.searchLimit = searchLimit
  }

  /// Expectation propagation over more rows takes hours.
  public static let rowLimit = 3000

  /// - Throws: `FitError`, also for targets that are no labels and above `rowLimit` rows.
  /// - Complexity: O(n³) for each of some ten sweeps, and O(s³) for each evaluation of the search, s = min(n, `searchLimit`).
  public func fit(_ original: TrainingSet) throws(FitError) -> ProbitModel {
    try original.checkLabels()
    guard original.count <= Self.rowLimit else {
      throw .invalidSetting("probit takes at most \(Self.rowLimit) rows, not \(original.count); use the model classifier")
    }
    guard searchLimit >= 1 else { throw .invalidSetting("a probit model needs a row to learn from") }
    let data = original.canonicallyOrdered()
    let labels = data.targets.map { $0 == 1 }
    guard data.count > searchLimit else { return try classifier.fit(features: data.features, labels: labels) }
    let sample = (0..<searchLimit).map { $0 * data.count / searchLimit }
    let guide = try classifier.fit(features: data.features.selectingRows(sample), labels: sample.map { labels[$0] })
    return try classifier.conditioned(features: data.features, labels: labels, kernel: guide.posterior.kernel, inputs: guide.inputs)
  }
}

extension ProbitModel: FittedRegressor {
  public static var kind: String { "probit" }

  public var featureCount: Int { inputs.featureCount }

  /// Probabilities of the label 1, with the deviation of the label.
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    Prediction(probabilities: try probabilities(features))
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("kernel", text: posterior.kernel.archivedText)
    archive.set("log_evidence", [logEvidence])
    posterior.write(to: &archive)
    archive.set("row_noise", posterior.noise)
    inputs.write(to: &archive)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    let (n, d) = try archive.tableShape("x")
    let kernel = try KernelExpression(archivedText: archive.text("kernel"), columns: d)
    logEvidence = try archive.double("log_evidence")
    inputs = try ProcessInputs(archive: archive, columns: d)
    posterior = try Posterior(from: archive, kernel: kernel, noise: archive.finiteDoubles("row_noise", shape: [n]))
  }
}
