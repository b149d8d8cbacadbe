import Chemistry
import Foundation
import LinearAlgebra
import Stability
import TestSupport
import Testing

struct HullProbabilityTests {
  let diagram: PhaseDiagram

  init() throws {
    diagram = try PhaseDiagram([phase("Li2S", -1.5), phase("P2S5", -0.4), phase("Li3P", -0.7)])
  }

  private func probability(
    _ candidates: [UncertainPhase], _ correlation: ErrorCorrelation = .none, draws: Int = 4000
  ) throws -> [HullProbability] {
    try diagram.hullProbabilities(of: candidates, correlation: correlation, draws: draws).map { try $0.get() }
  }

  @Test func aloneItIsTheNormalDistribution() throws {
    let hull = try diagram.hullEnergyExcludingSelf(at: composition("Li3PS4"))
    let candidate = UncertainPhase(composition("Li3PS4"), mean: hull + 0.05, standardDeviation: 0.05)
    let found = try probability([candidate])[0]
    // One deviation below, half of one, none, one above.
    expectClose(found.probabilities, [0.158655253931, 0.308537538726, 0.5, 0.841344746069], relative: 1e-8)
    expectClose([found.mean, found.standardDeviation], [0.05, 0.05])
  }

  @Test func heavyTailsAreCarriedThrough() throws {
    let hull = try diagram.hullEnergyExcludingSelf(at: composition("Li3PS4"))
    let shape = ErrorShape.empirical((0..<999).map { (Double($0) - 499) / 250 })
    let alone = UncertainPhase(composition("Li3PS4"), mean: hull + 0.1, standardDeviation: 0.1)
    let exact = try diagram.hullProbabilities(of: [alone], correlation: .none, shape: shape)[0].get()
    // Uniform from −2 to 2 deviations: a quarter lies below −1, a half below 0.
    expectClose(exact.probabilities, [0.25, 0.3125, 0.375, 0.5], absolute: 2e-3)
    // A rival that never matters (errors end at two deviations) makes the same answer come from samples.
    let above = try diagram.hullEnergy(at: composition("Li4P2S7")) + 0.25
    let rival = UncertainPhase(composition("Li4P2S7"), mean: above, standardDeviation: 0.1)
    let drawn = try diagram.hullProbabilities(
      of: [alone, rival], correlation: .none, shape: shape, draws: 20000)[0].get()
    #expect(abs(drawn.probabilities[0] - 0.25) < 0.02)
  }

  @Test func certainCandidateIsAStep() throws {
    let hull = try diagram.hullEnergyExcludingSelf(at: composition("Li3PS4"))
    let candidate = UncertainPhase(composition("Li3PS4"), mean: hull + 0.03, standardDeviation: 0)
    #expect(try probability([candidate])[0].probabilities == [0, 0, 1, 1])
  }

  @Test func samplingAgreesWithTheDifferenceOfTwoNormals() throws {
    // A rival at nearly the same place, deep below the known hull, so that only the two matter: the
    // distance is normal with variance σ²·2·(1 − ρ).
    let (own, rival) = (composition("Li3PS4"), composition("Li3.0001PS4"))
    for (strength, expected) in [(0.0, 0.1 * 2.0.squareRoot()), (0.75, 0.1 * 0.5.squareRoot())] {
      let found = try probability(
        [UncertainPhase(own, mean: -3, standardDeviation: 0.1), UncertainPhase(rival, mean: -3, standardDeviation: 0.1)],
        ErrorCorrelation(strength: strength, length: 10), draws: 20000)[0]
      #expect(abs(found.standardDeviation - expected) < 0.003, "\(strength): \(found)")
      #expect(abs(found.mean) < 0.003)
      #expect(abs(found.probabilities[0] - 0.5) < 0.015)
      let within = 0.5 * erfc(-0.1 / expected / 2.0.squareRoot())
      #expect(abs(found.probabilities[3] - within) < 0.015)
    }
  }

  @Test func commonErrorsCancel() throws {
    let candidates = [
      UncertainPhase(composition("Li3PS4"), mean: -1.45, standardDeviation: 0.15),
      UncertainPhase(composition("Li7PS6"), mean: -1.45, standardDeviation: 0.15),
      UncertainPhase(composition("Li4P2S7"), mean: -1.3, standardDeviation: 0.15),
    ]
    let apart = try probability(candidates)
    let together = try probability(candidates, ErrorCorrelation(strength: 0.95, length: 5))
    for (a, b) in zip(apart, together) { #expect(b.standardDeviation < a.standardDeviation) }
  }

  @Test func answersDependOnTheSeedAloneNotOnThreads() throws {
    let candidates = ["Li3PS4", "Li7PS6", "Li4P2S7", "Li4P2S6", "LiPS3"].map {
      UncertainPhase(composition($0), mean: -1.2, standardDeviation: 0.1)
    }
    let one = diagram.hullProbabilities(of: candidates, correlation: .learned, draws: 200, seed: 3, threads: 1)
    #expect(one == diagram.hullProbabilities(of: candidates, correlation: .learned, draws: 200, seed: 3, threads: 2))
    #expect(one != diagram.hullProbabilities(of: candidates, correlation: .learned, draws: 200, seed: 4, threads: 2))
    let last = candidates.count - 1
    #expect(
      diagram.hullProbabilities(of: candidates, asking: [last, 0], correlation: .learned, draws: 200, seed: 3)
        == [one[last], one[0]])
    let foreign = diagram.hullProbabilities(
      of: [UncertainPhase(composition("NaCl"), mean: -1, standardDeviation: 0.1)], correlation: .none)
    #expect(throws: StabilityError.self) { try foreign[0].get() }
  }

  @Test func correlationIsRecoveredFromResiduals() throws {
    // Residuals drawn with a known correlation on a line of compositions.
    let truth = ErrorCorrelation(strength: 0.8, length: 0.2)
    let n = 400
    let points = (0..<n).map { i in composition("Li\(Double(i % 80 + 1) / 81)P\(Double(i / 80 + 1) / 6)S") }
    var covariance = Matrix(rows: n, columns: n, elements: [Double](repeating: 0, count: n * n))
    for i in 0..<n { for j in 0..<n { covariance[i, j] = truth(points[i], points[j]) + (i == j ? 1e-6 : 0) } }
    let factor = try Cholesky(of: covariance)
    var generator = SeededGenerator(seed: 8)
    var sums = (0.0, 0.0)
    let rounds = 12
    for _ in 0..<rounds {
      let z = (0..<n).map { _ in generator.normal() }
      let residuals = (0..<n).map { i in (0...i).reduce(0) { $0 + factor.lower[i, $1] * z[$1] } }
      let found = try #require(ErrorCorrelation.fitted(points, residuals: residuals))
      sums.0 += found.strength
      sums.1 += found(composition("LiPS"), composition("Li0.6PS"))
    }
    // Centred residuals are not assumed, so single draws scatter; their mean is near.
    #expect(abs(sums.0 / Double(rounds) - truth.strength) < 0.25)
    let independent = (0..<n).map { _ in generator.normal() }
    let none = try #require(ErrorCorrelation.fitted(points, residuals: independent))
    #expect(none(composition("LiPS"), composition("Li0.6PS")) < 0.2)
    #expect(ErrorCorrelation.fitted([], residuals: []) == nil)
  }
}
