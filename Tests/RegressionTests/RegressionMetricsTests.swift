import Regression
import TestSupport
import Testing

@Suite struct RegressionMetricsTests {
  static let targets = [1.0, 2, 2, 3, 5, 8, 8, 8, -1, 0]
  static let censoring: [Censoring] = [
    .none, .left, .none, .none, .right, .none, .left, .none, .none, .right,
  ]
  static let prediction = Prediction(
    mean: [1.5, 1.5, 2, 2.5, 5, 7, 9, 9, 0, 0.25],
    standardDeviation: [0.5, 1, 2, 0.25, 1, 3, 0.5, 2, 1, 0.125])

  @Test func matchesScipyAndScikitLearn() throws {
    let metrics = RegressionMetrics(
      targets: Self.targets, censoring: Self.censoring, prediction: Self.prediction, level: 0.8)
    #expect(metrics.count == 10 && metrics.censoredCount == 4)
    expectClose(
      [
        try #require(metrics.meanAbsoluteError), try #require(metrics.rootMeanSquaredError),
        try #require(metrics.rSquared), try #require(metrics.spearman),
        metrics.negativeLogPredictiveDensity, try #require(metrics.coverage), metrics.meanWidth,
      ],
      [
        0.6666666666666666, 0.7637626158259734, 0.9496402877697842, 0.9814664828995511,
        1.3967942701751352, 0.8333333333333334, 2.9155298116139656,
      ])
  }

  @Test func ranksOfTiesAreTheirMean() {
    #expect(RankCorrelation.ranks([3, 1, 3, -2, 3]) == [4, 2, 4, 1, 4])
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [-1, -5, -6, -90]) == -1)
    #expect(RankCorrelation.spearman([1, 2, 3], [4, 4, 4]) == nil)
  }

  @Test func undefinedMetricsAreNil() {
    let metrics = RegressionMetrics(
      targets: [1, 2], censoring: [.left, .right],
      prediction: Prediction(mean: [0, 0], standardDeviation: [1, 1]))
    #expect(metrics.meanAbsoluteError == nil && metrics.rootMeanSquaredError == nil)
    #expect(metrics.rSquared == nil && metrics.coverage == nil && metrics.spearman == nil)
    // −(log Φ(1) + log Φ(−2))/2
    #expect(isClose(metrics.negativeLogPredictiveDensity, (0.17275377902344988 + 3.7831843336820317) / 2))
  }

  @Test func certaintyThatIsWrongStaysFinite() {
    let metrics = RegressionMetrics(
      targets: [1, 2], prediction: Prediction(mean: [1, 0], standardDeviation: [0, 0]))
    #expect(metrics.negativeLogPredictiveDensity.isFinite && metrics.negativeLogPredictiveDensity > 1e6)
    #expect(metrics.coverage == 0.5)
  }

  @Test func empiricalIntervalsUseTheirResiduals() {
    let prediction = Prediction(
      mean: [0, 10], standardDeviation: [1, 2], shape: .empirical([-4, -1, 0, 1, 2]))
    // (5 + 1)·0.75 rounds up to rank 5 from below for the upper, and from above for the lower.
    let metrics = RegressionMetrics(targets: [2, 1], prediction: prediction, level: 0.5)
    #expect(metrics.coverage == 0.5)
    #expect(metrics.meanWidth == 9)
  }

  @Test func transformsOfCalibratedPredictionsAreUniform() {
    // Targets at the quantiles (i + ½)/10 of a standard normal have PIT values half a step from both sides.
    let quantiles = (0..<10).map { NormalDistribution.quantile((Double($0) + 0.5) / 10) }
    let zero = [Double](repeating: 0, count: 10)
    func distance(_ deviation: Double) -> Double? {
      RegressionMetrics(
        targets: quantiles,
        prediction: Prediction(mean: zero, standardDeviation: [Double](repeating: deviation, count: 10))
      ).transformDistance
    }
    #expect(isClose(distance(1) ?? 0, 0.05, absolute: 1e-9))
    // Claims of near certainty put all PIT values at 0 or 1.
    #expect(isClose(distance(1e-6) ?? 0, 0.5, absolute: 1e-9))
    #expect(RegressionMetrics(targets: [1], censoring: [.left], prediction: Prediction(mean: [0], standardDeviation: [1])).transformDistance == nil)
  }
}
