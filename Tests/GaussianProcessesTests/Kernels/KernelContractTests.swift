import Foundation
import GaussianProcesses
import LinearAlgebra
import TestSupport
import Testing

/// What every kernel must do, and one line for each of them.
@Suite struct KernelContractTests {
  static let scale = [1.0, 2.5, 3, 7.2]

  static let kernels: [KernelExpression] = [
    .stationary(StationaryKernel(.rbf, variance: 1.3, lengthscales: [0.9, 1.4, 2, 0.7])),
    .stationary(StationaryKernel(.matern12, variance: 1.3, lengthscales: [0.9, 1.4, 2, 0.7])),
    .stationary(StationaryKernel(.matern32, variance: 1.3, lengthscales: [1.1])),
    .stationary(StationaryKernel(.matern52, variance: 0.4, lengthscales: [0.9, 1.4, 2, 0.7])),
    .rationalQuadratic(RationalQuadraticKernel(variance: 1.2, mixing: 0.7, lengthscales: [0.9, 1.4, 2, 0.7])),
    .rationalQuadratic(RationalQuadraticKernel(variance: 1.2, mixing: 2.7, lengthscales: [1.3])),
    .linear(LinearKernel(variance: 0.8, lengthscales: [0.9, 1.4, 2, 0.7])),
    .linear(LinearKernel(variance: 0.8, lengthscales: [1.3])),
    .polynomial(PolynomialKernel(degree: 3, variance: 0.8, offset: 1.7, lengthscales: [0.9, 1.4, 2, 0.7])),
    .periodic(PeriodicKernel(variance: 0.8, period: 1.9, lengthscales: [0.9, 1.4, 2, 0.7])),
    .periodic(PeriodicKernel(variance: 0.8, period: 1.9, lengthscales: [1.2])),
    .constant(1.7),
    .white(0.3),
    .fractions(FractionKernel(.minMax, variance: 1.1, lengthscales: [0.9, 1.4, 2, 0.7])),
    .fractions(FractionKernel(.tanimoto, variance: 1.1, lengthscales: [0.9, 1.4, 2, 0.7])),
    .fractions(FractionKernel(.minMax)),
    .elementSimilarity(
      ElementSimilarityKernel(.kernelMean, scale: scale, variance: 0.9, lengthscale: 0.6, elementLengthscale: 2)),
    .elementSimilarity(ElementSimilarityKernel(.earthMover, scale: scale, variance: 0.9, lengthscale: 1.6)),
    .rbf(lengthscales: [1.2]) + 0.5 * .linear(),
    .rbf(lengthscales: [1.2]) * .matern(.matern32, lengthscales: [0.8]) + .white(0.2),
    .arrhenius(composition: .matern(.matern52, lengthscales: [0.5, 0.9, 0.7]), columns: [0, 1, 2], inverseTemperature: 3),
  ]

  /// Positive rows, so that fractions make sense.
  static func rows(_ count: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rows: count, columns: 4, elements: (0..<4 * count).map { _ in 0.05 + generator.uniform() })
  }

  @Test(arguments: kernels)
  func isACovariance(kernel: KernelExpression) throws {
    let x = Self.rows(9, seed: 3)
    let k = kernel.matrix(x)
    expectClose(k.elements, k.transposed.elements, relative: 0, absolute: 1e-14, "symmetric")
    expectClose(k.diagonal, kernel.diagonal(x), relative: 1e-7, "diagonal")
    let spectrum = try SymmetricEigen(of: k)
    #expect((spectrum.values.first ?? -1) > -1e-8)
    let order = [4, 2, 0, 8, 1, 3, 7, 5, 6]
    let permuted = kernel.matrix(x.selectingRows(order))
    expectClose(
      permuted.elements, k.selectingRows(order).selectingColumns(order).elements, relative: 1e-7, absolute: 1e-9,
      "order of rows")
    let other = Self.rows(5, seed: 4)
    let cross = kernel.matrix(x, other)
    expectClose(cross.transposed.elements, kernel.matrix(other, x).elements, relative: 1e-9, absolute: 1e-12, "k(x, z)")
    #expect(kernel.parameterNames.count == kernel.logParameters.count)
    #expect(kernel.parameterRoles.count == kernel.logParameters.count)
    #expect(try JSONDecoder().decode(KernelExpression.self, from: JSONEncoder().encode(kernel)) == kernel)
  }

  @Test(arguments: kernels)
  func gradientIsTheContractedDerivative(kernel: KernelExpression) {
    let x = Self.rows(9, seed: 3)
    var generator = SeededGenerator(seed: 8)
    let weights = Matrix(rows: 9, columns: 9, elements: (0..<81).map { _ in generator.normal() }).gram
    let exact = kernel.gradient(weights: weights, at: x, covariance: kernel.matrix(x))
    let numeric = centralDifferences(
      of: { point in
        var other = kernel
        other.logParameters = point
        return dot(weights.elements, other.matrix(x).elements)
      }, at: kernel.logParameters)
    expectClose(exact, numeric, relative: 2e-6, absolute: 2e-6)
  }

  @Test(arguments: kernels)
  func inputGradientMatchesCentralDifferences(kernel: KernelExpression) {
    let x = Self.rows(6, seed: 5)
    let z = [0.31, 0.52, 0.77, 0.43]
    let weights = [0.3, -1.2, 0.8, 0.5, -0.4, 1.1]
    let exact = kernel.inputGradient(at: z, x, weights: weights)
    let numeric = centralDifferences(
      of: { dot(kernel.matrix(Matrix([$0]), x).elements, weights) }, at: z, step: 1e-6)
    expectClose(exact, numeric, relative: 1e-5, absolute: 1e-6)
    let diagonal = centralDifferences(of: { kernel.diagonal(Matrix([$0]))[0] }, at: z)
    expectClose(kernel.diagonalGradient(at: z), diagonal, relative: 1e-6, absolute: 1e-8)
  }

  @Test func randomFeaturesEstimateTheKernel() throws {
    let x = Self.rows(4, seed: 6)
    for kernel in Self.kernels {
      var generator = SeededGenerator(seed: 1)
      let normals = try #require(
        try? Posterior(kernel: kernel, x: x, targets: [0, 0, 0, 0], noise: [1e8, 1e8, 1e8, 1e8]))
      // With noise this large the posterior is the prior.
      guard let draws = normals.pathwiseSamples(count: 4000, features: 2000, seed: generator.next()) else { continue }
      let values = draws.values(at: x)
      let estimate = values.gram
      let exact = kernel.matrix(x, x)
      let size = kernel.diagonal(x).reduce(0, max)
      for i in exact.elements.indices {
        #expect(abs(estimate.elements[i] / 4000 - exact.elements[i]) < 0.12 * size, "\(kernel)")
      }
    }
  }

  @Test func knownValuesOfTheFractionKernels() {
    let a = Matrix([[1, 0, 1, 0]])
    let b = Matrix([[1, 1, 0, 0]])
    // Sets of two with one in common: a third in both measures.
    #expect(isClose(FractionKernel(.minMax).matrix(a, b)[0, 0], 1.0 / 3))
    #expect(isClose(FractionKernel(.tanimoto).matrix(a, b)[0, 0], 1.0 / 3))
    // Half an atom moves from 1.0 to 2.5 and half from 3 to 3: a distance of 0.75.
    let kernel = ElementSimilarityKernel(.earthMover, scale: Self.scale, lengthscale: 2)
    let k = kernel.matrix(Matrix([[0.5, 0, 0.5, 0]]), Matrix([[0, 0.5, 0.5, 0]]))
    #expect(isClose(k[0, 0], exp(-0.75 / 2)))
  }
}
