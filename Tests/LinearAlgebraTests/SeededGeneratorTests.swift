import LinearAlgebra
import Testing

@Suite struct SeededGeneratorTests {
  /// The published sequence of SplitMix64 for seed 1234567 (Vigna's reference implementation).
  @Test func referenceSequence() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in generator.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func normalsHaveTheirMoments() {
    var generator = SeededGenerator(seed: 3)
    let draws = (0..<200_000).map { _ in generator.normal() }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + $1 * $1 } / Double(draws.count)
    let kurtosis = draws.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(draws.count)
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
    #expect(abs(kurtosis - 3) < 0.1)
  }

  @Test func permutationsHoldEverything() {
    var generator = SeededGenerator(seed: 5)
    let permutation = generator.permutation(100)
    #expect(permutation.sorted() == Array(0..<100))
    #expect(permutation != Array(0..<100))
  }

  @Test func streamsDifferAndRepeat() {
    let parent = SeededGenerator(seed: 9)
    var streams = (0..<4).map { parent.stream($0) }
    let first = streams.indices.map { streams[$0].next() }
    #expect(Set(first).count == 4)
    var again = parent.stream(2)
    #expect(again.next() == first[2])
  }
}
