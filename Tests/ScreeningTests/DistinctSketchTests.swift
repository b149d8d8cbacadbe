import LinearAlgebra
import Screening
import Testing

@Suite struct DistinctSketchTests {
  @Test(arguments: [10, 1000, 20_000, 500_000]) func countsToTwoPercent(count: Int) {
    var generator = SeededGenerator(seed: 1)
    let hashes = (0..<count).map { _ in generator.next() }
    var sketch = DistinctSketch()
    for hash in hashes + hashes.prefix(count / 2) { sketch.insert(hash) }
    #expect(abs(sketch.estimate / Double(count) - 1) < 0.025, "\(sketch.estimate)")
  }

  @Test func mergingIsTheUnion() {
    var generator = SeededGenerator(seed: 2)
    let hashes = (0..<5000).map { _ in generator.next() }
    var whole = DistinctSketch()
    var (first, second) = (DistinctSketch(), DistinctSketch())
    for (i, hash) in hashes.enumerated() {
      whole.insert(hash)
      if i < 3000 { first.insert(hash) }
      if i >= 2000 { second.insert(hash) }
    }
    var merged = second
    merged.merge(first)
    #expect(merged == whole)
  }
}
