import LinearAlgebra
import Testing

@Suite struct ThreadsTests {
  @Test(arguments: [1, 2, 7], [0, 1, 10, 1001])
  func everyIndexIsVisitedOnce(limit: Int, count: Int) {
    var visits = [Int](repeating: 0, count: count)
    visits.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: count, chunkSize: 3, limit: limit) { range in
        for i in range { out[i] += i + 1 }
      }
    }
    #expect(visits == (0..<count).map { $0 + 1 })
  }
}
