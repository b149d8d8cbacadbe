import LinearAlgebra
import Regression
import Testing

@Suite struct RobustScaleTests {
  @Test func isTheDeviationOfNormalValuesAndIgnoresTheWild() {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<20_000).map { _ in 4 + 3 * generator.normal() }
    let clean = RobustScale.medianDeviation(of: values)
    #expect(abs(clean - 3) < 0.06)
    let wild = RobustScale.medianDeviation(of: values + [Double](repeating: 1e9, count: 200))
    #expect(abs(wild - clean) < 0.1)
    #expect(RobustScale.medianDeviation(of: [7, 7, 7]) == 0 && RobustScale.medianDeviation(of: []) == 0)
  }
}
