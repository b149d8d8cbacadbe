import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct CensoredEvidenceTests {
  private static let kernel = StationaryKernel(.rbf, variance: 1.2, lengthscales: [0.9])

  private static func data(_ n: Int) -> (x: Matrix, y: [Double], censoring: [Censoring]) {
    var generator = SeededGenerator(seed: 31)
    let x = Matrix(rows: n, columns: 1, elements: (0..<n).map { _ in 4 * generator.uniform() - 2 })
    let y = (0..<n).map { sin(2 * x[$0, 0]) + 0.3 * generator.normal() }
    let bound = -0.4
    return (x, y.map { max($0, bound) }, y.map { $0 <= bound ? .left : ($0 > 1.1 ? .right : .none) })
  }

  /// Two bounds at zero: the probability of a quadrant, known in closed form (Sheppard 1899). Two bounds
  /// that say nearly the same are the hard case of expectation propagation; what it should come to there is
  /// from a plain dense implementation (`Golden/expectation-propagation.md`).
  @Test(arguments: [(0.2, -0.8782632666483627, 0.04), (0.8, -1.0349337468048097, 0.006), (2.0, -1.337698801204091, 1e-5)])
  func evidenceOfTwoBoundsIsNearTheProbabilityOfAQuadrant(gap: Double, reference: Double, error: Double) throws {
    let x = Matrix([[0], [gap]])
    let evidence = try CensoredEvidence(
      Self.kernel, noiseVariance: 0.1, at: x, residuals: [0, 0], censoring: [.left, .left], withGradient: false)
    #expect(isClose(evidence.value, reference, relative: 1e-7))
    let k = Self.kernel.matrix(x)
    let exact = log(0.25 + asin(k[0, 1] / (k[0, 0] + 0.1)) / (2 * .pi))
    #expect(abs(evidence.value - exact) < error, "\(evidence.value) for \(exact)")
    #expect(evidence.sweeps < 100)
  }

  @Test func withoutBoundsItIsTheMarginalLikelihood() throws {
    let (x, y, _) = Self.data(15)
    let evidence = try CensoredEvidence(
      Self.kernel, noiseVariance: 0.1, at: x, residuals: y, censoring: y.map { _ in .none }, withGradient: true)
    let exact = try LogMarginalLikelihood(Self.kernel, noiseVariance: 0.1, at: x, residuals: y, withGradient: true)
    #expect(isClose(evidence.value, exact.value))
    expectClose(evidence.gradient, exact.gradient)
  }

  @Test func gradientMatchesCentralDifferences() throws {
    let (x, y, censoring) = Self.data(20)
    #expect(censoring.contains(.left) && censoring.contains(.right) && censoring.contains(.none))
    func evaluate(_ point: [Double], gradient: Bool) -> CensoredEvidence? {
      var kernel = Self.kernel
      kernel.logParameters = Array(point.dropLast())
      return try? CensoredEvidence(
        kernel, noiseVariance: exp(point[point.count - 1]), at: x, residuals: y, censoring: censoring,
        withGradient: gradient)
    }
    let point = Self.kernel.logParameters + [log(0.1)]
    let exact = try #require(evaluate(point, gradient: true))
    let numeric = centralDifferences(of: { evaluate($0, gradient: false)?.value ?? .nan }, at: point)
    expectClose(exact.gradient, numeric, relative: 1e-5, absolute: 1e-5)
  }

  /// Elliptical slice sampling (Murray, Adams and MacKay, AISTATS 2010, arXiv 1001.0175) of the exact
  /// posterior, a long run.
  @Test func posteriorAgreesWithALongMarkovChain() throws {
    let n = 12
    let (x, y, censoring) = Self.data(n)
    let noise = 0.1
    let evidence = try CensoredEvidence(
      Self.kernel, noiseVariance: noise, at: x, residuals: y, censoring: censoring, withGradient: false)
    let posterior = try Posterior(
      kernel: Self.kernel, x: x, targets: evidence.siteTargets, noise: evidence.siteVariances)
    let (mean, variance) = posterior.meanAndVariance(at: x)

    var covariance = Self.kernel.matrix(x)
    for i in 0..<n { covariance[i, i] += 1e-9 }
    let root = try Cholesky(of: covariance).lower
    var generator = SeededGenerator(seed: 1)
    func logLikelihood(_ f: [Double]) -> Double {
      (0..<n).reduce(0) {
        $0 + RegressionMetrics.logDensity(y[$1], censoring[$1], mean: f[$1], standardDeviation: noise.squareRoot())
      }
    }
    var f = mean
    var level = logLikelihood(f)
    var sums = [Double](repeating: 0, count: n)
    var squares = sums
    let steps = 120_000
    for _ in 0..<steps {
      let nu = root.multiplied(by: (0..<n).map { _ in generator.normal() })
      let threshold = level + log(1 - generator.uniform())
      var angle = 2 * Double.pi * generator.uniform()
      var (low, high) = (angle - 2 * .pi, angle)
      while true {
        let candidate = (0..<n).map { f[$0] * cos(angle) + nu[$0] * sin(angle) }
        let value = logLikelihood(candidate)
        if value > threshold {
          (f, level) = (candidate, value)
          break
        }
        if angle < 0 { low = angle } else { high = angle }
        angle = low + (high - low) * generator.uniform()
      }
      for i in 0..<n {
        sums[i] += f[i]
        squares[i] += f[i] * f[i]
      }
    }
    for i in 0..<n {
      let center = sums[i] / Double(steps)
      let spread = (squares[i] / Double(steps) - center * center).squareRoot()
      #expect(abs(mean[i] - center) < 0.03, "mean of row \(i): \(mean[i]), chain \(center)")
      #expect(abs(variance[i].squareRoot() - spread) < 0.05, "deviation of row \(i): \(variance[i].squareRoot()), chain \(spread)")
    }
  }

  @Test func boundsHoldTheirSideWithoutPretendingToBeValues() throws {
    var generator = SeededGenerator(seed: 5)
    let x = Matrix(rows: 120, columns: 1, elements: (0..<120).map { _ in 4 * generator.uniform() - 2 })
    let truth = (0..<120).map { 3 * x[$0, 0] }
    let y = truth.map { $0 + 0.3 * generator.normal() }
    let set = try TrainingSet(
      features: x, targets: y.map { max($0, -2) }, censoring: y.map { $0 <= -2 ? .left : .none })
    let bounds = try GaussianProcessRegressor(kernel: .linear() + .rbf()).fit(set)
    let clipped = try GaussianProcessRegressor(kernel: .linear() + .rbf(), censoredRows: .measured).fit(set)
    func error(_ model: GaussianProcess) throws -> Double {
      zip(try model.predict(x).mean, truth).map { abs($0 - $1) }.reduce(0, +) / 120
    }
    #expect(try error(bounds) < 0.6 * error(clipped))
  }
}
