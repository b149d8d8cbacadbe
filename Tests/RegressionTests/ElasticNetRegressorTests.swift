import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct ElasticNetRegressorTests {
  @Test func contract() throws {
    try expectRegressorContract(ElasticNetRegressor(), tolerance: 1e-7, equivariance: 1e-6)
  }

  struct Golden: Sendable {
    let penalty: Double
    let ratio: Double
    let weights: [Double]
    let predictions: [Double]
  }

  @Test(arguments: [
    Golden(
      penalty: 0.1, ratio: 0.5, weights: [1.2807515927926383, -0.10393032739358893, 0.39315856632932417, 0],
      predictions: [2.709618814587723, 6.198719878799507, 1.9051610344802734]),
    Golden(
      penalty: 0.3, ratio: 0.9, weights: [1.0851004724552664, 0, 0.19177913764965776, 0],
      predictions: [2.732697543027815, 5.662902075124084, 2.482385049883369]),
    Golden(
      penalty: 0.05, ratio: 1, weights: [1.346405083158626, -0.11957335428682485, 0.41058404365713813, 0],
      predictions: [2.6345798237201574, 6.315626261161835, 1.781399236902256]),
  ])
  func matchesScikitLearn(golden: Golden) throws {
    let (data, new) = try RidgeRegressorTests.data(20, 4)
    let model = try ElasticNetRegressor(ratios: [golden.ratio], penalties: [golden.penalty]).fit(data)
    expectClose(model.weights, golden.weights, relative: 1e-8, absolute: 1e-9)
    expectClose(try model.predict(new).mean, golden.predictions, relative: 1e-8)
  }

  @Test func pureNoiseDropsMostFeatures() throws {
    var generator = SeededGenerator(seed: 3)
    let x = Matrix(rows: 100, columns: 30, elements: (0..<3000).map { _ in generator.normal() })
    let y = (0..<100).map { 3 * x[$0, 4] - 2 * x[$0, 17] + 0.5 * generator.normal() }
    let model = try ElasticNetRegressor(ratios: [1]).fit(TrainingSet(features: x, targets: y))
    let order = model.weights.indices.sorted { abs(model.weights[$0]) > abs(model.weights[$1]) }
    #expect(Set(order.prefix(2)) == [4, 17])
    #expect(model.weights.count { $0 == 0 } >= 10)
    #expect(model.variance > 0.15 && model.variance < 0.45)
  }

  @Test func contributionsSumToTheMean() throws {
    let (data, new) = try RidgeRegressorTests.data(20, 4)
    let model = try ElasticNetRegressor().fit(data)
    let parts = try model.contributions(new)
    expectClose((0..<3).map { model.intercept + parts.row($0).reduce(0, +) }, try model.predict(new).mean)
  }

  @Test func refusesWhatItCannotFit() throws {
    let data = try RidgeRegressorTests.data(20, 4).0
    #expect(throws: FitError.tooFewRows(needed: 2, found: 1)) { try ElasticNetRegressor().fit(data.selecting([0])) }
    #expect(throws: FitError.self) { try ElasticNetRegressor(ratios: [0]).fit(data) }
    #expect(throws: FitError.self) { try ElasticNetRegressor(penalties: [-1]).fit(data) }
    #expect(throws: FitError.self) { try ElasticNetRegressor(folds: 1).fit(data) }
  }
}
