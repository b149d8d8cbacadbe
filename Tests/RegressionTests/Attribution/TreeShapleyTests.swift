import LinearAlgebra
import TestSupport
import Testing

import Regression

@Suite struct TreeShapleyTests {
  /// Shapley values from the definition: over all coalitions of families, averaged over the background.
  static func bruteForce(
    _ row: [Double], _ background: Matrix, _ families: FeatureFamilies, _ value: (Matrix) throws -> [Double]
  ) rethrows -> [Double] {
    let k = families.names.count
    var worth = [Double](repeating: 0, count: 1 << k)
    for coalition in 0..<1 << k {
      var mixed = background
      for i in 0..<background.rows {
        for (feature, family) in families.members.enumerated() where coalition >> family & 1 == 1 {
          mixed[i, feature] = row[feature]
        }
      }
      worth[coalition] = try value(mixed).reduce(0, +) / Double(background.rows)
    }
    func factorial(_ n: Int) -> Double { (0..<n).reduce(1) { $0 * Double($1 + 1) } }
    return (0..<k).map { family in
      (0..<1 << k).filter { $0 >> family & 1 == 0 }.reduce(0) { sum, coalition in
        let size = coalition.nonzeroBitCount
        let weight = factorial(size) * factorial(k - size - 1) / factorial(k)
        return sum + weight * (worth[coalition | 1 << family] - worth[coalition])
      }
    }
  }

  static func expectExact<M: AttributableRegressor>(_ model: M, families: FeatureFamilies) throws {
    let new = try RegressorContract.data(rows: 6, seed: 3).features
    let background = try RegressorContract.data(rows: 4, seed: 4).features
    let attribution = try model.attribution(new, background: background, families: families)
    let means = try model.predict(new).mean
    for row in 0..<new.rows {
      let expected = try bruteForce(new.row(row), background, families) { try model.predict($0).mean }
      for family in expected.indices {
        #expect(
          isClose(attribution.parts[row, family], expected[family], relative: 1e-9, absolute: 1e-10), "\(row) \(family)")
      }
      #expect(isClose(attribution.means[row], means[row], relative: 1e-9), "additivity of row \(row)")
    }
  }

  @Test(arguments: [["a", "b", "c", "d", "e"], ["a", "b", "a", "c", "b"], ["a", "a", "a", "a", "a"]])
  func forestsMatchTheDefinition(names: [String]) throws {
    let data = try RegressorContract.data(rows: 60)
    let families = FeatureFamilies(names)
    try Self.expectExact(ExtraTreesRegressor(ForestSettings(treeCount: 12)).fit(data), families: families)
    try Self.expectExact(RandomForestRegressor(ForestSettings(treeCount: 11)).fit(data), families: families)
  }

  @Test func boostingMatchesTheDefinition() throws {
    let data = try RegressorContract.data(rows: 90)
    let regressor = GradientBoostingRegressor(treeCount: 15, leafCount: 6, minimumLeaf: 5, members: 3)
    try Self.expectExact(regressor.fit(data), families: FeatureFamilies(["a", "b", "c", "d", "b"]))
  }

  @Test func linearModelsExplainThemselvesExactly() throws {
    let data = try RegressorContract.data(rows: 60)
    let families = FeatureFamilies(["a", "b", "a", "c", "b"])
    let new = try RegressorContract.data(rows: 5, seed: 8).features
    func expect<M: LinearPredictor>(_ model: M) throws {
      let attribution = try model.attribution(new, background: new, families: families)
      let means = try model.predict(new).mean
      for row in 0..<5 { #expect(isClose(attribution.means[row], means[row], relative: 1e-10)) }
      // The family of feature 3, which is constant, adds nothing.
      #expect((0..<5).allSatisfy { attribution.parts[$0, 2] == 0 })
    }
    try expect(RidgeRegressor().fit(data))
    try expect(BayesianRidgeRegressor().fit(data))
    try expect(ElasticNetRegressor().fit(data))
  }

  @Test func sampledValuesAreAdditiveAndNearTheExactOnes() throws {
    let data = try RegressorContract.data(rows: 60)
    let model = try ExtraTreesRegressor(ForestSettings(treeCount: 20)).fit(data)
    let families = FeatureFamilies(["a", "b", "c", "d", "e"])
    let new = try RegressorContract.data(rows: 3, seed: 3).features
    let background = try RegressorContract.data(rows: 4, seed: 4).features
    let sampled = try model.sampledAttribution(new, background: background, families: families, orders: 200)
    let exact = try model.attribution(new, background: background, families: families)
    let means = try model.predict(new).mean
    for row in 0..<3 {
      #expect(isClose(sampled.means[row], means[row], relative: 1e-9))
      for family in 0..<5 { #expect(abs(sampled.parts[row, family] - exact.parts[row, family]) < 0.05) }
    }
  }
}
