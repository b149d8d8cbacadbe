import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct RidgeRegressorTests {
  static let penalties = [0.01, 0.1, 1, 10, 100]

  /// The inputs of GoldenValues.md: n rows to learn from and three new ones.
  static func data(_ n: Int, _ d: Int, groups: [Int]? = nil) throws -> (TrainingSet, Matrix) {
    var x = Matrix(rows: n + 3, columns: d)
    for i in 0..<(n + 3) {
      for j in 0..<d { x[i, j] = sin(Double(1 + 3 * i + 7 * j + i * j)) * pow(10, Double(j % 3)) }
    }
    let y = (0..<n).map { 2 * x[$0, 0] - 0.03 * x[$0, 1] + cos(Double(5 * $0)) + 4 }
    return (
      try TrainingSet(features: x.selectingRows(0..<n), targets: y, groups: groups),
      x.selectingRows(n..<(n + 3))
    )
  }

  @Test func contract() throws {
    try expectRegressorContract(RidgeRegressor())
  }

  @Test func matchesScikitLearn() throws {
    let (data, new) = try Self.data(20, 4)
    let model = try RidgeRegressor(penalties: Self.penalties).fit(data)
    #expect(model.penalty == 0.1)
    expectClose(
      model.weights,
      [1.3953028348822794, -0.1781155478180347, 0.45900098126897804, -0.01902205699191952])
    expectClose(
      model.leaveOutErrors,
      [
        0.49346178779144756, 0.4924576102554491, 0.4926157245299043, 0.8314649398008036,
        2.1803749143654967,
      ])
    expectClose(
      try model.predict(new).mean, [2.6429421270505133, 6.494973710558865, 1.5989282882622735])
  }

  @Test func matchesScikitLearnWithMoreFeaturesThanRows() throws {
    let (data, new) = try Self.data(6, 9)
    let model = try RidgeRegressor(penalties: Self.penalties).fit(data)
    #expect(model.penalty == 100)
    expectClose(
      model.weights,
      [
        0.06801426939616446, -0.006257934088015461, 0.027433750158322747, -0.020039860215688626,
        0.013652478375672898, -0.02787300707932607, -0.06701826460834247, 0.0442073539255766,
        0.00371559598622917,
      ])
    expectClose(
      model.leaveOutErrors,
      [
        4.060533171599576, 4.042949604485117, 3.892346916185092, 3.367861056655768,
        3.2393780143240374,
      ])
    expectClose(
      try model.predict(new).mean, [4.229011897198251, 4.381862112829022, 4.057860402606572])
  }

  /// Refits without each group give the same errors, for groups smaller and larger than d.
  @Test(arguments: [
    (
      (0..<20).map { $0 < 15 ? $0 % 3 : $0 },
      [
        0.45227766615928433, 0.45100922735791305, 0.4505103520395449, 0.8154581991712458,
        2.1243468304563295,
      ], 0.3321693829345355
    ),
    (
      (0..<20).map { $0 % 2 },
      [
        0.3777127874814282, 0.33895071742707, 0.4145520468311631, 1.8003473384308655,
        2.8621210913198025,
      ], 0.16056914801422928
    ),
  ])
  func groupsAreLeftOutExactly(groups: [Int], errors: [Double], noise: Double) throws {
    let model = try RidgeRegressor(penalties: Self.penalties).fit(Self.data(20, 4, groups: groups).0)
    expectClose(model.leaveOutErrors, errors)
    #expect(isClose(model.noiseVariance, noise))
  }

  @Test func oneGroupLeavesOutRows() throws {
    let whole = try Self.data(20, 4, groups: [Int](repeating: 3, count: 20)).0
    let rows = try Self.data(20, 4).0
    #expect(try RidgeRegressor().fit(whole) == RidgeRegressor().fit(rows))
  }

  @Test func deviationGrowsAwayFromTheData() throws {
    let model = try RidgeRegressor().fit(Self.data(20, 4).0)
    let far = Matrix([[0, 0, 0, 0], [10, 0, 0, 0], [100, 0, 0, 0]])
    let deviation = try model.predict(far).standardDeviation
    #expect(deviation[0] < deviation[1] && 3 * deviation[1] < deviation[2])
  }

  @Test func intervalsOfALinearTruthHoldTheirLevel() throws {
    var generator = SeededGenerator(seed: 2)
    func draw(_ n: Int) throws -> TrainingSet {
      let x = Matrix(rows: n, columns: 12, elements: (0..<12 * n).map { _ in generator.normal() })
      let y = (0..<n).map { x[$0, 0] - 2 * x[$0, 5] + 1.5 * generator.normal() }
      return try TrainingSet(features: x, targets: y)
    }
    let model = try RidgeRegressor().fit(draw(60))
    let test = try draw(4000)
    let metrics = try RegressionMetrics(
      targets: test.targets, prediction: model.predict(test.features))
    let coverage = try #require(metrics.coverage)
    #expect(coverage > 0.86 && coverage < 0.94)
  }

  @Test func constantColumnsAreNeutral() throws {
    let (data, new) = try Self.data(20, 4)
    let wide = try TrainingSet(
      features: data.features.appendingColumns(Matrix(rows: 20, columns: 1, repeating: 0.1)),
      targets: data.targets)
    let other = new.appendingColumns(Matrix(rows: 3, columns: 1, repeating: -50))
    let a = try RidgeRegressor().fit(wide).predict(other)
    let b = try RidgeRegressor().fit(data).predict(new)
    expectClose(a.mean, b.mean)
    expectClose(a.standardDeviation, b.standardDeviation)
  }

  @Test func contributionsSumToTheMean() throws {
    let (data, new) = try Self.data(20, 4)
    let model = try RidgeRegressor().fit(data)
    let parts = try model.contributions(new)
    expectClose(
      (0..<3).map { model.intercept + parts.row($0).reduce(0, +) }, try model.predict(new).mean)
  }

  @Test func refusesWhatItCannotFit() throws {
    let data = try Self.data(20, 4).0
    #expect(throws: FitError.tooFewRows(needed: 2, found: 1)) {
      try RidgeRegressor().fit(data.selecting([0]))
    }
    #expect(throws: FitError.self) { try RidgeRegressor(penalties: [1, 0]).fit(data) }
    #expect(throws: FitError.self) { try RidgeRegressor(penalties: []).fit(data) }
  }
}
