import Regression
import TestSupport
import Testing

/// Reference values from scipy.stats.norm (SciPy 1.17): cdf, logcdf, ppf.
@Suite struct NormalDistributionTests {
  @Test(arguments: [
    (-37.5, 4.605353009581954e-308, -707.6689893175072), (-10, 7.61985302416047e-24, -53.23128515051248),
    (-1.3, 0.09680048458561036, -2.335103278662442), (0, 0.5, -0.6931471805599453),
    (0.7, 0.758036347776927, -0.2770239422771313), (8, 0.9999999999999993, -6.220960574271742e-16),
  ])
  func cumulative(z: Double, value: Double, logValue: Double) {
    #expect(isClose(NormalDistribution.cumulative(z), value, relative: 1e-11))
    #expect(isClose(NormalDistribution.logCumulative(z), logValue, relative: 1e-12, absolute: 0))
  }

  @Test func logCumulativeReachesFarTails() {
    #expect(isClose(NormalDistribution.logCumulative(-40), -804.6084420137539, relative: 1e-12))
    // The branches meet at -30 without a step.
    let step = NormalDistribution.logCumulative((-30.0).nextUp) - NormalDistribution.logCumulative(-30)
    #expect(abs(step) < 1e-9)
    #expect(NormalDistribution.logCumulative(-1e150).isFinite)
  }

  @Test(arguments: [
    (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-5, -4.264890793922825),
    (0.025, -1.9599639845400545), (0.3, -0.5244005127080409), (0.9, 1.2815515655446004),
    (0.999999, 4.753424308817087),
  ])
  func quantile(p: Double, z: Double) {
    #expect(isClose(NormalDistribution.quantile(p), z, relative: 1e-9))
  }

  @Test func quantileOfTheEdges() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(0.5).magnitude < 1e-15)
    #expect(NormalDistribution.quantile(-0.1).isNaN && NormalDistribution.quantile(1.1).isNaN)
  }

  @Test(arguments: [-50.0, -8, 0, 3])
  func inverseMillsIsTheSlopeOfTheLog(z: Double) {
    let slope = centralDifferences(of: { NormalDistribution.logCumulative($0[0]) }, at: [z])[0]
    #expect(isClose(NormalDistribution.inverseMills(z), slope, relative: 1e-6))
  }
}
