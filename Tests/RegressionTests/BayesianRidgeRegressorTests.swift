import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct BayesianRidgeRegressorTests {
  @Test func contract() throws {
    try expectRegressorContract(BayesianRidgeRegressor(), equivariance: 1e-7)
  }

  @Test func matchesScikitLearn() throws {
    let (data, new) = try RidgeRegressorTests.data(20, 4)
    let model = try BayesianRidgeRegressor().fit(data)
    expectClose(
      model.weights,
      [1.3520198448264757, -0.1660878658573186, 0.4465661620754525, -0.01960450832328081], relative: 1e-6)
    let alpha = 2.592474330505158
    expectClose([1 / model.noiseVariance, model.penalty], [alpha, 1.8772004578124752 / alpha], relative: 1e-6)
    expectClose([model.logEvidence], [-24.604428637398573], relative: 1e-9)
    let prediction = try model.predict(new)
    expectClose(prediction.mean, [2.6916482725829196, 6.415491878006636, 1.6837041251169493], relative: 1e-6)
    let deviations = [0.6952512659205886, 0.6835833655244626, 0.6905858007841709]
    expectClose(
      prediction.standardDeviation, deviations.map { ($0 * $0 + 1 / (20 * alpha)).squareRoot() }, relative: 1e-6)
  }

  @Test(arguments: [(20, 4), (6, 9)])
  func evidenceGradientMatchesCentralDifferences(n: Int, d: Int) throws {
    let data = try RidgeRegressorTests.data(n, d).0
    let mean = data.targets.reduce(0, +) / Double(n)
    let evidence = try LinearEvidence(
      features: Standardizer(of: data.features).standardize(data.features), targets: data.targets.map { $0 - mean })
    for ratio in [1e-3, 0.1, 2, 50, 1e4] {
      let h = 1e-4
      let difference = (evidence.value(ratio * exp(h)) - evidence.value(ratio * exp(-h))) / (2 * h)
      #expect(isClose(evidence.derivative(ratio), difference, relative: 1e-6, absolute: 1e-7), "ratio \(ratio)")
    }
  }

  @Test func noPenaltyHasMoreEvidenceThanTheOneChosen() throws {
    let data = try RidgeRegressorTests.data(6, 9).0
    let mean = data.targets.reduce(0, +) / 6
    let evidence = try LinearEvidence(
      features: Standardizer(of: data.features).standardize(data.features), targets: data.targets.map { $0 - mean })
    let model = try BayesianRidgeRegressor().fit(data)
    for step in -300...300 {
      #expect(evidence.value(model.penalty * pow(10, Double(step) / 50)) <= model.logEvidence + 1e-9)
    }
  }

  /// Nine features of six rows: what the rows do not show keeps its prior variance.
  @Test func deviationGrowsBeyondTheRows() throws {
    let (data, new) = try RidgeRegressorTests.data(6, 9)
    let model = try BayesianRidgeRegressor().fit(data)
    let inside = try model.predict(data.features).standardDeviation
    let outside = try model.predict(new).standardDeviation
    #expect(try #require(outside.min()) > #require(inside.min()))
  }

  @Test func contributionsSumToTheMean() throws {
    let (data, new) = try RidgeRegressorTests.data(20, 4)
    let model = try BayesianRidgeRegressor().fit(data)
    let parts = try model.contributions(new)
    expectClose((0..<3).map { model.intercept + parts.row($0).reduce(0, +) }, try model.predict(new).mean)
  }
}
