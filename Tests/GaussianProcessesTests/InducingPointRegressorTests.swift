import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct InducingPointRegressorTests {
  @Test func meetsTheRegressorContract() throws {
    try expectRegressorContract(
      InducingPointRegressor(inducingPoints: 40, subsetRows: 60), tolerance: 1e-6, equivariance: 1e-3)
  }

  /// With every row an inducing point and the same noise nothing is approximate.
  @Test func allRowsAsInducingPointsGiveTheExactProcess() throws {
    let data = try RegressorContract.data(rows: 90)
    let sparse = try InducingPointRegressor(inducingPoints: 90, subsetRows: 90).fit(data)
    let exact = try GaussianProcessRegressor(starts: 1).fit(data)
    let new = try RegressorContract.data(rows: 30, seed: 8).features
    let (a, b) = (try sparse.predict(new), try exact.predict(new))
    expectClose(a.mean, b.mean, relative: 0, absolute: 0.02 * exact.targetSpread)
    expectClose(a.standardDeviation, b.standardDeviation, relative: 0.05)
    #expect(sparse.evidence.lower <= exact.logMarginalLikelihood + 0.5)
    #expect(sparse.evidence.upper >= exact.logMarginalLikelihood - 0.5)
  }

  @Test func moreInducingPointsTightenTheBracket() throws {
    let data = try RegressorContract.data(rows: 200)
    let few = try InducingPointRegressor(inducingPoints: 20, subsetRows: 100).fit(data)
    let many = try InducingPointRegressor(inducingPoints: 150, subsetRows: 100).fit(data)
    #expect(few.evidence.lower < few.evidence.upper && many.evidence.lower < many.evidence.upper)
    #expect(many.evidence.upper - many.evidence.lower < few.evidence.upper - few.evidence.lower)
  }
}
