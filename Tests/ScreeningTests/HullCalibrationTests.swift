import LinearAlgebra
import Screening
import Stability
import TestSupport
import Testing

struct HullCalibrationTests {
  /// Rows whose distances crowd above the hull more than their predicted probabilities say.
  private func rows(_ count: Int, seed: UInt64) -> (predicted: [[Double]], distances: [Double]) {
    var generator = SeededGenerator(seed: seed)
    var predicted: [[Double]] = []
    var distances: [Double] = []
    for _ in 0..<count {
      let center = generator.uniform() * 0.2 - 0.05
      predicted.append(HullProbability.thresholds.map { min(1, max(0, 0.5 + ($0 - center) / 0.3)) })
      distances.append(center + 0.02 * generator.normal())
    }
    return (predicted, distances)
  }

  @Test func calibratedProbabilitiesComeTrue() throws {
    let (predicted, distances) = rows(2000, seed: 1)
    let calibration = try #require(HullCalibration(predicted: predicted, distances: distances))
    #expect(calibration.rows == 2000)
    let (fresh, outcomes) = rows(4000, seed: 2)
    for (k, limit) in HullProbability.thresholds.enumerated() {
      let happened = outcomes.map { $0 <= limit ? 1.0 : 0.0 }
      func brier(_ p: [Double]) -> Double { zip(p, happened).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 4000 }
      let raw = fresh.map { $0[k] }
      let calibrated = fresh.map { calibration($0)[k] }
      #expect(brier(calibrated) < 0.8 * brier(raw))
      let likely = calibrated.indices.filter { (0.6...0.9).contains(calibrated[$0]) }
      let mean = likely.reduce(0) { $0 + calibrated[$1] } / Double(max(1, likely.count))
      let share = likely.reduce(0) { $0 + happened[$1] } / Double(max(1, likely.count))
      #expect(likely.isEmpty || abs(mean - share) < 0.1)
    }
  }

  @Test func probabilitiesNeverFallWithTheLimit() throws {
    let (predicted, distances) = rows(300, seed: 3)
    let calibration = try #require(HullCalibration(predicted: predicted, distances: distances))
    for row in predicted {
      let calibrated = calibration(row)
      #expect(zip(calibrated, calibrated.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(calibrated.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test func fewRowsSayNothing() {
    let (predicted, distances) = rows(99, seed: 4)
    #expect(HullCalibration(predicted: predicted, distances: distances) == nil)
  }
}
