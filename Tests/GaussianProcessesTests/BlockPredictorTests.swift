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

  @Test(arguments: [StationaryKernel.Profile.rbf, .matern32, .matern52], [0.3, 0.003])
  func truncatedVariancesBracketTheExactOne(profile: StationaryKernel.Profile, noise: Double) throws {
    let model = try GaussianProcessRegressor(profile: profile, starts: 1)
      .conditioned(on: RegressorContract.data(rows: 150), noiseVariance: noise)
    let new = try RegressorContract.data(rows: 400, seed: 12).features
    let exact = try BlockPredictor(model).predict(new)
    var widths: [Double] = []
    for rank in [16, 48, 144] {
      let bounds = try BlockPredictor(model, rank: rank).deviationBounds(new)
      var width = 0.0
      for i in 0..<400 {
        let deviation = exact.standardDeviation[i]
        #expect(bounds.least[i] <= deviation * (1 + 1e-9) && deviation <= bounds.most[i] * (1 + 1e-9), "rank \(rank), row \(i)")
        width += (bounds.most[i] - bounds.least[i]) / deviation
      }
      expectClose(bounds.mean, exact.mean, relative: 1e-9)
      widths.append(width)
    }
    // The more is kept, the closer the bounds.
    #expect(widths[1] <= widths[0] && widths[2] <= widths[1])
    if noise < 0.01 { #expect(widths[2] < 0.5 * widths[0]) }
    // A rank of all is the exact variance.
    #expect(try BlockPredictor(model, rank: 150).predict(new) == exact)
  }

  @Test(arguments: [StationaryKernel.Profile.rbf, .matern32, .matern52], [false, true])
  func firstStagesKeepTheirTolerances(profile: StationaryKernel.Profile, bounding: Bool) throws {
    let model = try GaussianProcessRegressor(profile: profile, usesARD: true, starts: 1)
      .conditioned(on: RegressorContract.data(rows: 150), noiseVariance: 0.05)
    let new = try RegressorContract.data(rows: 300, seed: 12).features
    let exact = try model.predict(new)
    let stage = try #require(model.firstStage(boundingDeviations: bounding))
    stage.withEstimates(of: new) { estimates in
      var (error, tightness) = (0.0, 0.0)
      for i in 0..<300 {
        let deviation = exact.standardDeviation[i]
        error = max(error, abs(estimates.mean[i] - exact.mean[i]))
        #expect(abs(estimates.mean[i] - exact.mean[i]) <= estimates.tolerance[i], "row \(i)")
        #expect(estimates.least[i] <= deviation && deviation <= estimates.most[i], "row \(i)")
        tightness += estimates.most[i] / deviation / 300
      }
      #expect(error > 0)
      if bounding { #expect(tightness < 1.05) } else { #expect(estimates.most[0] == stage.deviations.upperBound) }
    }
    #expect(try GaussianProcessRegressor(profile: .matern12).conditioned(on: RegressorContract.data(rows: 30), noiseVariance: 0.1).firstStage(boundingDeviations: bounding) == nil)
  }
}
