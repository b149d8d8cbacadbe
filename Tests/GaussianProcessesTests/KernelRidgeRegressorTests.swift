import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct KernelRidgeRegressorTests {
  @Test func meetsTheRegressorContract() throws {
    try expectRegressorContract(KernelRidgeRegressor(), tolerance: 1e-7, equivariance: 1e-7)
  }

  @Test(arguments: ["0.1,0.2", "1.0,0.05"])
  func agreesWithScikitLearn(setting: String) throws {
    let reference = try UncertaintyReference.read()
    let expected = try #require(reference.kernel_ridge[setting])
    let numbers = setting.split(separator: ",").compactMap { Double($0) }
    let lengthscale = (1 / (2 * numbers[1])).squareRoot()
    let regressor = KernelRidgeRegressor(
      profiles: [.rbf], lengthscales: [lengthscale / Double(3).squareRoot()], penalties: [numbers[0]])
    let model = try regressor.fit(TrainingSet(features: reference.training, targets: reference.y))
    expectClose(try model.predict(reference.new).mean, expected.predicted, relative: 1e-8, absolute: 1e-9)
    #expect(isClose(model.errorVariance, expected.leave_one_out_mse, relative: 1e-8))
  }

  @Test func aGroupLeftOutIsAFitWithoutIt() throws {
    let reference = try UncertaintyReference.read()
    let groups = reference.y.indices.map { $0 / 5 }
    let regressor = KernelRidgeRegressor(profiles: [.rbf], lengthscales: [1], penalties: [0.3])
    let model = try regressor.fit(TrainingSet(features: reference.training, targets: reference.y, groups: groups))
    let kernel = StationaryKernel(.rbf, lengthscales: [Double(3).squareRoot()])
    var sum = 0.0
    for group in Set(groups) {
      let kept = groups.indices.filter { groups[$0] != group }
      let out = groups.indices.filter { groups[$0] == group }
      let posterior = try Posterior(
        kernel: kernel, x: reference.training.selectingRows(kept), targets: kept.map { reference.y[$0] },
        noise: kept.map { _ in 0.3 })
      let mean = posterior.mean(at: reference.training.selectingRows(out))
      for (k, row) in out.enumerated() { sum += pow(reference.y[row] - mean[k], 2) }
    }
    #expect(isClose(model.errorVariance, sum / Double(groups.count), relative: 1e-8))
  }
}
