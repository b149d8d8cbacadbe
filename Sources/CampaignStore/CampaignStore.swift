import FileIO
import Foundation
import GRDB

/// The history of one campaign, in one SQLite file that several people and processes share.
///
///     let store = try CampaignStore(opening: "argyrodites.campaign")
///     try store.append(.observed, detail: ["file": "week3.csv"], actor: "anna") { writer in
///       try writer.insert(ObservationRecord(candidate: 17, property: "sigma", value: 2e-3, unit: "S/cm"))
///     }
///
/// Every step is one transaction: an event, sealed by a hash that includes the one before it, and the rows
/// it adds. Nothing is ever changed or deleted; triggers refuse it. The file is in write-ahead-log mode with
/// full synchronisation, so what `append` has returned from survives a killed process and a power cut, and
/// readers never wait for writers.
public final class CampaignStore: Sendable {
  public let path: String
  let queue: DatabaseQueue

  /// How long a writer waits for another one.
  public static let patience: TimeInterval = 20

  /// Opens a store that is there.
  ///
  /// - Throws: `.missing`, `.foreign`, `.newer`, `.locked`, `.corrupt`.
  public init(opening path: String) throws(CampaignStoreError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path) }
    self.path = path
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration())
      try queue.read { db in
        let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard id == CampaignSchema.applicationID else { throw CampaignStoreError.foreign(path) }
        if try CampaignSchema.migrator.hasBeenSuperseded(db) { throw CampaignStoreError.newer(path) }
      }
      if try queue.read({ try !CampaignSchema.migrator.hasCompletedMigrations($0) }) {
        try CampaignSchema.migrator.migrate(queue)
      }
      // Kept by the file itself from the first time on.
      try queue.writeWithoutTransaction { db in
        if try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" {
          _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        }
      }
    } catch {
      throw CampaignStoreError(error, path: path)
    }
  }

  /// Makes a new store with its first event and rows, whole or not at all.
  ///
  /// It is built under a temporary name beside `path` and then renamed.
  /// - Throws: `.exists`; `.diskFull`, `.readOnly`; what `body` throws as `.failure`.
  public static func create(
    at path: String, detail: some Encodable, actor: String, time: String = now(), pageLimit: Int? = nil,
    _ body: (inout EventWriter) throws -> Void
  ) throws(CampaignStoreError) -> CampaignStore {
    guard !FileManager.default.fileExists(atPath: path) else { throw .exists(path) }
    let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      defer { try? FileManager.default.removeItem(atPath: temporary) }
      try? FileManager.default.removeItem(atPath: temporary)
      let queue = try DatabaseQueue(path: temporary, configuration: configuration(pageLimit: pageLimit))
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(CampaignSchema.applicationID)") }
      try CampaignSchema.migrator.migrate(queue)
      try queue.inTransaction(.immediate) { db in
        var writer = EventWriter(db: db, seq: 1)
        try body(&writer)
        _ = try writer.seal(.created, detail: CanonicalText.json(detail), actor: actor, time: time, previous: nil)
        return .commit
      }
      try queue.close()
      guard rename(temporary, path) == 0 else {
        throw CampaignStoreError.failure(path, reason: String(cString: strerror(errno)))
      }
    } catch {
      throw CampaignStoreError(error, path: path)
    }
    return try CampaignStore(opening: path)
  }

  private static func configuration(pageLimit: Int? = nil) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
    }
    return configuration
  }

  /// Adds one event with its rows; both are on the disk when this returns.
  ///
  /// - Parameters:
  ///   - kind: what the step is, such as `.observed`.
  ///   - detail: what to remember about the step, as JSON.
  ///   - actor: who takes the step, as the history names them.
  ///   - head: if given, the step is refused when the history has moved past it.
  ///   - time: UTC, ISO 8601 with milliseconds.
  ///   - body: inserts rows; whatever it throws undoes the step and is thrown on.
  /// - Throws: `.moved`, `.locked`, `.diskFull`, `.readOnly`.
  @discardableResult
  public func append(
    _ kind: CampaignEvent.Kind, detail: some Encodable, actor: String, expecting head: Int? = nil,
    time: String = now(), _ body: (inout EventWriter) throws -> Void
  ) throws -> CampaignEvent {
    do {
      var event: CampaignEvent?
      try queue.inTransaction(.immediate) { db in
        let last = try Self.lastEvent(db)
        let seq = last.map { $0.seq } ?? 0
        if let head, head != seq { throw CampaignStoreError.moved(expected: head, found: seq) }
        var writer = EventWriter(db: db, seq: seq + 1)
        try body(&writer)
        event = try writer.seal(kind, detail: CanonicalText.json(detail), actor: actor, time: time, previous: last)
        return .commit
      }
      guard let event else { throw CampaignStoreError.failure(path, reason: "the step was not recorded") }
      return event
    } catch let error as DatabaseError {
      throw CampaignStoreError(error, path: path)
    }
  }

  /// The current time as events record it.
  public static func now() -> String {
    Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  static func lastEvent(_ db: Database) throws -> CampaignEvent? {
    try Row.fetchOne(db, sql: "SELECT * FROM events ORDER BY seq DESC LIMIT 1").map(CampaignEvent.init(row:))
  }

  /// Runs `body` on one consistent view, whatever others write meanwhile.
  func reading<T>(_ body: (Database) throws -> T) throws(CampaignStoreError) -> T {
    do {
      return try queue.read(body)
    } catch {
      throw CampaignStoreError(error, path: path)
    }
  }
}

extension CampaignEvent {
  init(row: Row) throws {
    guard let kind = Kind(rawValue: row["kind"]) else {
      throw CampaignStoreError.failure("events", reason: "holds a kind of event that this version lacks")
    }
    self.init(
      seq: row["seq"], time: row["time"], actor: row["actor"], kind: kind, detail: row["detail"],
      rows: row["rows"], previous: row["previous"], hash: row["hash"])
  }
}

/// Inserts the rows of one event and digests them.
public struct EventWriter {
  let db: Database
  /// The event that is being written.
  public let seq: Int
  private var digests: [String: Digest] = [:]
  private var nextID: [String: Int] = [:]
  private var statements: [String: Statement] = [:]

  init(db: Database, seq: Int) {
    self.db = db
    self.seq = seq
  }

  /// Inserts a record; its id follows the last of its table.
  ///
  /// - Returns: the record with its id and event.
  @discardableResult
  public mutating func insert<R: CampaignRecord>(_ record: R) throws -> R {
    var stored = record
    if nextID[R.table] == nil {
      nextID[R.table] = (try Int.fetchOne(db, sql: "SELECT max(id) FROM \(R.table)") ?? 0) + 1
    }
    stored.id = nextID[R.table, default: 1]
    nextID[R.table, default: 1] += 1
    stored.event = seq
    guard let row = stored as? any StoredRecord else { return stored }
    try insert(R.table, row.databaseValues())
    return stored
  }

  /// Inserts a row as it is, as when a history is copied.
  mutating func insert(_ table: String, _ values: [DatabaseValue]) throws {
    if statements[table] == nil {
      let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
      let columns = (CampaignSchema.columns[table] ?? []).joined(separator: ", ")
      statements[table] = try db.makeStatement(sql: "INSERT INTO \(table) (\(columns)) VALUES (\(marks))")
    }
    try statements[table]?.execute(arguments: StatementArguments(values))
    digests[table, default: Digest()].update(CanonicalText.row(table, values))
  }

  /// Writes the event itself. The foreign keys of its rows hold because they are checked at commit.
  mutating func seal(
    _ kind: CampaignEvent.Kind, detail: String, actor: String, time: String, previous: CampaignEvent?
  ) throws -> CampaignEvent {
    let rows = Self.combined(digests)
    let before = previous?.hash ?? CanonicalText.genesis
    let hash = CanonicalText.hash(
      previous: before, seq: seq, time: time, actor: actor, kind: kind.rawValue, detail: detail, rows: rows)
    try db.execute(
      sql: "INSERT INTO events (seq, time, actor, kind, detail, rows, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [seq, time, actor, kind.rawValue, detail, rows, before, hash])
    return CampaignEvent(
      seq: seq, time: time, actor: actor, kind: kind, detail: detail, rows: rows, previous: before, hash: hash)
  }

  /// One digest over those of the tables; empty for no rows.
  static func combined(_ digests: [String: Digest]) -> String {
    let parts = CampaignSchema.recordTables.compactMap { table in
      digests[table].map { "\(table) \($0.hexadecimal)\n" }
    }
    return parts.isEmpty ? "" : Digest.sha256(Data(parts.joined().utf8))
  }
}

extension CampaignStore {
  /// Makes the file behave as on a disk with room for so many pages; for tests of a full one.
  package func limitPages(_ count: Int) throws {
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
  }
}
