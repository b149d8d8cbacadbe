import LinearAlgebra
import Regression
import TestSupport
import Testing

struct IsotonicRegressionTests {
  /// scikit-learn 1.9.1: IsotonicRegression().fit(x, y).predict(x)
  /// x = [1, 2, 3, 4, 5, 6, 7, 8], y = [1, 3, 2, 4, 3.5, 3.5, 6, 5] → [1, 2.5, 2.5, 11/3, 11/3, 11/3, 5.5, 5.5].
  @Test func poolsAdjacentViolators() {
    let fitted = IsotonicRegression([1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 2, 4, 3.5, 3.5, 6, 5])
    expectClose(fitted.values, [1, 2.5, 11.0 / 3, 5.5])
    expectClose(fitted.knots, [1, 2.5, 5, 7.5])
    expectClose([fitted(0), fitted(2.5), fitted(5), fitted(9)], [1, 2.5, 11.0 / 3, 5.5])
    expectClose([fitted(1.75)], [1.75])
  }

  @Test func orderAndTiesDoNotMatter() {
    let one = IsotonicRegression([3, 1, 2, 2, 1], [1, 0, 0, 1, 0])
    let other = IsotonicRegression([1, 1, 2, 2, 3], [0, 0, 1, 0, 1])
    #expect(one == other)
    expectClose(one.values, [0, 0.5, 1])
  }

  @Test func nothingIsTheIdentity() {
    #expect(IsotonicRegression([], [])(0.3) == 0.3)
  }

  @Test func valuesNeverFallAndKeepTheMean() {
    var generator = SeededGenerator(seed: 4)
    let x = (0..<500).map { _ in generator.uniform() }
    let y = x.map { generator.uniform() < $0 * $0 ? 1.0 : 0.0 }
    let fitted = IsotonicRegression(x, y)
    #expect(zip(fitted.values, fitted.values.dropFirst()).allSatisfy { $0 <= $1 })
    let cautious = IsotonicRegression(x, y, prior: 1)
    #expect(cautious(0) > 0)
    #expect(cautious(1) < 1)
    let grid = (0...100).map { Double($0) / 100 }
    let error = grid.reduce(0) { $0 + abs(cautious($1) - $1 * $1) } / Double(grid.count)
    #expect(error < 0.05)
  }
}
