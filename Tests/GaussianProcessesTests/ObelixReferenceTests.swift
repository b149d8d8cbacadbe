import Chemistry
import Descriptors
import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import Tables
import TestSupport
import Testing

/// The whole path from formulas to likelihood and posterior, against matminer and scikit-learn.
@Suite struct ObelixReferenceTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let length_scale: [Double]
      let log_marginal_likelihood: Double
      let gradient: [Double]
      let mean: [Double]
      let variance_latent: [Double]
    }
    let test_formulas: [String]
    let constant_value: Double
    let noise_level: Double
    let cases: [Case]
  }

  @Test(.enabled(if: SharedData.has("obelix_train.csv"), "needs ../shared/datasets/obelix_train.csv"))
  func everyRowOfObelixEqualsScikitLearn() throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/sklearn-obelix.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: golden))
    let table = try Table(reading: #require(SharedData.url("obelix_train.csv")).path)
    let raw = try table.column("conductivity_S_cm").map { cell in
      log10(try #require(Double(cell.drop { $0 == "<" })))
    }
    let mean = Standardizer.moments(of: raw).mean
    let residuals = raw.map { $0 - mean }

    let magpie = try DescriptorSet(named: "magpie")
    func describe(_ formulas: [String]) throws -> Matrix {
      magpie.matrix(for: try formulas.map { try Composition(formula: $0) })
    }
    let features = try describe(table.column("formula"))
    let scaler = Standardizer(of: features)
    let x = scaler.standardize(features)
    let z = scaler.standardize(try describe(reference.test_formulas))
    #expect(x.rows == 478 && x.columns == 132 && reference.cases.count == 4)

    for test in reference.cases {
      let profile = try #require(StationaryKernel.Profile(rawValue: String(test.name.prefix { $0 != "-" })))
      let kernel = StationaryKernel(
        profile, variance: reference.constant_value, lengthscales: test.length_scale)
      let likelihood = try LogMarginalLikelihood(
        kernel, noiseVariance: reference.noise_level, at: x, residuals: residuals, withGradient: true)
      #expect(
        isClose(likelihood.value, test.log_marginal_likelihood, relative: 1e-8),
        "\(test.name): \(likelihood.value)")
      // An element that is the small difference of large terms is held to the size of the whole.
      let size = test.gradient.map(abs).max() ?? 0
      expectClose(
        likelihood.gradient, test.gradient, relative: 1e-8, absolute: 1e-9 * size, "\(test.name) gradient")
      let cross = kernel.matrix(x, z)
      expectClose(
        cross.multiplied(by: likelihood.weights, transposingSelf: true), test.mean, relative: 1e-8,
        absolute: 1e-8, "\(test.name) mean")
      let solved = likelihood.factor.solveLower(cross)
      let variance = kernel.diagonal(z).enumerated().map { j, prior in
        prior - (0..<solved.rows).reduce(0) { $0 + solved[$1, j] * solved[$1, j] }
      }
      expectClose(variance, test.variance_latent, relative: 1e-8, absolute: 1e-8, "\(test.name) variance")
    }
  }
}
