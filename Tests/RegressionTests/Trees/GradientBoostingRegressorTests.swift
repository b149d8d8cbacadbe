import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct GradientBoostingRegressorTests {
  @Test func contract() throws {
    try expectRegressorContract(
      GradientBoostingRegressor(minimumLeaf: 5, featureFraction: 0.8), equivariance: 1e-6)
  }
}
