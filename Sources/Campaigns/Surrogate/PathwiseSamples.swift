import ActiveLearning
import Foundation
import LinearAlgebra

/// Samples of the posterior as functions, which can be evaluated anywhere.
///
/// Matheron's rule: f(x) + k(x, X)·(K + noise)⁻¹·(y − f(X) − ε) with f a sample of the prior is a sample of the
/// posterior (Wilson et al., "Efficiently sampling functions from Gaussian process posteriors", ICML 2020).
/// The prior is sampled by random Fourier features; the frequencies of exp(−d/ℓ) with d a sum of absolute
/// differences are independent Cauchy deviates of scale 1/ℓ in every column.
public struct PathwiseSamples: Sendable {
  private let process: LaplaceProcess
  /// Frequencies, features × width; phases, one for each feature.
  private let frequencies: Matrix
  private let phases: [Double]
  /// Of the features, samples × features.
  private let coefficients: Matrix
  /// Of the update, n × samples.
  private let corrections: Matrix

  public var count: Int { coefficients.rows }

  /// - Parameters:
  ///   - process: the posterior that is sampled, n rows.
  ///   - count: functions.
  ///   - features: of the prior; the variance of its covariance falls as 1/features.
  ///   - seed: equal seeds draw equal functions.
  /// - Complexity: O(features·n·width + n²·count).
  public init(of process: LaplaceProcess, count: Int, features: Int = 2048, seed: UInt64) {
    self.process = process
    var generator = SeededGenerator(seed: seed)
    let width = process.points.width
    let h = process.hyperparameters
    frequencies = Matrix(
      rows: features, columns: width,
      elements: (0..<features * width).map { _ in tan(.pi * (generator.uniform() - 0.5)) / h.lengthscale })
    phases = (0..<features).map { _ in 2 * .pi * generator.uniform() }
    let scale = (2 * h.variance / Double(features)).squareRoot()
    coefficients = Matrix(
      rows: count, columns: features,
      elements: (0..<count * features).map { _ in scale * generator.normal() })
    let prior = Self.features(process.points, frequencies, phases).multiplied(
      by: coefficients, transposingOther: true)
    corrections = process.corrections(for: prior) { generator.normal() }
  }

  /// cos(ω·x + phase), points × features.
  private static func features(_ points: Points, _ frequencies: Matrix, _ phases: [Double]) -> Matrix {
    let x = Matrix(rows: points.count, columns: points.width, elements: points.values.map(Double.init))
    var result = x.multiplied(by: frequencies, transposingOther: true)
    let f = phases.count
    result.elements.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = cos(values[i] + phases[i % f]) }
    }
    return result
  }

  /// The values of all functions at some points, in units of the target: one function in each row.
  ///
  /// - Complexity: O(points·features·(width + count)), in blocks on all cores.
  public func values(at pool: Points) -> JointSamples {
    let m = pool.count
    var result = Matrix(rows: count, columns: m)
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: m, chunkSize: 512) { range in
        let block = pool.selecting(range)
        let prior = Self.features(block, frequencies, phases).multiplied(by: coefficients, transposingOther: true)
        let update = LaplaceProcess.covariance(
          block.distances(to: process.points), process.hyperparameters
        ).multiplied(by: corrections)
        for (j, column) in range.enumerated() {
          for sample in 0..<count {
            out[sample * m + column] =
              process.targetMean + process.targetSpread * (prior[j, sample] + update[j, sample])
          }
        }
      }
    }
    return JointSamples(result)
  }
}

extension LaplaceProcess {
  /// (K + noise)⁻¹·(y − f(X) − ε) for prior samples f(X), n × samples.
  func corrections(for prior: Matrix, normal: () -> Double) -> Matrix {
    var difference = prior
    for i in 0..<prior.rows {
      for s in 0..<prior.columns {
        difference[i, s] = residual(i) - prior[i, s] - noise(i).squareRoot() * normal()
      }
    }
    return solve(difference)
  }

  /// Samples of the latent values of a pool, exact, from the factor of its posterior covariance.
  ///
  /// - Complexity: O(m³ + count·m²): for pools of some thousands.
  public func jointSamples(of pool: Points, count: Int, seed: UInt64) -> JointSamples {
    let m = pool.count
    var covariance = covariance(pool, pool)
    let mean = posterior(of: pool).mean
    let scale = hyperparameters.variance * targetSpread * targetSpread
    var generator = SeededGenerator(seed: seed)
    var values = Matrix(rows: count, columns: m, elements: (0..<count * m).map { _ in generator.normal() })
    for i in 0..<m { covariance[i, i] += 1e-8 * scale }
    var jitter = 1e-7 * scale
    while jitter < scale {
      if let factor = try? Cholesky(of: covariance) {
        values = values.multiplied(by: factor.lower, transposingOther: true)
        break
      }
      for i in 0..<m { covariance[i, i] += jitter }
      jitter *= 10
    }
    for s in 0..<count { for j in 0..<m { values.elements[s * m + j] += mean[j] } }
    return JointSamples(values)
  }
}
