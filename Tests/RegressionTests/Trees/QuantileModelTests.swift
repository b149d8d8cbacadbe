import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

/// Data and losses of peers; `GoldenValues.md` says how they were made.
private struct QuantileReference: Decodable {
  let x: [Double]
  let y: [Double]
  let z: [Double]
  let t: [Double]
  let loss: [String: [String: Double]]
  let forest: Forest

  struct Forest: Decodable {
    let trees: Int
    let inbag: [Double]
    let predictions: [Double]
    let variance: [Double]
  }

  static func read() throws -> QuantileReference {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/quantiles.json")
    return try JSONDecoder().decode(QuantileReference.self, from: Data(contentsOf: url))
  }

  var training: TrainingSet {
    get throws { try TrainingSet(features: Matrix(rows: y.count, columns: 3, elements: x), targets: y) }
  }
  var new: Matrix { Matrix(rows: t.count, columns: 3, elements: z) }

  func loss(_ predicted: [Double], _ p: Double) -> Double {
    zip(t, predicted).reduce(0) { $0 + ($1.0 > $1.1 ? p * ($1.0 - $1.1) : (p - 1) * ($1.0 - $1.1)) } / Double(t.count)
  }

  func coverage(_ interval: (lower: [Double], upper: [Double])) -> Double {
    Double(t.indices.count { interval.lower[$0] <= t[$0] && t[$0] <= interval.upper[$0] }) / Double(t.count)
  }
}

@Suite struct QuantileModelTests {
  @Test func quantileForestContract() throws {
    try expectRegressorContract(QuantileForestRegressor(ForestSettings(treeCount: 60)), equivariance: 1e-6)
  }

  @Test func quantileBoostingContract() throws {
    try expectRegressorContract(
      QuantileBoostingRegressor(GradientBoostingRegressor(treeCount: 80, learningRate: 0.1, minimumLeaf: 5, members: 3)),
      equivariance: 1e-6)
  }

  @Test func boostedQuantilesLoseNoMoreThanThoseOfPeers() throws {
    let reference = try QuantileReference.read()
    let model = try QuantileBoostingRegressor(GradientBoostingRegressor(featureFraction: 1, members: 4)).fit(reference.training)
    let quantiles = try model.learnedQuantiles(reference.new)
    for p in [0.05, 0.5, 0.95] {
      let peers = try #require(reference.loss["\(p)"])
      let loss = reference.loss(quantiles.quantile(p), p)
      #expect(loss < 1.1 * min(peers["lightgbm"] ?? 0, peers["sklearn"] ?? 0), "probability \(p): \(loss)")
    }
    let prediction = try model.predict(reference.new)
    #expect(abs(reference.coverage(prediction.interval(0.9)) - 0.9) < 0.04)
    // Lopsided scatter makes lopsided intervals.
    let interval = prediction.interval(0.9)
    let above = zip(interval.upper, prediction.mean).reduce(0) { $0 + $1.0 - $1.1 }
    let below = zip(interval.lower, prediction.mean).reduce(0) { $0 + $1.1 - $1.0 }
    #expect(above > 1.3 * below)
  }

  @Test func forestQuantilesLoseNoMoreThanThoseOfThePeer() throws {
    let reference = try QuantileReference.read()
    let model = try QuantileForestRegressor().fit(reference.training)
    let probabilities = [0.05, 0.5, 0.95]
    let quantiles = try model.leafQuantiles(reference.new, probabilities)
    for p in probabilities {
      let peer = try #require(reference.loss["\(p)"]?["quantile-forest"])
      let loss = reference.loss(quantiles.quantile(p), p)
      #expect(loss < 1.1 * peer, "probability \(p): \(loss)")
    }
    #expect(abs(reference.coverage(try model.predict(reference.new).interval(0.9)) - 0.9) < 0.04)
    let scores = try #require(model.outOfBag)
    #expect(scores.rows == 500 && (scores.rSquared ?? 0) > 0.45)
  }

  @Test func jackknifeVariancesAreThoseOfForestci() throws {
    let forest = try QuantileReference.read().forest
    let variances = InfinitesimalJackknife.variances(
      counts: Matrix(rows: forest.inbag.count / forest.trees, columns: forest.trees, elements: forest.inbag),
      values: Matrix(rows: forest.variance.count, columns: forest.trees, elements: forest.predictions))
    expectClose(variances, forest.variance, relative: 1e-10)
  }

  @Test func moreRowsLeaveLessToLearn() throws {
    let reference = try QuantileReference.read()
    let all = try reference.training
    let new = reference.new.selectingRows(0..<40)
    func mean(_ rows: Int) throws -> Double {
      let variances = try QuantileForestRegressor().fit(all.selecting(Array(0..<rows))).infinitesimalJackknife(new)
      return variances.reduce(0, +) / 40
    }
    #expect(try mean(400) < mean(60))
  }
}

@Suite struct RowQuantilesTests {
  @Test func quantilesOfANormalGridAreNormal() {
    let grid = [0.05, 0.25, 0.5, 0.75, 0.95]
    let quantiles = RowQuantiles(
      probabilities: grid, values: Matrix([grid.map { 3 + 2 * NormalDistribution.quantile($0) }]))
    for p in [0.001, 0.05, 0.1, 0.3, 0.5, 0.9, 0.99] {
      let exact = 3 + 2 * NormalDistribution.quantile(p)
      #expect(isClose(quantiles.quantile(p)[0], exact, relative: 1e-9))
      #expect(isClose(quantiles.probabilities(below: exact)[0], p, relative: 1e-9))
    }
  }

  @Test func crossedQuantilesAreSorted() {
    let quantiles = RowQuantiles(probabilities: [0.1, 0.5, 0.9], values: Matrix([[2, 1, 3]]))
    #expect(quantiles.values.row(0) == [1, 2, 3])
  }
}

@Suite struct BoostedClassifierTests {
  @Test func probabilitiesAreCalibratedAndSurviveAFile() throws {
    var generator = SeededGenerator(seed: 2)
    func sample(_ n: Int) throws -> TrainingSet {
      let x = Matrix(rows: n, columns: 3, elements: (0..<3 * n).map { _ in generator.normal() })
      let labels = (0..<n).map { 1 / (1 + exp(-2 * x[$0, 0] * x[$0, 1])) > generator.uniform() ? 1.0 : 0 }
      return try TrainingSet(features: x, targets: labels, groups: (0..<n).map { $0 / 3 })
    }
    let (training, new) = (try sample(600), try sample(1500))
    let regressor = CalibratedProbabilities(BoostedClassifier(GradientBoostingRegressor(treeCount: 150, featureFraction: 1, members: 2)))
    let model = try regressor.fit(training)
    let prediction = try model.predict(new.features)
    let metrics = ClassificationMetrics(probabilities: prediction.mean, labels: new.targets.map { $0 == 1 })
    // Knowing the probabilities themselves gives an AUC of about 0.79 here.
    #expect(metrics.auc ?? 0 > 0.68)
    #expect(metrics.calibrationError < 0.06)
    let restored = try CalibratedProbabilityModel<BoostedClassifierModel>(archive: model.archive())
    #expect(try restored.predict(new.features) == prediction)
    #expect(throws: FitError.self) {
      try regressor.fit(TrainingSet(features: training.features, targets: training.targets.map { 2 * $0 }))
    }
  }
}
