import ActiveLearning
import LinearAlgebra
import Testing

@Suite struct ParetoFrontTests {
  @Test func frontsOfKnownPoints() {
    let points: [[Double]] = [[1, 5], [3, 3], [5, 1], [2, 2], [1, 1], [3, 3]]
    #expect(ParetoFront.fronts(points) == [1, 1, 1, 2, 3, 1])
    #expect(ParetoFront.fronts([[3], [1], [3], [2]]) == [1, 3, 1, 2])
    #expect(ParetoFront.fronts([]) == [])
  }

  /// No point dominates another of its front, and each later point is dominated by an earlier front.
  @Test(arguments: 2...4)
  func frontsAreConsistent(objectives: Int) {
    var generator = SeededGenerator(seed: UInt64(objectives))
    let points = (0..<80).map { _ in (0..<objectives).map { _ in Double(generator.index(below: 6)) } }
    let fronts = ParetoFront.fronts(points)
    for i in points.indices {
      for j in points.indices where fronts[i] == fronts[j] {
        #expect(!ParetoFront.dominates(points[i], points[j]))
      }
      if fronts[i] > 1 {
        #expect(
          points.indices.contains {
            fronts[$0] == fronts[i] - 1 && ParetoFront.dominates(points[$0], points[i])
          })
      }
    }
  }
}
