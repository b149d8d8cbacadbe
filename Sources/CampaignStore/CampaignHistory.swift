import FileIO
import Foundation
import GRDB

/// What `verify` found.
public struct CampaignVerification: Sendable, Equatable {
  public let events: Int
  public let rows: Int
  /// The hash of the last event. Whoever notes it down can tell later that nothing before it was changed or
  /// cut off.
  public let head: String
  /// In the order of events; empty for a sound history.
  public let problems: [String]

  public var isSound: Bool { problems.isEmpty }
}

extension CampaignStore {
  /// Recomputes every hash from the rows and checks the database itself.
  ///
  /// - Parameter noted: a hash that was noted down before; it must be in the history.
  /// - Complexity: O(bytes of the store).
  public func verify(head noted: String? = nil) throws(CampaignStoreError) -> CampaignVerification {
    try reading { db in
      var problems: [String] = []
      for message in try String.fetchAll(db, sql: "PRAGMA integrity_check") where message != "ok" {
        problems.append("SQLite: \(message)")
      }
      for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
        let table: String = row["table"] ?? ""
        problems.append("a row of \(table) refers to one that is not there")
      }
      let triggers = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'") ?? 0
      if triggers != 2 * (CampaignSchema.recordTables.count + 1) {
        problems.append("a trigger that keeps the history append-only is missing")
      }
      var previous = CanonicalText.genesis
      var count = 0
      var rowCount = 0
      var seen = Set<String>()
      let events = try Row.fetchCursor(db, sql: "SELECT * FROM events ORDER BY seq")
      while let row = try events.next() {
        let event = try CampaignEvent(row: row)
        count += 1
        if event.seq != count { problems.append("event \(count) is missing") }
        count = event.seq
        if event.previous != previous { problems.append("event \(event.seq) does not follow the one before it") }
        var digests: [String: Digest] = [:]
        try Self.forEachRow(of: event.seq, db) { table, values in
          rowCount += 1
          digests[table, default: Digest()].update(CanonicalText.row(table, values))
        }
        if EventWriter.combined(digests) != event.rows {
          problems.append("event \(event.seq) (\(event.kind.rawValue)): its rows were changed, added to or removed")
        }
        let hash = CanonicalText.hash(
          previous: event.previous, seq: event.seq, time: event.time, actor: event.actor,
          kind: event.kind.rawValue, detail: event.detail, rows: event.rows)
        if hash != event.hash { problems.append("event \(event.seq) (\(event.kind.rawValue)) was changed") }
        previous = event.hash
        seen.insert(event.hash)
      }
      for table in CampaignSchema.recordTables {
        let stray =
          try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table) WHERE event > ?", arguments: [count]) ?? 0
        if stray > 0 { problems.append("\(stray) rows of \(table) belong to no event") }
      }
      if count == 0 { problems.append("the history is empty") }
      if let noted, !seen.contains(noted) {
        problems.append("no event has the hash \(noted): the history was cut off or rewritten since it was noted")
      }
      return CampaignVerification(events: count, rows: rowCount, head: previous, problems: problems)
    }
  }

  /// The whole state after an event as text: the same bytes whenever and wherever it is asked for.
  ///
  /// - Throws: `.noSuchEvent`.
  public func dump(at event: Int? = nil) throws(CampaignStoreError) -> Data {
    try reading { db in
      var data = Data()
      for row in try Self.events(upTo: event, db) {
        try Self.forEachRow(of: row.seq, db) { data.append(CanonicalText.row($0, $1)) }
        data.append(CanonicalText.row("events", Self.values(row)))
      }
      return data
    }
  }

  /// Writes a store that ends with an event: the past as it was, with the same hashes.
  ///
  /// - Throws: `.exists`, `.noSuchEvent`.
  public func rebuild(at event: Int?, to target: String) throws(CampaignStoreError) -> CampaignStore {
    guard !FileManager.default.fileExists(atPath: target) else { throw .exists(target) }
    do {
      try queue.read { source in
        let events = try Self.events(upTo: event, source)
        guard let first = events.first else { throw CampaignStoreError.noSuchEvent(0, last: 0) }
        let temporary = target + ".\(ProcessInfo.processInfo.processIdentifier).partial"
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        let copy = try DatabaseQueue(path: temporary)
        try copy.writeWithoutTransaction {
          try $0.execute(sql: "PRAGMA application_id = \(CampaignSchema.applicationID)")
        }
        try CampaignSchema.migrator.migrate(copy)
        try copy.write { db in
          var previous: CampaignEvent?
          for event in [first] + events.dropFirst() {
            var writer = EventWriter(db: db, seq: event.seq)
            try Self.forEachRow(of: event.seq, source) { try writer.insert($0, $1) }
            let sealed = try writer.seal(
              event.kind, detail: event.detail, actor: event.actor, time: event.time, previous: previous)
            guard sealed == event else {
              throw CampaignStoreError.corrupt(self.path, reason: "event \(event.seq) does not match its hash")
            }
            previous = sealed
          }
        }
        try copy.close()
        guard rename(temporary, target) == 0 else {
          throw CampaignStoreError.failure(target, reason: String(cString: strerror(errno)))
        }
      }
    } catch {
      throw CampaignStoreError(error, path: target)
    }
    return try CampaignStore(opening: target)
  }

  private static func events(upTo event: Int?, _ db: Database) throws -> [CampaignEvent] {
    let last = try lastEvent(db)?.seq ?? 0
    let limit = event ?? last
    guard limit >= 1, limit <= last else { throw CampaignStoreError.noSuchEvent(limit, last: last) }
    return try Row.fetchAll(db, sql: "SELECT * FROM events WHERE seq <= ? ORDER BY seq", arguments: [limit])
      .map(CampaignEvent.init(row:))
  }

  private static func values(_ event: CampaignEvent) -> [DatabaseValue] {
    [
      event.seq.databaseValue, event.time.databaseValue, event.actor.databaseValue,
      event.kind.rawValue.databaseValue, event.detail.databaseValue, event.rows.databaseValue,
      event.previous.databaseValue, event.hash.databaseValue,
    ]
  }

  private static func forEachRow(
    of event: Int, _ db: Database, _ body: (String, [DatabaseValue]) throws -> Void
  ) throws {
    for table in CampaignSchema.recordTables {
      let columns = (CampaignSchema.columns[table] ?? []).joined(separator: ", ")
      let rows = try Row.fetchCursor(
        db, sql: "SELECT \(columns) FROM \(table) WHERE event = ? ORDER BY id", arguments: [event])
      while let row = try rows.next() { try body(table, Array(row.databaseValues)) }
    }
  }
}
