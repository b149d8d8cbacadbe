import Foundation
import GaussianProcesses
import LinearAlgebra
import TestSupport
import Testing

@Suite struct StationaryKernelTests {
  private static let x = {
    var generator = SeededGenerator(seed: 4)
    return Matrix(rows: 9, columns: 2, elements: (0..<18).map { _ in generator.normal() })
  }()

  /// Written out from the definition, one pair at a time.
  private func direct(_ profile: StationaryKernel.Profile, _ r: Double) -> Double {
    switch profile {
    case .rbf: exp(-r * r / 2)
    case .matern12: exp(-r)
    case .matern32: (1 + sqrt(3) * r) * exp(-sqrt(3) * r)
    case .matern52: (1 + sqrt(5) * r + 5 * r * r / 3) * exp(-sqrt(5) * r)
    }
  }

  @Test(arguments: StationaryKernel.Profile.allCases, [[0.7], [0.7, 2.2]])
  func matrixIsTheDefinition(profile: StationaryKernel.Profile, lengthscales: [Double]) {
    let kernel = StationaryKernel(profile, variance: 1.9, lengthscales: lengthscales)
    let x = Self.x
    let matrix = kernel.matrix(x, x)
    for i in 0..<x.rows {
      for j in 0..<x.rows {
        let a = (x[i, 0] - x[j, 0]) / lengthscales[0]
        let b = (x[i, 1] - x[j, 1]) / (lengthscales.last ?? 0)
        #expect(isClose(matrix[i, j], 1.9 * direct(profile, hypot(a, b)), relative: 1e-7))
      }
    }
    expectClose(matrix.diagonal, kernel.diagonal(x), relative: 1e-7)
  }

  @Test(arguments: StationaryKernel.Profile.allCases, [[0.7], [0.7, 2.2]])
  func gradientIsTheContractedDerivative(profile: StationaryKernel.Profile, lengthscales: [Double]) {
    let kernel = StationaryKernel(profile, variance: 1.9, lengthscales: lengthscales)
    let x = Self.x
    var generator = SeededGenerator(seed: 8)
    let half = Matrix(rows: 9, columns: 9, elements: (0..<81).map { _ in generator.normal() })
    let weights = half.gram
    let exact = kernel.gradient(weights: weights, at: x, covariance: kernel.matrix(x))
    let numeric = centralDifferences(
      of: { point in
        var other = kernel
        other.logParameters = point
        return dot(weights.elements, other.matrix(x).elements)
      }, at: kernel.logParameters)
    expectClose(exact, numeric, relative: 1e-6, absolute: 1e-6)
    #expect(exact.count == kernel.parameterNames.count)
  }
}
