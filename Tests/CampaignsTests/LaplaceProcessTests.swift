import Chemistry
import Foundation
import LinearAlgebra
import Regression
import TestSupport
import Testing

import Campaigns

@Suite struct LaplaceProcessTests {
  /// Random points of a plane, as rows of a space.
  static func points(_ count: Int, seed: UInt64) -> Points {
    var generator = SeededGenerator(seed: seed)
    return Points(
      width: 8, values: (0..<count).flatMap { _ in (0..<8).map { $0 < 2 ? Float(generator.uniform()) : 0 } })
  }

  static func targets(_ points: Points) -> [Double] {
    (0..<points.count).map { i -> Double in
      let (x, y) = (Double(points.values[8 * i]), Double(points.values[8 * i + 1]))
      return sin(5 * x) + 2 * y - 4
    }
  }

  /// The textbook posterior, solved without a factor.
  static func plain(_ x: Points, _ y: [Double], noise: [Double], _ h: LaplaceProcess.Hyperparameters, at z: Points)
    throws -> (mean: [Double], variance: [Double])
  {
    func k(_ a: Points, _ b: Points) -> Matrix {
      var result = Matrix(rows: a.count, columns: b.count)
      for i in 0..<a.count {
        for j in 0..<b.count {
          var d = 0.0
          for c in 0..<8 { d += Double(abs(a.values[8 * i + c] - b.values[8 * j + c])) }
          result[i, j] = h.variance * exp(-d / h.lengthscale)
        }
      }
      return result
    }
    var gram = k(x, x)
    for i in 0..<x.count { gram[i, i] += noise[i] }
    let inverse = try Cholesky(of: gram).inverse
    let cross = k(x, z)
    let weights = inverse.multiplied(by: y)
    let mean = cross.multiplied(by: weights, transposingSelf: true)
    let explained = cross.multiplied(by: inverse.multiplied(by: cross), transposingSelf: true)
    return (mean, (0..<z.count).map { h.variance - explained[$0, $0] })
  }

  @Test func posteriorIsTheTextbookOne() throws {
    let x = Self.points(40, seed: 1)
    let z = Self.points(11, seed: 2)
    let y = Self.targets(x)
    let h = LaplaceProcess.Hyperparameters(variance: 1.3, lengthscale: 0.7, noise: 0.05)
    let process = try LaplaceProcess(
      points: x, targets: y, noiseVariances: (0..<40).map { 0.01 * Double($0 % 3) }, hyperparameters: h, targetMean: -3,
      targetSpread: 2)
    let (mean, variance) = try Self.plain(
      x, y.map { ($0 + 3) / 2 }, noise: (0..<40).map { 0.05 + 0.01 * Double($0 % 3) / 4 }, h, at: z)
    let found = process.posterior(of: z)
    expectClose(found.mean, mean.map { 2 * $0 - 3 }, relative: 1e-5, absolute: 1e-5, "mean")
    expectClose(found.variance, variance.map { 4 * $0 }, relative: 1e-4, absolute: 1e-5, "variance")
    let covariance = process.covariance(z, z)
    expectClose(covariance.diagonal, found.variance, relative: 1e-6, absolute: 1e-8, "diagonal of the covariance")
  }

  @Test func appendingRowsIsRefitting() throws {
    let x = Self.points(30, seed: 3)
    let y = Self.targets(x)
    var grown = try LaplaceProcess(fitting: x.selecting(0..<20), targets: Array(y[..<20]))
    for i in 20..<30 {
      let isNew = grown.append(x.selecting([i]), target: y[i])
      #expect(isNew)
    }
    let whole = try LaplaceProcess(
      points: x, targets: y, hyperparameters: grown.hyperparameters, targetMean: grown.targetMean,
      targetSpread: grown.targetSpread)
    let z = Self.points(9, seed: 4)
    expectClose(grown.posterior(of: z).mean, whole.posterior(of: z).mean, relative: 1e-9, "mean")
    expectClose(grown.posterior(of: z).variance, whole.posterior(of: z).variance, relative: 1e-7, "variance")
  }

  @Test func fittingFindsTheScaleAndPredicts() throws {
    let x = Self.points(120, seed: 5)
    let z = Self.points(60, seed: 6)
    var generator = SeededGenerator(seed: 7)
    let process = try LaplaceProcess(
      fitting: x, targets: Self.targets(x).map { $0 + 0.1 * generator.normal() })
    let truth = Self.targets(z)
    let found = process.posterior(of: z)
    let error = zip(found.mean, truth).reduce(0) { $0 + abs($1.0 - $1.1) } / 60
    #expect(error < 0.2)
    let inside = zip(zip(found.mean, found.variance), truth).count { abs($0.0 - $1) < 1.645 * $0.1.squareRoot() }
    #expect(inside > 42)
    #expect(process.noiseVariance < 0.15)
  }

  /// A row that is only known to lie below a bound: compared with numerical integration.
  @Test func censoredRowFollowsTheTruncatedPosterior() throws {
    let x = Self.points(2, seed: 8)
    let h = LaplaceProcess.Hyperparameters(variance: 1, lengthscale: 0.8, noise: 0.04)
    let process = try LaplaceProcess(
      points: x, targets: [0.3, 0.1], censoring: [.none, .left], hyperparameters: h, targetMean: 0, targetSpread: 1)
    let found = process.posterior(of: x)
    // f₁ has the posterior of the first row alone times Φ((0.1 − f₁)/σₙ).
    let first = try LaplaceProcess(
      points: x.selecting([0]), targets: [0.3], hyperparameters: h, targetMean: 0, targetSpread: 1
    ).posterior(of: x)
    let (m, s) = (first.mean[1], first.variance[1].squareRoot())
    var (mass, mean, square) = (0.0, 0.0, 0.0)
    for step in -4000...4000 {
      let f = m + s * Double(step) / 500
      let weight =
        exp(-0.5 * pow(Double(step) / 500, 2)) * NormalDistribution.cumulative((0.1 - f) / 0.04.squareRoot())
      mass += weight
      mean += weight * f
      square += weight * f * f
    }
    mean /= mass
    #expect(abs(found.mean[1] - mean) < 2e-3)
    #expect(abs(found.variance[1] - (square / mass - mean * mean)) < 2e-3)
  }

  @Test func pathwiseSamplesHaveThePosteriorsMomentsAndAreFunctions() throws {
    let x = Self.points(25, seed: 9)
    let process = try LaplaceProcess(fitting: x, targets: Self.targets(x))
    let z = Self.points(6, seed: 10)
    let samples = PathwiseSamples(of: process, count: 4000, features: 4096, seed: 11)
    let values = samples.values(at: z).values
    let exact = process.posterior(of: z)
    let joint = process.jointSamples(of: z, count: 20_000, seed: 12).values
    let covariance = process.covariance(z, z)
    for (sampled, tolerance) in [(values, 0.12), (joint, 0.04)] {
      for j in 0..<6 {
        let column = sampled.column(j)
        let mean = column.reduce(0, +) / Double(column.count)
        let deviation = exact.variance[j].squareRoot()
        #expect(abs(mean - exact.mean[j]) < tolerance * deviation + 0.02)
        for k in 0...j {
          let other = sampled.column(k)
          let otherMean = other.reduce(0, +) / Double(other.count)
          let moment = zip(column, other).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - otherMean) } / Double(column.count)
          let scale = (exact.variance[j] * exact.variance[k]).squareRoot()
          #expect(abs(moment - covariance[j, k]) < 2 * tolerance * scale + 0.01)
        }
      }
    }
    // A function gives one value wherever it is asked.
    expectClose(samples.values(at: z.selecting([3])).values.column(0), values.column(3), relative: 1e-9, "again")
  }

  @Test func repeatsAndConstantsAreHarmless() throws {
    let one = Self.points(1, seed: 13)
    let same = one.selecting([0, 0, 0, 0])
    let process = try LaplaceProcess(fitting: same, targets: [1, 1, 1, 1])
    let found = process.posterior(of: Self.points(3, seed: 14))
    #expect(found.mean.allSatisfy(\.isFinite) && found.variance.allSatisfy { $0 >= 0 })
    #expect(throws: FitError.self) { try LaplaceProcess(fitting: one, targets: [.nan]) }
    #expect(throws: FitError.self) { try LaplaceProcess(fitting: one, targets: []) }
  }
}
