import ActiveLearning
import Foundation
import LinearAlgebra
import Testing
import TestSupport

@Suite struct BatchTests {
  /// Samples of a pool on a line with squared-exponential covariance.
  static func samples(_ count: Int, pool: Int = 12, seed: UInt64) throws -> JointSamples {
    var covariance = Matrix(rows: pool, columns: pool)
    for i in 0..<pool {
      for j in 0..<pool { covariance[i, j] = exp(-0.5 * pow(Double(i - j) / 2, 2)) }
      covariance[i, i] += 1e-6
    }
    let factor = try Cholesky(of: covariance)
    var generator = SeededGenerator(seed: seed)
    let noise = Matrix(rows: count, columns: pool, elements: (0..<count * pool).map { _ in generator.normal() })
    var values = noise.multiplied(by: factor.lower, transposingOther: true)
    for i in 0..<count { for j in 0..<pool { values[i, j] += 0.3 * sin(Double(j)) } }
    return JointSamples(values)
  }

  @Test func thompsonWinnersFollowTheProbabilityOfBeingBest() throws {
    let samples = try Self.samples(40_000, seed: 1)
    let other = try Self.samples(40_000, seed: 2)
    let p = samples.bestProbabilities
    // An independent count of another 40,000 samples.
    var counted = [Double](repeating: 0, count: 12)
    for i in 0..<other.sampleCount {
      let row = other.values.row(i)
      let top = row.max() ?? 0
      for j in row.indices where row[j] == top { counted[j] += 1 / Double(other.sampleCount) }
    }
    expectClose(p, counted, relative: 0, absolute: 0.012, "P(best)")
    #expect(isClose(p.reduce(0, +), 1, relative: 1e-9))
    #expect(isClose(samples.topProbabilities(count: 3).reduce(0, +), 3, relative: 1e-9))
    #expect(samples.topProbabilities(count: 1) == p)
  }

  @Test func greedyBatchGainIsTheExpectedImprovementOfTheSet() throws {
    let samples = try Self.samples(50_000, seed: 3)
    let best = [Double](repeating: 0.8, count: samples.sampleCount)
    let chosen = GreedyBatch.choose(4, from: samples, best: best)
    let gain = chosen.reduce(0) { $0 + $1.gain }
    let set = chosen.map(\.candidate)
    #expect(isClose(gain, samples.improvement(of: set, over: 0.8), relative: 1e-9))
    // Brute force on fresh samples, and over all sets of four.
    let fresh = try Self.samples(50_000, seed: 4)
    #expect(abs(fresh.improvement(of: set, over: 0.8) - gain) < 0.03 * gain)
    var optimum = 0.0
    let few = JointSamples(fresh.values.selectingRows(0..<2000))
    for a in 0..<12 {
      for b in (a + 1)..<12 { for c in (b + 1)..<12 { for d in (c + 1)..<12 {
        optimum = max(optimum, few.improvement(of: [a, b, c, d], over: 0.8))
      } } }
    }
    #expect(few.improvement(of: set, over: 0.8) > 0.95 * optimum)
    #expect(zip(chosen, chosen.dropFirst()).allSatisfy { $0.gain >= $1.gain })
  }

  @Test func pendingCandidatesAreRespected() throws {
    let samples = try Self.samples(5000, seed: 5)
    let best = [Double](repeating: 0.5, count: samples.sampleCount)
    let first = try #require(GreedyBatch.choose(1, from: samples, best: best).first?.candidate)
    let next = GreedyBatch.choose(3, from: samples, best: best, pending: [first]).map(\.candidate)
    #expect(!next.contains(first))
    // A pending candidate is as good as chosen: the same batch goes on.
    #expect(GreedyBatch.choose(4, from: samples, best: best).map(\.candidate) == [first] + next)
  }

  @Test func quotasLimitFamilies() throws {
    let samples = try Self.samples(2000, seed: 6)
    let families = (0..<12).map { $0 < 9 ? "argyrodite" : $0 == 11 ? "" : "garnet" }
    let quota = FamilyQuota(families: families, limit: 2, exceptions: ["garnet": 1])
    let chosen = GreedyBatch.choose(
      6, from: samples, best: [Double](repeating: 0, count: 2000), isAllowed: quota.allows
    ).map(\.candidate)
    #expect(chosen.count { families[$0] == "argyrodite" } == 2)
    #expect(chosen.count { families[$0] == "garnet" } == 1)
    #expect(chosen.count == 4)
  }

  @Test func localPenaltyIsTheProbabilityOfLyingOutsideTheBall() {
    let penalty = LocalPenalisation(slope: 2, maximum: 1.5)
    var brute = MonteCarlo(seed: 7)
    // The ball around xⱼ has radius (M − f(xⱼ))/L.
    brute.expect(exp(penalty.logFactor(distance: 0.4, mean: 0.9, standardDeviation: 0.3)), "penalty") { g in
      (1.5 - (0.9 + 0.3 * g.normal())) / 2 < 0.4 ? 1 : 0
    }
    let values = [1.0, 0.99, 0.5, 0.98]
    let places = [0.0, 0.1, 5, 9]
    let chosen = penalty.choose(
      3, logValues: values, means: [1, 1, 0.5, 1], deviations: [0.3, 0.3, 0.3, 0.3],
      distance: { abs(places[$0] - places[$1]) })
    #expect(chosen == [0, 3, 2])
  }

  @Test func determinantalBatchHasTheLargestDeterminantStepByStep() throws {
    let places = [0.0, 0.2, 1.5, 3.1, 3.0, 7]
    let qualities = [1.0, 1.1, 0.8, 1, 0.9, 0.4]
    func similarity(_ i: Int, _ j: Int) -> Double { exp(-abs(places[i] - places[j])) }
    func determinant(_ set: [Int]) throws -> Double {
      var k = Matrix(rows: set.count, columns: set.count)
      for (a, i) in set.enumerated() {
        for (b, j) in set.enumerated() { k[a, b] = qualities[i] * qualities[j] * similarity(i, j) }
      }
      return exp(try Cholesky(of: k).logDeterminant)
    }
    let chosen = DiverseBatch.determinantal(4, qualities: qualities, similarity: similarity)
    for size in 1...4 {
      let held = Array(chosen.prefix(size - 1))
      let values = try (0..<6).filter { !held.contains($0) }.map { ($0, try determinant(held + [$0])) }
      #expect(values.max { $0.1 < $1.1 }?.0 == chosen[size - 1])
    }
  }

  @Test func kCentreCoversThePool() {
    var generator = SeededGenerator(seed: 8)
    let points = (0..<60).map { _ in (generator.uniform(), generator.uniform()) }
    func distance(_ i: Int, _ j: Int) -> Double {
      hypot(points[i].0 - points[j].0, points[i].1 - points[j].1)
    }
    let none = [Double](repeating: .infinity, count: 60)
    let chosen = DiverseBatch.kCentre(6, initialDistances: none, distance: distance)
    func radius(_ set: [Int]) -> Double {
      (0..<60).map { i in set.map { distance(i, $0) }.min() ?? 9 }.max() ?? 9
    }
    for _ in 0..<200 { #expect(radius(chosen) <= 2 * radius(Array(generator.permutation(60).prefix(6)))) }
    let centres = DiverseBatch.kCentre(4, initialDistances: none, distance: distance)
    let seven = DiverseBatch.kCentre(
      3, initialDistances: (0..<60).map { i in centres.map { distance(i, $0) }.min() ?? 0 }, distance: distance)
    #expect(Set(seven).isDisjoint(with: centres))
  }

  @Test func stoppingAdviceWeighsGainAgainstCost() throws {
    let samples = try Self.samples(20_000, seed: 9)
    let best = [Double](repeating: 1.5, count: samples.sampleCount)
    let advice = StoppingAdvice(samples: samples, best: best, tolerance: 0.1, costPerExperiment: 0.03, horizon: 12)
    let fresh = try Self.samples(20_000, seed: 10)
    let remaining = fresh.maxima.reduce(0) { $0 + max(0, $1 - 1.5) } / 20_000
    #expect(abs(advice.remainingGain - remaining) < 0.03)
    // All twelve measured is all that can be known.
    #expect(isClose(advice.gainCurve[11], advice.remainingGain, relative: 1e-9))
    #expect(advice.worthwhile > 0 && advice.worthwhile < 12)
    let dear = StoppingAdvice(samples: samples, best: best, tolerance: 0.1, costPerExperiment: 1)
    #expect(dear.saysStop)
    let done = fresh.maxima.count { $0 <= 1.6 }
    #expect(abs(advice.doneProbability - Double(done) / 20_000) < 0.02)
  }
}
