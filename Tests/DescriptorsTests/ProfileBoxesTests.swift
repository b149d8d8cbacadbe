import Descriptors
import LinearAlgebra
import Testing

@Suite struct ProfileBoxesTests {
  private let width = ProfileBoxes.segments

  /// Σ max(0, |a − b| − 1): what bytes that were rounded may say of a distance.
  private func distance(_ a: ArraySlice<UInt8>, _ b: [UInt8]) -> UInt32 {
    zip(a, b).reduce(0) { $0 + UInt32(max(0, abs(Int($1.0) - Int($1.1)) - 1)) }
  }

  @Test(arguments: [0, 1, 64, 65, 1500]) func visitsAllWithinReachOnce(count: Int) {
    var generator = SeededGenerator(seed: 5)
    // Few values, so that many bytes are equal.
    let codes = (0..<count * width).map { _ in UInt8(generator.index(below: 4) * 20) }
    let boxes = ProfileBoxes(codes)
    #expect(boxes.order.sorted() == Array(0..<count))
    for reach in [UInt32(0), 150, 320, 5000] {
      let query = (0..<width).map { _ in UInt8(generator.index(below: 70)) }
      var seen: [Int] = []
      boxes.visit(near: query, reach: reach) { place, reach in
        seen.append(boxes.order[place])
        return reach
      }
      let wanted = (0..<count).filter { distance(codes[$0 * width..<($0 + 1) * width], query) <= reach }
      #expect(seen.sorted() == wanted)
    }
  }

  /// More profiles than a box holds, all alike, still end up in boxes.
  @Test func equalProfilesArePartedByNumber() {
    let boxes = ProfileBoxes([UInt8](repeating: 7, count: 500 * width))
    var count = 0
    boxes.visit(near: [UInt8](repeating: 7, count: width), reach: 0) { _, reach in
      count += 1
      return reach
    }
    #expect(count == 500)
  }

  @Test func aShrinkingReachEndsTheVisit() {
    let codes = (0..<1000).flatMap { [UInt8](repeating: UInt8($0 / 4), count: width) }
    var visited = 0
    ProfileBoxes(codes).visit(near: [UInt8](repeating: 100, count: width), reach: .max) { _, _ in
      visited += 1
      return 0
    }
    #expect((1...64).contains(visited))
  }
}
