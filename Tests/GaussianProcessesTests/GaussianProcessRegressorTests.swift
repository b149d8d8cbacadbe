import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct GaussianProcessRegressorTests {
  @Test(arguments: StationaryKernel.Profile.allCases, [false, true])
  func meetsTheRegressorContract(profile: StationaryKernel.Profile, usesARD: Bool) throws {
    // The search stops within a tolerance of the optimum, which rows in another order approach
    // along another path.
    try expectRegressorContract(
      GaussianProcessRegressor(profile: profile, usesARD: usesARD, starts: 2), tolerance: 1e-6, equivariance: 1e-3)
  }

  @Test func moreStartsNeverEndLower() throws {
    let data = try RegressorContract.data(rows: 40)
    let one = try GaussianProcessRegressor(starts: 1).fit(data)
    let five = try GaussianProcessRegressor(starts: 5).fit(data)
    #expect(five.logMarginalLikelihood >= one.logMarginalLikelihood - 1e-6)
    #expect(five.likelihoodSpread >= 0 && one.likelihoodSpread == 0)
  }

  @Test func noiseIsFoundAndDoubtGrowsAwayFromTheData() throws {
    var generator = SeededGenerator(seed: 21)
    let x = Matrix(rows: 150, columns: 1, elements: (0..<150).map { _ in 6 * generator.uniform() - 3 })
    let y = (0..<150).map { sin(2 * x[$0, 0]) + 0.2 * generator.normal() }
    let model = try GaussianProcessRegressor(profile: .rbf).fit(TrainingSet(features: x, targets: y))
    let prediction = try model.predict(Matrix([[0.3], [20]]))
    #expect(abs(prediction.mean[0] - sin(0.6)) < 0.15)
    #expect(abs(prediction.standardDeviation[0] - 0.2) < 0.06)
    #expect(prediction.standardDeviation[1] > 2 * prediction.standardDeviation[0])
  }

  @Test func aSingleRowIsPredictedAsItself() throws {
    let data = try TrainingSet(features: Matrix([[1, 2]]), targets: [-4])
    let prediction = try GaussianProcessRegressor().fit(data).predict(Matrix([[1, 2], [5, 5]]))
    expectClose(prediction.mean, [-4, -4])
    #expect(prediction.standardDeviation.allSatisfy { $0 > 0 && $0.isFinite })
  }

  @Test func studentNoiseMeetsTheRegressorContract() throws {
    try expectRegressorContract(
      GaussianProcessRegressor(kernel: .matern(.matern52), likelihood: .studentT(degrees: 4), starts: 1),
      tolerance: 1e-3, equivariance: 1e-2)
  }

  @Test func studentNoiseShrugsOffOutliers() throws {
    var generator = SeededGenerator(seed: 8)
    let x = Matrix(rows: 90, columns: 1, elements: (0..<90).map { _ in 4 * generator.uniform() - 2 })
    let y = (0..<90).map { sin(2 * x[$0, 0]) + 0.1 * generator.normal() + ($0 % 9 == 0 ? 6 * generator.normal() : 0) }
    let z = Matrix(rows: 41, columns: 1, elements: (0...40).map { -2 + 0.1 * Double($0) })
    func error(_ likelihood: GaussianProcessRegressor.Likelihood) throws -> Double {
      let model = try GaussianProcessRegressor(kernel: .matern(.matern52), likelihood: likelihood, starts: 1)
        .fit(TrainingSet(features: x, targets: y))
      let mean = try model.predict(z).mean
      return (0...40).reduce(0) { $0 + abs(mean[$1] - sin(2 * z[$1, 0])) } / 41
    }
    #expect(try error(.studentT(degrees: 4)) < 0.5 * error(.normal))
    #expect(throws: FitError.self) { try error(.studentT(degrees: 2)) }
  }
}
