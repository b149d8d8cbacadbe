import Testing

import CompositionNetworks

@Suite struct StepDropoutTests {
  private func masked(_ drop: StepDropout, row: Int, count: Int = 4000) -> [Float] {
    var x = [Float](repeating: 2, count: count)
    x.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { drop.mask(start, row: row, count: count) }
    }
    return x
  }

  @Test func whatIsKeptCountsForWhatIsDropped() {
    let x = masked(StepDropout(seed: 4, .init(pooled: 0.2)), row: 3)
    #expect(Set(x) == [0, 2.5])
    // 800 of 4,000, with a deviation of 25.
    #expect(abs(x.count { $0 == 0 } - 800) < 100)
    #expect(masked(StepDropout(seed: 4, .init(pooled: 0)), row: 3).allSatisfy { $0 == 2 })
  }

  /// The gradient must lose what the vector lost: the same seed and row drop the same, others do not.
  @Test func isFoundAgainBySeedAndRow() {
    let drop = StepDropout(seed: 4, .init(pooled: 0.5))
    #expect(masked(drop, row: 3) == masked(StepDropout(seed: 4, .init(pooled: 0.5)), row: 3))
    func agreement(_ other: [Float]) -> Double {
      Double(zip(masked(drop, row: 3), other).count { $0 == $1 }) / 4000
    }
    #expect(abs(agreement(masked(drop, row: 4)) - 0.5) < 0.05)
    #expect(abs(agreement(masked(StepDropout(seed: 5, .init(pooled: 0.5)), row: 3)) - 0.5) < 0.05)
  }

  @Test(arguments: [0, 0.15, 0.6]) func neighboursAreDroppedInTheirShare(share: Double) {
    let drop = StepDropout(seed: 7, .init(neighbours: share, pooled: 0.3))
    let dropped = (0..<10_000).count { drop.dropsNeighbour($0) }
    #expect(abs(Double(dropped) - 10_000 * share) <= 200)
  }
}
