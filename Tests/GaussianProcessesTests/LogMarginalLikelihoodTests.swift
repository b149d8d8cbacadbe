import Foundation
import GaussianProcesses
import LinearAlgebra
import TestSupport
import Testing

@Suite struct LogMarginalLikelihoodTests {
  private func kernel(_ reference: ScikitLearnReference.Case) throws -> StationaryKernel {
    let profile = try #require(StationaryKernel.Profile(rawValue: String(reference.name.prefix { $0 != "-" })))
    return StationaryKernel(profile, variance: reference.constant_value, lengthscales: reference.length_scale)
  }

  @Test func valueGradientAndPosteriorEqualScikitLearn() throws {
    let reference = try ScikitLearnReference.read()
    let x = Matrix(reference.x_train)
    let z = Matrix(reference.x_test)
    #expect(reference.cases.count == 6)
    for test in reference.cases {
      let kernel = try kernel(test)
      let likelihood = try LogMarginalLikelihood(
        kernel, noiseVariance: test.noise_level + test.alpha, at: x, residuals: reference.residuals,
        withGradient: true)
      #expect(
        isClose(likelihood.value, test.log_marginal_likelihood, relative: 1e-10), "\(test.name): \(likelihood.value)")
      expectClose(likelihood.gradient, test.gradient, relative: 1e-8, absolute: 1e-9, "\(test.name) gradient")

      let cross = kernel.matrix(x, z)
      let mean = cross.multiplied(by: likelihood.weights, transposingSelf: true)
      expectClose(mean, test.predicted_mean_centred, relative: 1e-8, absolute: 1e-8, "\(test.name) mean")
      let solved = likelihood.factor.solveLower(cross)
      let latent = kernel.diagonal(z).enumerated().map { j, prior in
        (prior - (0..<solved.rows).reduce(0) { $0 + solved[$1, j] * solved[$1, j] }).squareRoot()
      }
      expectClose(latent, test.predicted_std_latent, relative: 1e-8, absolute: 1e-8, "\(test.name) deviation")
    }
  }

  @Test func gradientMatchesCentralDifferencesAndJitterIsReported() throws {
    var generator = SeededGenerator(seed: 11)
    let x = Matrix(rows: 12, columns: 3, elements: (0..<36).map { _ in generator.normal() })
    let y = (0..<12).map { _ in generator.normal() }
    for profile in StationaryKernel.Profile.allCases {
      let start = StationaryKernel(profile, variance: 1.3, lengthscales: [0.8, 1.7, 2.5])
      func value(_ point: [Double]) -> Double {
        var kernel = start
        kernel.logParameters = Array(point.dropLast())
        let likelihood = try? LogMarginalLikelihood(
          kernel, noiseVariance: exp(point[point.count - 1]), at: x, residuals: y, withGradient: false)
        return likelihood?.value ?? .nan
      }
      let point = start.logParameters + [log(0.05)]
      let exact = try LogMarginalLikelihood(start, noiseVariance: 0.05, at: x, residuals: y, withGradient: true)
      expectClose(
        exact.gradient, centralDifferences(of: value, at: point), relative: 1e-6, absolute: 1e-7, "\(profile)")
      #expect(exact.jitter == 0)
    }
    // Two equal rows without noise cannot be factored as they stand.
    let twice = x.selectingRows([0, 0, 1])
    let likelihood = try LogMarginalLikelihood(
      StationaryKernel(.rbf, lengthscales: [1]), noiseVariance: 0, at: twice, residuals: [1, 1, 0],
      withGradient: false)
    #expect(likelihood.jitter > 0 && likelihood.value.isFinite)
  }
}
