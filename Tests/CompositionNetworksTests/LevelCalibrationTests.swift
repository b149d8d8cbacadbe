import LinearAlgebra
import Regression
import Testing

import CompositionNetworks

@Suite struct LevelCalibrationTests {
  @Test func rightDistributionsKeepTheirLevels() {
    let calibration = LevelCalibration((1...999).map { Double($0) / 1000 })
    for p in [0.001, 0.05, 0.3, 0.5, 0.95, 0.999] { #expect(abs(calibration.level(p) - p) < 1e-3) }
  }

  /// Values lie in the middle of distributions that are too wide, and at the ends of those too narrow.
  @Test func intervalsGrowOrShrinkToHold() {
    var generator = SeededGenerator(seed: 8)
    let uniform = (0..<4000).map { _ in generator.uniform() }
    let wide = LevelCalibration(uniform.map { 0.25 + 0.5 * $0 })
    #expect(abs(wide.level(0.05) - 0.275) < 0.01 && abs(wide.level(0.95) - 0.725) < 0.01)
    let narrow = uniform.map { $0 < 0.5 ? 2 * $0 * $0 : 1 - 2 * (1 - $0) * (1 - $0) }
    let calibration = LevelCalibration(narrow)
    let (low, high) = (calibration.level(0.05), calibration.level(0.95))
    #expect(low < 0.01 && high > 0.99)
    // What it promises, it holds.
    let inside = narrow.filter { low <= $0 && $0 <= high }.count
    #expect(abs(Double(inside) / 4000 - 0.9) < 0.01)
  }

  @Test func levelsRiseAndStayWithinOne() {
    let calibration = LevelCalibration((0..<40).map { 0.3 + 0.01 * Double($0) })
    let levels = (0...1000).map { calibration.level(Double($0) / 1000) }
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(levels.allSatisfy { (0...1).contains($0) })
    // Too few to tell.
    #expect(LevelCalibration([0.9, 0.95]).level(0.1) == 0.1)
  }
}
