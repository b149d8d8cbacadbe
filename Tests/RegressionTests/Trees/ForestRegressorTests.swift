import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct ForestRegressorTests {
  @Test func extraTreesContract() throws {
    try expectRegressorContract(ExtraTreesRegressor(ForestSettings(treeCount: 60)), equivariance: 1e-6)
  }

  @Test func randomForestContract() throws {
    try expectRegressorContract(RandomForestRegressor(ForestSettings(treeCount: 60)), equivariance: 1e-6)
  }
}
