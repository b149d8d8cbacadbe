import Campaigns
import Foundation
import LinearAlgebra
import Testing

/// Bytes that are no request, or nearly one: every answer is an error or a closed connection, and the server goes on.
@Suite(.serialized) struct MalformedRequestTests {
  /// Requests; more with SUPERIONIC_FUZZ=COUNT.
  static let count = ProcessInfo.processInfo.environment["SUPERIONIC_FUZZ"].flatMap(Int.init) ?? 150

  static let seeds = [
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "GET /api/scores?search=garnet&start=0&limit=10 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "POST /api/suggestions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 53\r\n\r\n{\"count\": -1, \"acquisition\": \"ei\", \"who\": \"a\", \"x\":0}",
    "POST /api/observations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 65\r\n\r\n{\"observations\": [{\"candidate\": \"LTP\", \"value\": \"no number at all\"}]}",
    "POST /decisions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 34\r\n\r\ncandidate=LTP&verdict=declined&x=%",
    "POST /api/decisions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
  ]

  /// A request with some bytes changed, cut, doubled or put in.
  static func mutated(_ generator: inout SeededGenerator) -> Data {
    var bytes = Array(seeds[generator.index(below: seeds.count)].utf8)
    let interesting: [UInt8] = [0, 9, 10, 13, 32, 34, 37, 38, 44, 45, 47, 58, 60, 92, 123, 127, 128, 192, 255]
    for _ in 0..<(1 + generator.index(below: 8)) where !bytes.isEmpty {
      let place = generator.index(below: bytes.count)
      switch generator.index(below: 5) {
      case 0: bytes[place] = UInt8(generator.index(below: 256))
      case 1: bytes[place] = interesting[generator.index(below: interesting.count)]
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + generator.index(below: 40))], at: place)
      default: bytes.removeLast(min(bytes.count - 1, generator.index(below: 30)))
      }
    }
    return Data(bytes)
  }

  @Test func noneStopsTheServerOrWrites() async throws {
    try await withServer({
      $0.limits.bodySeconds = 0.2
      $0.limits.idleSeconds = 0.4
    }) { client, store in
      let campaign = try Campaign(opening: store, actor: "check")
      let head = try campaign.store.head()
      var generator = SeededGenerator(seed: 5)
      var statuses: [Int: Int] = [:]
      for _ in 0..<Self.count {
        let request = Self.mutated(&generator)
        let answer = try await client.exchange(request, halfCloses: true)
        statuses[answer.status, default: 0] += 1
        // Nothing here is a fault of the server.
        #expect(answer.status < 500, "\(answer.status): \(String(decoding: request, as: UTF8.self))")
      }
      print("malformed requests: \(Self.count), by status \(statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))")
      #expect(statuses.keys.contains { (400..<500).contains($0) })
      #expect(try await client.send("GET", "/api/status").status == 200)
      // Some mutations leave a decision whole; nothing else can have been recorded.
      #expect(try campaign.store.snapshot().events.dropFirst(head).allSatisfy { $0.kind == .decided })
      #expect(try campaign.store.verify().isSound)
    }
  }
}
