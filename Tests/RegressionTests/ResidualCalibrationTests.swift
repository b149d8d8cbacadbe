import Foundation
import LinearAlgebra
import ModelFiles
import TestSupport
import Testing

import Regression

@Suite struct ResidualCalibrationTests {
  /// Errors whose deviation is 2·exp(−mean/2): halved in the logarithm for every two units of the mean.
  static func calibration(count: Int, tilt: Double = -1, seed: UInt64 = 3) -> ResidualCalibration {
    var generator = SeededGenerator(seed: seed)
    let means = (0..<count).map { _ in 4 * generator.uniform() - 2 }
    let targets = means.map { $0 + 2 * exp(0.5 * tilt * $0) * generator.normal() }
    return ResidualCalibration(
      targets: targets, censoring: [Censoring](repeating: .none, count: count), means: means,
      variances: [Double](repeating: 1, count: count), smallest: 1e-9)
  }

  @Test func deviationsFollowThePredictionWhereErrorsDo() {
    let calibration = Self.calibration(count: 3000)
    for mean in [-1.5, 0, 1.5] {
      #expect(isClose(calibration.standardDeviation(1, mean: mean), 2 * exp(-0.5 * mean), relative: 0.1), "at \(mean)")
    }
    // Beyond the means that were seen it stays as at the last of them.
    #expect(calibration.standardDeviation(1, mean: -50) == calibration.standardDeviation(1, mean: calibration.meanRange.lowerBound))
    let level = Self.calibration(count: 3000, tilt: 0)
    #expect(abs(level.tilt) < 0.1 && isClose(level.standardDeviation(1, mean: 1), 2, relative: 0.1))
    #expect(Self.calibration(count: 30).tilt == 0)
  }

  @Test func rangesHoldEveryDeviation() {
    let calibration = Self.calibration(count: 500)
    let bounds = calibration.standardDeviations(0.5...2, means: -.infinity ... .infinity)
    for mean in stride(from: -4.0, through: 4, by: 0.5) {
      for variance in [0.5, 1, 2] { #expect(bounds.contains(calibration.standardDeviation(variance, mean: mean))) }
    }
  }

  @Test func theArchiveKeepsItAndOldFilesHaveNoTilt() throws {
    let calibration = Self.calibration(count: 200)
    #expect(try ResidualCalibration(archive: calibration.archive()) == calibration)
    var old = calibration.archive().tensors
    old["variance_tilt"] = nil
    let restored = try ResidualCalibration(archive: TensorArchive(tensors: old, metadata: [:]))
    #expect(restored.tilt == 0 && restored.slope == calibration.slope)
  }
}
