import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct IterativeProcessTests {
  private static func settings(_ points: Int) -> InducingPointRegressor {
    InducingPointRegressor(
      exact: GaussianProcessRegressor(kernel: .matern(.matern32), starts: 1), inducingPoints: points, subsetRows: 200)
  }

  @Test func meetsTheRegressorContract() throws {
    try expectRegressorContract(IterativeProcessRegressor(Self.settings(30)), tolerance: 0.05, equivariance: 1e-2)
  }

  /// The exact process of the same hyperparameters, from the subset of all rows.
  @Test func meansLieWithinTheCertificateOfTheExactOnes() throws {
    let data = try RegressorContract.data(rows: 700)
    let new = try RegressorContract.data(rows: 60, seed: 7).features
    var settings = Self.settings(60)
    settings.subsetRows = 700
    let exact = try settings.exact.fit(data).predict(new)
    for tolerance in [0.5, 1e-4] {
      let model = try IterativeProcessRegressor(settings, tolerance: tolerance).fit(data)
      let noise = model.inducing.noiseVariance.squareRoot() * Standardizer.moments(of: data.targets).deviation
      #expect(model.certifiedError <= tolerance * noise * (1 + 1e-9))
      let prediction = try model.predict(new)
      let largest = zip(prediction.mean, exact.mean).map { abs($0 - $1) }.max() ?? 0
      #expect(largest <= model.certifiedError + 1e-9)
      #expect(largest > 0)
    }
  }

  @Test func anEarlyStopIsCertifiedAsItIs() throws {
    let data = try RegressorContract.data(rows: 700)
    var settings = Self.settings(5)
    settings.subsetRows = 700
    let exact = try settings.exact.fit(data).predict(data.features)
    let model = try IterativeProcessRegressor(settings, tolerance: 1e-6, iterationLimit: 3).fit(data)
    let prediction = try model.predict(data.features)
    let largest = zip(prediction.mean, exact.mean).map { abs($0 - $1) }.max() ?? 0
    #expect(model.iterations == 3 && largest <= model.certifiedError)
  }

  @Test func theNumberOfThreadsDoesNotShow() throws {
    let data = try RegressorContract.data(rows: 1100)
    let many = try IterativeProcessRegressor(Self.settings(50)).fit(data).archive()
    let all = Threads.limit
    Threads.limit = 1
    defer { Threads.limit = all }
    #expect(try IterativeProcessRegressor(Self.settings(50)).fit(data).archive() == many)
  }
}
