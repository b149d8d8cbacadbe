import LinearAlgebra
import Regression
import Testing

/// Rows of which a value has a probability of its own, and nothing lies below it.
@Suite struct RowQuantilesLeastValueTests {
  private let probabilities = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95]

  @Test func intervalsThatBeginAtTheLeastValueHoldNoMoreThanTheirLevel() {
    let values = Matrix(rows: 2, columns: 6, elements: [0, 0, 0, 0.1, 0.3, 0.9, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    let quantiles = RowQuantiles(probabilities: probabilities, values: values, least: 0)
    let (lower, upper) = quantiles.interval(0.9)
    // The first has all that is outside above; the second has half of it on either side.
    func agree(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }
    #expect(agree(lower, [0, 0.2]) && agree(upper, [0.3, 0.7]))
    #expect(agree(RowQuantiles(probabilities: probabilities, values: values).interval(0.9).upper, [0.9, 0.7]))
    // Beyond the grid too.
    #expect(quantiles.quantile(0.001).allSatisfy { $0 >= 0 })
    #expect(quantiles.interval(0.99).lower[0] == 0)
    // At least the last of the probabilities whose quantile is the least value.
    #expect(abs(quantiles.probabilities(below: 0)[0] - 0.5) < 1e-9)
  }
}
