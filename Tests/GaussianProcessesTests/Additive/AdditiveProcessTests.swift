import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

import GaussianProcesses

@Suite struct AdditiveProcessTests {
  static let data: TrainingSet = {
    // The contract's data always make a training set.
    try! RegressorContract.data(rows: 40)
  }()

  static let parts = [
    DistancePart(name: "first", columns: [0, 2]),
    DistancePart(name: "scale", shares: [0, 2, 4], places: [3, 1, 2.5]),
  ]

  @Test func itKeepsTheContractOfRegressors() throws {
    try expectRegressorContract(AdditiveProcessRegressor(), tolerance: 1e-6, equivariance: 1e-6)
  }

  @Test func theEarthMoversDistanceIsThatOfMovingShares() {
    let rows = Matrix([[0.5, 0.5, 0], [0.5, 0, 0.5], [0, 1, 0]])
    let part = DistancePart(name: "scale", shares: [0, 1, 2], places: [10, 1, 4])
    let embedded = part.embed(rows)
    let d = embedded.manhattanDistances(to: embedded)
    // Half moves from 1 to 4; half moves from 10 to 1; half from 10 and half from 4 to 1.
    #expect(isClose(d[0, 1], 0.5 * 3) && isClose(d[0, 2], 0.5 * 9) && isClose(d[1, 2], 0.5 * 9 + 0.5 * 3))
    #expect(d[2, 1] == d[1, 2] && d[0, 0] == 0)
  }

  @Test func theGradientIsThatOfTheLikelihood() throws {
    let rows = Self.parts.map { $0.embed(Self.data.features) }
    let mean = Standardizer.moments(of: Self.data.targets).mean
    let problem = AdditiveProblem(
      distances: rows.map { $0.manhattanDistances(to: $0) }, residuals: Self.data.targets.map { $0 - mean },
      known: Self.data.targets.indices.map { 0.01 * Double($0 % 3) })
    let point = [0.3, 0.7, -0.4, 1.1, -2.0]
    let gradient = try #require(problem.negativeLogLikelihood(at: point)).gradient
    for k in point.indices {
      var (above, below) = (point, point)
      above[k] += 1e-5
      below[k] -= 1e-5
      let slope =
        (try #require(problem.negativeLogLikelihood(at: above)).value
          - #require(problem.negativeLogLikelihood(at: below)).value) / 2e-5
      #expect(isClose(gradient[k], slope, relative: 1e-6, absolute: 1e-6), "parameter \(k)")
    }
  }

  @Test func contributionsSumToTheMean() throws {
    let model = try AdditiveProcessRegressor(parts: Self.parts).fit(Self.data)
    let new = try RegressorContract.data(rows: 9, seed: 7).features
    let parts = try model.contributions(new)
    let mean = try model.predict(new).mean
    for row in 0..<9 { #expect(isClose(parts.row(row).reduce(model.constant, +), mean[row], relative: 1e-10)) }
    let attribution = try model.attribution(
      new, background: new, families: FeatureFamilies(["a", "b", "c", "d", "e"]))
    #expect(attribution.names == ["first", "scale"] && attribution.parts == parts)
  }

  @Test func aPartOfMissingColumnsIsRefused() {
    #expect(throws: FitError.self) {
      try AdditiveProcessRegressor(parts: [DistancePart(name: "x", columns: [9])]).fit(Self.data)
    }
  }
}
