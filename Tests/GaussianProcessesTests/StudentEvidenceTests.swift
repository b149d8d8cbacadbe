import Foundation
import GaussianProcesses
import LinearAlgebra
import TestSupport
import Testing

@Suite struct StudentEvidenceTests {
  private static let kernel = StationaryKernel(.rbf, variance: 1.2, lengthscales: [0.9])

  private static func data(_ n: Int) -> (x: Matrix, y: [Double]) {
    var generator = SeededGenerator(seed: 17)
    let x = Matrix(rows: n, columns: 1, elements: (0..<n).map { _ in 4 * generator.uniform() - 2 })
    return (x, (0..<n).map { sin(2 * x[$0, 0]) + 0.1 * generator.normal() + ($0 == 4 ? 8 : 0) })
  }

  @Test func manyDegreesOfFreedomAreNormalNoise() throws {
    let (x, y) = Self.data(15)
    let student = try StudentEvidence(
      Self.kernel, scale: 0.5, degrees: 1e7, at: x, residuals: y, withGradient: true)
    let normal = try LogMarginalLikelihood(Self.kernel, noiseVariance: 0.25, at: x, residuals: y, withGradient: true)
    #expect(isClose(student.value, normal.value, relative: 1e-4))
    expectClose(student.gradient, normal.gradient, relative: 1e-3, absolute: 1e-3)
  }

  @Test func gradientMatchesCentralDifferences() throws {
    let (x, y) = Self.data(15)
    func evaluate(_ point: [Double], gradient: Bool) -> StudentEvidence? {
      var kernel = Self.kernel
      kernel.logParameters = Array(point.dropLast())
      let scale = exp(0.5 * point[point.count - 1])
      return try? StudentEvidence(kernel, scale: scale, degrees: 4, at: x, residuals: y, withGradient: gradient)
    }
    let point = Self.kernel.logParameters + [2 * log(0.2)]
    let exact = try #require(evaluate(point, gradient: true))
    let numeric = centralDifferences(of: { evaluate($0, gradient: false)?.value ?? .nan }, at: point)
    expectClose(exact.gradient, numeric, relative: 1e-5, absolute: 1e-5)
  }

  @Test func anOutlierMovesTheModeLessThanUnderNormalNoise() throws {
    let (x, y) = Self.data(30)
    let student = try StudentEvidence(Self.kernel, scale: 0.1, degrees: 3, at: x, residuals: y, withGradient: false)
    let normal = try Posterior(kernel: Self.kernel, x: x, targets: y, noise: y.map { _ in 0.01 })
    let truth = sin(2 * x[4, 0])
    #expect(abs(student.mode[4] - truth) < 0.2)
    #expect(abs(normal.mean(at: x)[4] - truth) > 1)
    let posterior = try Posterior(
      kernel: Self.kernel, x: x, targets: student.siteTargets, noise: student.siteVariances)
    expectClose(posterior.mean(at: x), student.mode, relative: 1e-6, absolute: 1e-7)
  }
}
