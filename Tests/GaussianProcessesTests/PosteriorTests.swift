import Foundation
import GaussianProcesses
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PosteriorTests {
  private static let kernel: KernelExpression =
    .stationary(StationaryKernel(.matern52, variance: 1.4, lengthscales: [0.8, 1.2, 1.9]))

  private static func data(_ n: Int, seed: UInt64 = 2) -> (x: Matrix, y: [Double], noise: [Double]) {
    var generator = SeededGenerator(seed: seed)
    let x = Matrix(rows: n, columns: 3, elements: (0..<3 * n).map { _ in generator.normal() })
    return (x, (0..<n).map { sin(2 * x[$0, 0]) + 0.1 * generator.normal() }, (0..<n).map { 0.02 + 0.01 * Double($0 % 3) })
  }

  @Test func appendingAndDeletingEqualConditioningAtOnce() throws {
    let (x, y, noise) = Self.data(40)
    let whole = try Posterior(kernel: Self.kernel, x: x, targets: y, noise: noise)
    let part = try Posterior(
      kernel: Self.kernel, x: x.selectingRows(0..<33), targets: Array(y[..<33]), noise: Array(noise[..<33]))
    let grown = try part.appending(x: x.selectingRows(33..<40), targets: Array(y[33...]), noise: Array(noise[33...]))
    expectClose(grown.factor.lower.elements, whole.factor.lower.elements, relative: 1e-9, absolute: 1e-11)
    expectClose(grown.weights, whole.weights, relative: 1e-8, absolute: 1e-9)
    let smaller = whole.deleting(row: 7)
    let rest = (0..<40).filter { $0 != 7 }
    let direct = try Posterior(
      kernel: Self.kernel, x: x.selectingRows(rest), targets: rest.map { y[$0] }, noise: rest.map { noise[$0] })
    expectClose(smaller.factor.lower.elements, direct.factor.lower.elements, relative: 1e-9, absolute: 1e-11)
    #expect(isClose(smaller.logMarginalLikelihood, direct.logMarginalLikelihood))
  }

  @Test func leaveOneOutIsWhatDeletingPredicts() throws {
    let (x, y, noise) = Self.data(25)
    let posterior = try Posterior(kernel: Self.kernel, x: x, targets: y, noise: noise)
    let closed = posterior.leaveOneOut
    for i in [0, 9, 24] {
      let (mean, variance) = posterior.deleting(row: i).meanAndVariance(at: x.selectingRows([i]))
      #expect(isClose(closed.mean[i], mean[0], relative: 1e-8))
      #expect(isClose(closed.variance[i], variance[0] + noise[i], relative: 1e-8))
    }
  }

  @Test func leaveOneOutObjectiveMatchesCentralDifferences() throws {
    let (x, y, _) = Self.data(15)
    let point = Self.kernel.logParameters + [log(0.05)]
    func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double])? {
      var kernel = Self.kernel
      kernel.logParameters = Array(point.dropLast())
      return try? LeaveOneOut.objective(kernel, noiseVariance: exp(point[point.count - 1]), at: x, residuals: y)
    }
    let exact = try #require(evaluate(point))
    let numeric = centralDifferences(of: { evaluate($0)?.value ?? .nan }, at: point)
    expectClose(exact.gradient, numeric, relative: 1e-6, absolute: 1e-6)
  }

  @Test func gradientsByTheInputsMatchCentralDifferences() throws {
    let (x, y, noise) = Self.data(20)
    for kernel in [Self.kernel, .linear() * .rbf() + Self.kernel] {
      let posterior = try Posterior(kernel: kernel, x: x, targets: y, noise: noise)
      let z = [0.3, -0.6, 0.2]
      let (byMean, byVariance) = posterior.gradient(at: z)
      func at(_ z: [Double]) -> (mean: [Double], variance: [Double]) { posterior.meanAndVariance(at: Matrix([z])) }
      expectClose(byMean, centralDifferences(of: { at($0).mean[0] }, at: z), relative: 1e-6, absolute: 1e-7)
      expectClose(byVariance, centralDifferences(of: { at($0).variance[0] }, at: z), relative: 1e-5, absolute: 1e-6)
    }
  }

  @Test func drawsHaveTheMomentsOfThePosterior() throws {
    let (x, y, noise) = Self.data(12)
    let posterior = try Posterior(kernel: Self.kernel, x: x, targets: y, noise: noise)
    let z = Self.data(3, seed: 77).x
    let (mean, _) = posterior.meanAndVariance(at: z)
    let covariance = posterior.covariance(at: z)
    let exact = try posterior.samples(at: z, count: 20000, seed: 4)
    let pathwise = try #require(posterior.pathwiseSamples(count: 4000, features: 2000, seed: 4))
    for (draws, tolerance) in [(exact, 0.04), (pathwise.values(at: z), 0.12)] {
      let n = Double(draws.rows)
      let center = draws.multiplied(by: [Double](repeating: 1 / n, count: draws.rows), transposingSelf: true)
      expectClose(center, mean, relative: 0, absolute: tolerance)
      let second = draws.gram
      for i in 0..<3 {
        for j in 0..<3 {
          #expect(abs(second[i, j] / n - center[i] * center[j] - covariance[i, j]) < tolerance)
        }
      }
    }
    // The same functions, one place at a time.
    expectClose(pathwise.values(at: z).column(1), pathwise.values(at: z.selectingRows([1])).column(0), absolute: 1e-9)
  }

  @Test func covarianceHasTheVariancesOnItsDiagonal() throws {
    let (x, y, noise) = Self.data(12)
    let posterior = try Posterior(kernel: Self.kernel, x: x, targets: y, noise: noise)
    let z = Self.data(5, seed: 78).x
    expectClose(posterior.covariance(at: z).diagonal, posterior.meanAndVariance(at: z).variance, relative: 1e-8)
  }
}
