import LinearAlgebra
import ModelFiles
import Regression

/// The weighted mean of several models, with deviations that also count how far they disagree.
///
/// The local variance at a row is Σ wₘ·(σₘ² + (μₘ − μ)²), the variance of the mixture of the models'
/// normal distributions; `ResidualCalibration` scales it to errors on groups none of them had seen.
struct StackedModel: FittedRegressor {
  static let kind = "stacked ensemble"

  let members: [FittedModel]
  let weights: [Double]
  /// Nil for a single model that is calibrated already.
  let calibration: ResidualCalibration?
  /// How the candidates compared; nil for a model that was not compared with others.
  let league: LeagueTable?

  /// - Precondition: at least one member, and a weight for each.
  init(members: [FittedModel], weights: [Double], calibration: ResidualCalibration, league: LeagueTable) {
    precondition(!members.isEmpty && members.count == weights.count, "a weight for each member")
    self.members = members
    self.weights = weights
    self.calibration = calibration
    self.league = league
  }

  /// One model as it is.
  init(single member: FittedModel) {
    members = [member]
    weights = [1]
    calibration = nil
    league = nil
  }

  /// Such as `boosting 0.62 + gp 0.38`.
  var summary: String {
    if members.count == 1 { return members[0].kind.rawValue }
    let order = members.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    return order.map { "\(members[$0].kind.rawValue) \((weights[$0] * 100).rounded() / 100)" }.joined(separator: " + ")
  }

  var featureCount: Int { members[0].regressor.featureCount }

  func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    var predictions: [Prediction] = []
    for member in members { predictions.append(try member.regressor.predict(features)) }
    guard let calibration else { return predictions[0] }
    var prediction = Self.mixture(of: predictions, weights: weights)
    for i in prediction.standardDeviation.indices {
      let deviation = prediction.standardDeviation[i]
      prediction.standardDeviation[i] = calibration.standardDeviation(
        deviation * deviation, mean: prediction.mean[i])
    }
    prediction.shape = calibration.shape
    return prediction
  }

  /// Mean and deviation of a mixture of normal distributions, before calibration.
  static func mixture(of predictions: [Prediction], weights: [Double]) -> Prediction {
    let count = predictions[0].count
    var mean = [Double](repeating: 0, count: count)
    var deviation = mean
    for i in 0..<count {
      for (weight, p) in zip(weights, predictions) { mean[i] += weight * p.mean[i] }
      var variance = 0.0
      for (weight, p) in zip(weights, predictions) {
        let gap = p.mean[i] - mean[i]
        variance += weight * (p.standardDeviation[i] * p.standardDeviation[i] + gap * gap)
      }
      deviation[i] = variance.squareRoot()
    }
    return Prediction(mean: mean, standardDeviation: deviation)
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("weights", weights)
    // A table of numbers and names always has a JSON text.
    if let league { try? archive.set("league", json: league) }
    for (index, member) in members.enumerated() { archive.nest(member.archive(), under: "member\(index)") }
    if let calibration { archive.nest(calibration.archive(), under: "calibration") }
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    weights = try archive.doubles("weights")
    league = archive.metadata["league"] == nil ? nil : try archive.json("league", as: LeagueTable.self)
    guard !weights.isEmpty, weights.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw .invalid("weights", reason: "is not a list of shares")
    }
    var members: [FittedModel] = []
    for index in weights.indices { members.append(try FittedModel(archive: archive.nested(under: "member\(index)"))) }
    self.members = members
    guard Set(members.map(\.regressor.featureCount)).count == 1 else {
      throw .invalid("weights", reason: "joins models of different features")
    }
    let stored = archive.nested(under: "calibration")
    calibration = stored.tensors.isEmpty ? nil : try ResidualCalibration(archive: stored)
    guard calibration != nil || members.count == 1 else {
      throw .invalid("weights", reason: "joins models without a calibration")
    }
  }
}
