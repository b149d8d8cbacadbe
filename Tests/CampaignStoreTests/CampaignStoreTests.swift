import CampaignStore
import FileIO
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct CampaignStoreTests {
  static func make(_ path: String, candidates: Int = 5) throws -> CampaignStore {
    try CampaignStore.create(at: path, detail: ["target": "sigma"], actor: "anna") { writer in
      for i in 0..<candidates {
        try writer.insert(
          CandidateRecord(name: "c\(i)", formula: "Li\(i + 1)O", family: "oxide", extra: ["cost": "\(i)"]))
      }
    }
  }

  @discardableResult
  static func observe(_ store: CampaignStore, _ candidate: Int, _ value: Double) throws -> CampaignEvent {
    try store.append(.observed, detail: ["n": 1], actor: "ben") { writer in
      try writer.insert(
        ObservationRecord(candidate: candidate, property: "sigma", value: value, unit: "S/cm", noise: 0.1, who: "ben"))
    }
  }

  @Test func recordsComeBackAsTheyWentIn() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      try Self.observe(store, 2, 1e-3)
      try store.append(.suggested, detail: ["acquisition": "ei"], actor: "ben") { writer in
        try writer.insert(ModelRecord(property: "sigma", summary: "{}", archive: Data([1, 2, 255])))
        try writer.insert(SuggestionRecord(batch: 1, place: 1, candidate: 3, score: -0.25, explanation: "{}"))
        try writer.insert(SuggestionRecord(batch: 1, place: 2, candidate: 4, score: -0.5, explanation: "{}"))
      }
      try store.append(.decided, detail: [String: String](), actor: "ben") { writer in
        try writer.insert(DecisionRecord(candidate: 4, verdict: .declined, reason: "needs Ge"))
      }
      let state = try CampaignStore(opening: folder + "/a.campaign").snapshot(withModels: true)
      #expect(state.head == 4)
      #expect(state.candidates.map(\.name) == ["c0", "c1", "c2", "c3", "c4"])
      #expect(state.candidates[3].extra == ["cost": "3"] && state.candidates[3].id == 4)
      #expect(state.observations.first?.value == 1e-3 && state.observations.first?.noise == 0.1)
      #expect(state.models.first?.archive == Data([1, 2, 255]))
      #expect(state.pendingCandidates == [3])
      #expect(state.closedCandidates == [4])
      #expect(state.events.map(\.actor) == ["anna", "ben", "ben", "ben"])
      #expect(try store.verify().isSound)
    }
  }

  @Test func correctedAndRetractedObservationsStayInTheHistory() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      try Self.observe(store, 1, 5)
      try store.append(.observed, detail: ["why": "typing error"], actor: "anna") { writer in
        try writer.insert(
          ObservationRecord(candidate: 1, property: "sigma", value: 0.5, unit: "S/cm", supersedes: 1))
      }
      try Self.observe(store, 2, 7)
      try store.append(.decided, detail: ["why": "cracked pellet"], actor: "anna") { writer in
        try writer.insert(DecisionRecord(observation: 3, verdict: .retracted, reason: "cracked pellet"))
      }
      let state = try store.snapshot()
      #expect(state.observations.count == 3)
      #expect(state.currentObservations.map(\.value) == [0.5])
      #expect(try store.snapshot(at: 2).currentObservations.map(\.value) == [5])
    }
  }

  @Test func anyPastStateIsRebuiltByteForByte() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      var dumps = [try store.dump()]
      for i in 1...4 {
        try Self.observe(store, i, Double(i) / 7)
        dumps.append(try store.dump())
      }
      for (index, dump) in dumps.enumerated() {
        #expect(try store.dump(at: index + 1) == dump)
        let copy = try store.rebuild(at: index + 1, to: folder + "/past\(index).campaign")
        #expect(try copy.dump() == dump)
        let found = try copy.verify()
        let hash = try store.snapshot(at: index + 1).events.last?.hash
        #expect(found.isSound && found.head == hash)
        // A rebuilt past can be gone on from.
        try Self.observe(copy, 5, 1)
        #expect(try copy.verify().isSound)
      }
      #expect(throws: CampaignStoreError.noSuchEvent(6, last: 5)) { try store.dump(at: 6) }
      #expect(throws: CampaignStoreError.noSuchEvent(0, last: 5)) { try store.snapshot(at: 0) }
    }
  }

  struct Tampering: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let sql: String
  }

  static let tamperings = [
    Tampering(testDescription: "value", sql: "UPDATE observations SET value = 9 WHERE id = 1"),
    Tampering(
      testDescription: "last digit", sql: "UPDATE observations SET value = value * (1 + 2.3e-16) WHERE id = 2"),
    Tampering(testDescription: "who", sql: "UPDATE events SET actor = 'eve' WHERE seq = 2"),
    Tampering(testDescription: "time", sql: "UPDATE events SET time = '2020' WHERE seq = 1"),
    Tampering(testDescription: "detail", sql: "UPDATE events SET detail = '{}' WHERE seq = 3"),
    Tampering(testDescription: "candidate", sql: "UPDATE candidates SET formula = 'Li2O' WHERE id = 5"),
    Tampering(testDescription: "row gone", sql: "DELETE FROM observations WHERE id = 2"),
    Tampering(
      testDescription: "row slipped in",
      sql:
        "INSERT INTO observations SELECT 99, 2, 1, property, 1, unit, 0, noise, '', who, '', '', NULL FROM observations LIMIT 1"
    ),
    Tampering(testDescription: "event gone", sql: "DELETE FROM observations WHERE event = 3; DELETE FROM events WHERE seq = 3"),
    Tampering(
      testDescription: "moved to another event", sql: "UPDATE observations SET event = 3 WHERE id = 1"),
  ]

  @Test(arguments: tamperings)
  func tamperingShows(tampering: Tampering) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.campaign"
      let store = try Self.make(path)
      for i in 1...3 { try Self.observe(store, i, Double(i)) }
      #expect(try store.verify().isSound)
      let outside = try DatabaseQueue(path: path)
      try outside.writeWithoutTransaction { db in
        // As the program itself never could.
        #expect(throws: DatabaseError.self) { try db.execute(sql: tampering.sql.contains("INSERT") ? "DELETE FROM events" : tampering.sql) }
        let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
        try db.execute(sql: tampering.sql)
        for row in triggers { try db.execute(sql: row["sql"] as String) }
      }
      #expect(try !store.verify().isSound)
    }
  }

  @Test func aCutOffHistoryShowsAgainstANotedHash() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      try Self.observe(store, 1, 1)
      let noted = try store.verify().head
      let shorter = try store.rebuild(at: 1, to: folder + "/b.campaign")
      #expect(try shorter.verify().isSound)
      #expect(try !shorter.verify(head: noted).isSound)
      try Self.observe(store, 2, 1)
      #expect(try store.verify(head: noted).isSound)
    }
  }

  @Test func twoWritersTakeTurns() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.campaign"
      _ = try Self.make(path)
      let stores = try (0..<2).map { _ in try CampaignStore(opening: path) }
      nonisolated(unsafe) var failures: [any Error] = []
      let lock = NSLock()
      DispatchQueue.concurrentPerform(iterations: 2) { k in
        for i in 0..<40 {
          do { try Self.observe(stores[k], 1 + i % 5, Double(k)) } catch { lock.withLock { failures.append(error) } }
        }
      }
      #expect(failures.isEmpty, "\(failures)")
      let state = try stores[0].snapshot()
      #expect(state.observations.count == 80 && state.observations.map(\.id) == Array(1...80))
      #expect(try stores[1].verify().isSound)
    }
  }

  @Test func aStepFromAStaleViewIsRefused() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      try Self.observe(store, 1, 1)
      #expect(throws: CampaignStoreError.moved(expected: 1, found: 2)) {
        try store.append(.observed, detail: ["n": 1], actor: "ben", expecting: 1) { _ in }
      }
      #expect(try store.head() == 2)
    }
  }

  @Test func aStepThatFailsLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign")
      let before = try store.dump()
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        try store.append(.observed, detail: ["n": 1], actor: "ben") { writer in
          try writer.insert(ObservationRecord(candidate: 1, property: "sigma", value: 1, unit: "S/cm"))
          throw Stop()
        }
      }
      // An unknown candidate is caught by the foreign key at the end of the step.
      #expect(throws: CampaignStoreError.self) { try Self.observe(store, 77, 1) }
      #expect(try store.dump() == before)
    }
  }

  @Test func foreignFilesAreLeftAlone() throws {
    try withTemporaryFolder { folder in
      let text = folder + "/notes.campaign"
      try FileContents.write(Data("not a database, and long enough to be looked at as one\n".utf8), to: text)
      #expect(throws: CampaignStoreError.foreign(text)) { try CampaignStore(opening: text) }
      let other = folder + "/other.sqlite"
      let queue = try DatabaseQueue(path: other)
      try queue.write { try $0.execute(sql: "CREATE TABLE t (x)") }
      try queue.close()
      let before = try FileContents.read(other)
      #expect(throws: CampaignStoreError.foreign(other)) { try CampaignStore(opening: other) }
      #expect(try FileContents.read(other) == before)
      #expect(throws: CampaignStoreError.missing(folder + "/none")) { try CampaignStore(opening: folder + "/none") }
      #expect(throws: CampaignStoreError.exists(text)) { try Self.make(text) }
    }
  }

  @Test func newerStoresAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.campaign"
      _ = try Self.make(path)
      let queue = try DatabaseQueue(path: path)
      try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9: from the future')") }
      try queue.close()
      #expect(throws: CampaignStoreError.newer(path)) { try CampaignStore(opening: path) }
    }
  }

  @Test func aFullDiskLosesNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.campaign"
      let store = try Self.make(path)
      try Self.observe(store, 1, 1)
      // A limit of pages gives the error code of a full disk.
      try store.limitPages(60)
      var written = 2
      var error: CampaignStoreError?
      for i in 0..<10_000 where error == nil {
        do {
          try store.append(.observed, detail: ["text": String(repeating: "x", count: 2000)], actor: "ben") { writer in
            try writer.insert(ObservationRecord(candidate: 1, property: "sigma", value: Double(i), unit: "S/cm"))
          }
          written += 1
        } catch let full as CampaignStoreError { error = full }
      }
      #expect(error == .diskFull(path))
      let found = try store.verify()
      #expect(found.isSound && found.events == written)
      try store.limitPages(100_000)
      try Self.observe(store, 2, 2)
      #expect(try CampaignStore(opening: path).verify().events == written + 1)
    }
  }

  @Test func aHundredThousandCandidates() throws {
    try withTemporaryFolder { folder in
      let store = try Self.make(folder + "/a.campaign", candidates: 100_000)
      #expect(try store.snapshot().candidates.count == 100_000)
      #expect(try store.verify().rows == 100_000)
    }
  }
}
