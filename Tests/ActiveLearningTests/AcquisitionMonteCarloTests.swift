import ActiveLearning
import Foundation
import LinearAlgebra
import Regression
import Testing
import TestSupport

/// Every acquisition against the integral it stands for.
@Suite struct AcquisitionMonteCarloTests {
  @Test(arguments: [(0.3, 1.2, 0.5), (-1, 0.7, 0.2), (2, 0.4, 1.5)])
  func improvementProbabilityAndBound(mean: Double, deviation: Double, best: Double) {
    var brute = MonteCarlo(seed: 1)
    brute.expect(
      Acquisition.expectedImprovement(best: best).value(mean: mean, standardDeviation: deviation), "EI"
    ) { max(0, mean + deviation * $0.normal() - best) }
    brute.expect(
      exp(Acquisition.logExpectedImprovement(best: best).value(mean: mean, standardDeviation: deviation)), "log EI"
    ) { max(0, mean + deviation * $0.normal() - best) }
    brute.expect(
      Acquisition.probability(above: best).value(mean: mean, standardDeviation: deviation), "PI"
    ) { mean + deviation * $0.normal() > best ? 1 : 0 }
    // μ + βσ with β = √(π/2)·ω is E[max over a pair], as |Z| has mean √(2/π): a check of the scale of β.
    brute.expect(
      Acquisition.confidenceBound(beta: 1).value(mean: mean, standardDeviation: deviation), "UCB"
    ) { mean + deviation * abs($0.normal()) * (Double.pi / 2).squareRoot() }
  }

  @Test func knowledgeGradientIsTheExpectedGainOfTheBestMean() {
    let means = [0.2, 0.5, 0.45, -0.3, 0.5, -2]
    let slopes = [0.9, 0.1, -0.6, 1.4, 0.1, 0.2]
    var brute = MonteCarlo(seed: 2)
    brute.expect(KnowledgeGradient.value(means: means, slopes: slopes), "KG") { generator in
      let z = generator.normal()
      return (zip(means, slopes).map { $0 + $1 * z }.max() ?? 0) - 0.5
    }
    #expect(KnowledgeGradient.value(means: means, slopes: [Double](repeating: 0.3, count: 6)) == 0)
    var generator = SeededGenerator(seed: 3)
    for trial in 0..<20 {
      let a = (0..<12).map { _ in generator.normal() }
      let b = (0..<12).map { _ in generator.normal() }
      var check = MonteCarlo(seed: UInt64(trial), count: 200_000)
      check.expect(KnowledgeGradient.value(means: a, slopes: b), "KG of trial \(trial)") { g in
        let z = g.normal()
        return (zip(a, b).map { $0 + $1 * z }.max() ?? 0) - (a.max() ?? 0)
      }
    }
  }

  /// Kullback–Leibler form: I(f; f*) averaged over f | f ≤ f*, of log p(f | f ≤ f*)/p(f) without noise,
  /// and the same for y with noise.
  @Test(arguments: [0.0, 0.4])
  func maxValueEntropy(noise: Double) {
    let (mean, deviation, maximum) = (0.3, 0.8, 0.6)
    let total = (deviation * deviation + noise * noise).squareRoot()
    let gamma = (maximum - mean) / deviation
    let exact = MaxValueEntropySearch.value(
      mean: mean, deviation: deviation, noiseDeviation: noise, maxima: [maximum])
    // H(y) − H(y | f ≤ f*) = H(y) + E[log p(y | f ≤ f*)], sampled by rejection.
    var brute = MonteCarlo(seed: 4)
    brute.expect(exact, "MES with noise \(noise)") { generator in
      var f = 0.0
      repeat { f = mean + deviation * generator.normal() } while f > maximum
      let y = f + noise * generator.normal()
      let u = (y - mean) / total
      var logDensity = NormalDistribution.logDensity(u) - log(total) - NormalDistribution.logCumulative(gamma)
      if noise > 0 {
        let posteriorMean = mean + deviation * deviation / (total * total) * (y - mean)
        let posteriorDeviation = deviation * noise / total
        logDensity += NormalDistribution.logCumulative((maximum - posteriorMean) / posteriorDeviation)
      }
      return 0.5 * log(2 * Double.pi * M_E * total * total) + logDensity
    }
  }

  @Test func noisyMaxValueEntropyTendsToTheExactOne() {
    let exact = MaxValueEntropySearch.value(mean: 0, deviation: 1, maxima: [0.5, 1.5])
    let nearly = MaxValueEntropySearch.value(mean: 0, deviation: 1, noiseDeviation: 0.01, maxima: [0.5, 1.5])
    #expect(abs(exact - nearly) < 0.02)
    #expect(MaxValueEntropySearch.value(mean: 0, deviation: 1, noiseDeviation: 3, maxima: [0.5]) < exact)
  }

  @Test func constrainedImprovementAtACost() {
    // Conductivity above −3, hull distance below 0.05 eV/atom, window of at least 2 V, uncertain cost.
    let hull = OutcomeConstraint(upper: 0.05)
    let window = OutcomeConstraint(lower: 2, upper: 6)
    let acquisition = ConstrainedImprovement(best: -3, costExponent: 0.7)
    let exact = exp(
      acquisition.logValue(
        mean: -2.8, standardDeviation: 0.6,
        logFeasibilities: [
          hull.logProbability(mean: 0.04, standardDeviation: 0.03),
          window.logProbability(mean: 2.3, standardDeviation: 0.5),
        ], logCost: 1.1, logCostDeviation: 0.4))
    var brute = MonteCarlo(seed: 5)
    brute.expect(exact, "constrained EI per cost") { g in
      let gain = max(0, -2.8 + 0.6 * g.normal() + 3)
      let met = 0.04 + 0.03 * g.normal() <= 0.05
      let v = 2.3 + 0.5 * g.normal()
      let cost = exp(1.1 + 0.4 * g.normal())
      return met && v >= 2 && v <= 6 ? gain / pow(cost, 0.7) : 0
    }
    #expect(hull.logProbability(mean: 0.04, standardDeviation: 0) == 0)
    #expect(hull.logProbability(mean: 0.06, standardDeviation: 0) == -.infinity)
    let far = OutcomeConstraint(lower: 50, upper: 51).logProbability(mean: 0, standardDeviation: 1)
    #expect(isClose(far, NormalDistribution.logCumulative(-50), relative: 1e-9))
    #expect(ConstrainedImprovement.cooledExponent(spent: 25, budget: 100) == 0.75)
  }

  @Test func poolInformationIsMutualInformation() {
    // A bivariate normal of two measurements: log p(a, b)/(p(a)·p(b)) averaged.
    let (variance, other, covariance, noise) = (1.3, 0.8, 0.7, 0.2)
    let exact = PoolInformation.value(
      covariances: [covariance], variance: variance, poolVariances: [other], noiseVariance: noise)
    let (a, b) = (variance + noise, other + noise)
    let rho = covariance / (a * b).squareRoot()
    var brute = MonteCarlo(seed: 6)
    brute.expect(exact, "information") { g in
      let u = g.normal()
      let v = rho * u + (1 - rho * rho).squareRoot() * g.normal()
      let joint = -(u * u - 2 * rho * u * v + v * v) / (2 * (1 - rho * rho)) - 0.5 * log(1 - rho * rho)
      return joint + (u * u + v * v) / 2
    }
    let mean = PoolInformation.value(
      covariances: [covariance, 0], variance: variance, poolVariances: [other, 2], noiseVariance: noise)
    #expect(isClose(mean, exact / 2))
    // The variance that remains at the other candidate, by conditioning on sampled values.
    brute.expect(
      1 - PoolInformation.varianceReduction(
        covariances: [covariance], variance: variance, poolVariances: [other], noiseVariance: noise),
      "variance left"
    ) { g in
      let f = variance.squareRoot() * g.normal()
      let slope = covariance / variance
      let second = slope * f + (other - slope * covariance).squareRoot() * g.normal()
      let y = f + noise.squareRoot() * g.normal()
      let residual = second - covariance / a * y
      return residual * residual / other
    }
  }

  @Test(arguments: [-1.5, -0.2, 0.4])
  func censoredInformation(limit: Double) {
    let (mean, deviation, noise) = (0.1, 0.9, 0.3)
    let total = (deviation * deviation + noise * noise).squareRoot()
    var brute = MonteCarlo(seed: 7)
    // E[log p(y | f)/p(y)], with probabilities of "below" in place of densities there.
    brute.expect(
      CensoredMeasurement.information(mean: mean, deviation: deviation, noiseDeviation: noise, limit: limit),
      "censored information"
    ) { g in
      let f = mean + deviation * g.normal()
      let y = f + noise * g.normal()
      if y <= limit {
        return NormalDistribution.logCumulative((limit - f) / noise)
          - NormalDistribution.logCumulative((limit - mean) / total)
      }
      return NormalDistribution.logDensity((y - f) / noise) - log(noise)
        - NormalDistribution.logDensity((y - mean) / total) + log(total)
    }
    brute.expect(
      CensoredMeasurement.improvement(mean: mean, deviation: deviation, best: -0.2, ceiling: 0.8), "ceiling"
    ) { max(0, min(0.8, mean + deviation * $0.normal()) + 0.2) }
  }

  @Test func uncensoredLimitGivesTheWholeInformation() {
    let whole = CensoredMeasurement.information(mean: 0, deviation: 1, noiseDeviation: 0.5, limit: -60)
    #expect(isClose(whole, 0.5 * log(5), relative: 1e-6))
    #expect(CensoredMeasurement.information(mean: 0, deviation: 1, noiseDeviation: 0.5, limit: 60) < 1e-9)
  }
}
