import Foundation
import LinearAlgebra
import Testing

/// Brute force: averages over seeded samples, with their standard error.
struct MonteCarlo {
  var generator: SeededGenerator
  let count: Int

  init(seed: UInt64, count: Int = 400_000) {
    generator = SeededGenerator(seed: seed)
    self.count = count
  }

  /// The mean of `sample` and its standard error.
  mutating func mean(_ sample: (inout SeededGenerator) -> Double) -> (value: Double, error: Double) {
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<count {
      let x = sample(&generator)
      sum += x
      squares += x * x
    }
    let mean = sum / Double(count)
    return (mean, ((squares / Double(count) - mean * mean) / Double(count)).squareRoot())
  }

  /// Expects an exact value within four and a half standard errors of the average.
  mutating func expect(
    _ exact: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ sample: (inout SeededGenerator) -> Double
  ) {
    let (value, error) = mean(sample)
    #expect(
      abs(exact - value) <= 4.5 * error + 1e-12, "\(what): \(exact) is not \(value) ± \(error)",
      sourceLocation: sourceLocation)
    #expect(error < 0.04 * max(abs(value), 0.01), "\(what): too few samples to tell", sourceLocation: sourceLocation)
  }
}
