import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct BlockPredictorTests {
  @Test(arguments: StationaryKernel.Profile.allCases, [false, true])
  func blocksEqualTriangularSolves(profile: StationaryKernel.Profile, usesARD: Bool) throws {
    // With a tenth of noise the weights stay of order one, and so do the errors of rounding.
    let model = try GaussianProcessRegressor(profile: profile, usesARD: usesARD, starts: 1)
      .conditioned(on: RegressorContract.data(rows: 150), noiseVariance: 0.1)
    let new = try RegressorContract.data(rows: 700, seed: 12).features
    let spread = model.targetSpread
    let double = try BlockPredictor(model).measuredError(on: new)
    #expect(double.mean < 1e-9 * spread && double.standardDeviation < 1e-9 * spread)
    let single = try BlockPredictor(model, precision: .single).measuredError(on: new)
    #expect(single.mean > 0 && single.mean < 1e-4 * spread && single.standardDeviation < 1e-4 * spread)
    // The model chooses blocks by itself for many rows, solves for few.
    let few = try model.predict(new.selectingRows([3]))
    let many = try model.predict(new)
    expectClose(few.mean + few.standardDeviation, [many.mean[3], many.standardDeviation[3]], relative: 1e-9)
  }

  @Test func numbersDoNotDependOnThreads() throws {
    let model = try GaussianProcessRegressor(starts: 1).fit(RegressorContract.data(rows: 90))
    let new = try RegressorContract.data(rows: 1300, seed: 12).features
    let before = Threads.limit
    defer { Threads.limit = before }
    Threads.limit = 1
    let one = try BlockPredictor(model, precision: .single).predict(new)
    Threads.limit = 3
    #expect(try BlockPredictor(model, precision: .single).predict(new) == one)
  }

  @Test func compositeKernelsPredictTheSameInBlocks() throws {
    let model = try GaussianProcessRegressor(kernel: .rbf() + .linear(), starts: 1)
      .fit(RegressorContract.data(rows: 60))
    let new = try RegressorContract.data(rows: 600, seed: 12).features
    let error = try BlockPredictor(model, precision: .single).measuredError(on: new)
    #expect(error.mean < 1e-9 && error.standardDeviation < 1e-9)
  }
}
