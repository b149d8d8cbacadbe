import Foundation
import GaussianProcesses
import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct JackknifePlusTests {
  private static let regressor = GaussianProcessRegressor(kernel: .rbf(lengthscales: [1.5]))

  @Test(arguments: ["0.8", "0.9"])
  func intervalsAreThoseOfMAPIE(level: String) throws {
    let reference = try UncertaintyReference.read()
    let data = try TrainingSet(features: reference.training, targets: reference.y)
    let process = try Self.regressor.jackknifePlus(data, noiseVariance: 0.2, normalized: false)
    let expected = try #require(reference.jackknife_plus[level])
    let interval = try process.interval(reference.new, level: #require(Double(level)))
    expectClose(interval.lower, expected.lower, relative: 1e-8, absolute: 1e-8)
    expectClose(interval.upper, expected.upper, relative: 1e-8, absolute: 1e-8)
  }

  /// Whole groups left out by fitting again, mean by mean.
  @Test(arguments: [false, true])
  func groupsAreLeftOutAsARefitWould(normalized: Bool) throws {
    let reference = try UncertaintyReference.read()
    let groups = reference.y.indices.map { $0 / 4 }
    let data = try TrainingSet(features: reference.training, targets: reference.y, groups: groups)
    let kernel = StationaryKernel(.rbf, lengthscales: [1.5])
    let level = 0.9
    var (below, above) = ([[Double]](repeating: [], count: 8), [[Double]](repeating: [], count: 8))
    for group in Set(groups) {
      let kept = groups.indices.filter { groups[$0] != group }
      let posterior = try Posterior(
        kernel: kernel, x: reference.training.selectingRows(kept), targets: kept.map { reference.y[$0] },
        noise: kept.map { _ in 0.2 })
      let out = groups.indices.filter { groups[$0] == group }
      let held = posterior.meanAndVariance(at: reference.training.selectingRows(out))
      let there = posterior.meanAndVariance(at: reference.new)
      for (k, row) in out.enumerated() {
        let score = abs(reference.y[row] - held.mean[k]) / (normalized ? (held.variance[k] + 0.2).squareRoot() : 1)
        for i in 0..<8 {
          let reach = score * (normalized ? (there.variance[i] + 0.2).squareRoot() : 1)
          below[i].append(there.mean[i] - reach)
          above[i].append(there.mean[i] + reach)
        }
      }
    }
    let n = groups.count
    let interval = try Self.regressor.jackknifePlus(data, noiseVariance: 0.2, normalized: normalized)
      .interval(reference.new, level: level)
    let low = Int(((1 - level) * Double(n + 1)).rounded(.down))
    let high = Int((level * Double(n + 1)).rounded(.up))
    expectClose(interval.lower, below.map { $0.sorted()[low - 1] }, relative: 1e-8, absolute: 1e-8)
    expectClose(interval.upper, above.map { $0.sorted()[high - 1] }, relative: 1e-8, absolute: 1e-8)
  }

  @Test func intervalsHoldTheirLevelUnderAWrongLikelihood() throws {
    var generator = SeededGenerator(seed: 5)
    func sample(_ n: Int) -> (Matrix, [Double]) {
      let x = Matrix(rows: n, columns: 1, elements: (0..<n).map { _ in 4 * generator.uniform() - 2 })
      // Noise with a long tail on one side.
      return (x, (0..<n).map { sin(2 * x[$0, 0]) - 0.3 * log(generator.uniform()) })
    }
    let (x, y) = sample(80)
    let (z, t) = sample(2000)
    let interval = try GaussianProcessRegressor(starts: 1).jackknifePlus(TrainingSet(features: x, targets: y))
      .interval(z, level: 0.8)
    let coverage = Double(t.indices.count { interval.lower[$0] <= t[$0] && t[$0] <= interval.upper[$0] }) / 2000
    #expect(coverage > 0.72 && coverage < 0.9)
  }
}
