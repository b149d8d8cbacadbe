import GRDB

/// The tables of a store, and how they came to be from one version to the next.
enum CampaignSchema {
  /// `SpIo`, so that the database of another program is told from ours.
  static let applicationID: Int32 = 0x5370_496F

  static let appendOnlyMessage = "history is append-only"

  /// Tables whose rows belong to an event, in the order in which they are hashed.
  static let recordTables = ["candidates", "observations", "models", "suggestions", "decisions"]

  static let columns: [String: [String]] = [
    "candidates": ["id", "event", "name", "formula", "family", "source", "extra"],
    "observations": [
      "id", "event", "candidate", "property", "value", "unit", "censoring", "noise", "reported", "who",
      "measured_at", "source", "supersedes",
    ],
    "models": ["id", "event", "property", "summary", "archive"],
    "suggestions": ["id", "event", "batch", "place", "candidate", "score", "explanation"],
    "decisions": ["id", "event", "candidate", "observation", "verdict", "reason"],
  ]

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: events, candidates, observations, models, suggestions, decisions") { db in
      try db.execute(
        sql: """
          CREATE TABLE events (
            seq INTEGER PRIMARY KEY, time TEXT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
            detail TEXT NOT NULL, rows TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE);
          CREATE TABLE candidates (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events(seq) DEFERRABLE INITIALLY DEFERRED, name TEXT NOT NULL UNIQUE,
            formula TEXT NOT NULL, family TEXT NOT NULL, source TEXT NOT NULL, extra TEXT NOT NULL);
          CREATE TABLE observations (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events(seq) DEFERRABLE INITIALLY DEFERRED,
            candidate INTEGER NOT NULL REFERENCES candidates(id), property TEXT NOT NULL, value REAL NOT NULL,
            unit TEXT NOT NULL, censoring INTEGER NOT NULL CHECK (censoring IN (-1, 0, 1)), noise REAL,
            reported TEXT NOT NULL, who TEXT NOT NULL, measured_at TEXT NOT NULL, source TEXT NOT NULL,
            supersedes INTEGER REFERENCES observations(id));
          CREATE TABLE models (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events(seq) DEFERRABLE INITIALLY DEFERRED, property TEXT NOT NULL,
            summary TEXT NOT NULL, archive BLOB NOT NULL);
          CREATE TABLE suggestions (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events(seq) DEFERRABLE INITIALLY DEFERRED, batch INTEGER NOT NULL,
            place INTEGER NOT NULL, candidate INTEGER NOT NULL REFERENCES candidates(id), score REAL NOT NULL,
            explanation TEXT NOT NULL);
          CREATE TABLE decisions (
            id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events(seq) DEFERRABLE INITIALLY DEFERRED,
            candidate INTEGER REFERENCES candidates(id), observation INTEGER REFERENCES observations(id),
            verdict TEXT NOT NULL, reason TEXT NOT NULL);
          CREATE INDEX candidates_event ON candidates(event);
          CREATE INDEX observations_event ON observations(event);
          CREATE INDEX observations_candidate ON observations(candidate, property);
          CREATE INDEX models_event ON models(event);
          CREATE INDEX suggestions_event ON suggestions(event);
          CREATE INDEX decisions_event ON decisions(event);
          """)
      for table in ["events"] + recordTables {
        for action in ["UPDATE", "DELETE"] {
          try db.execute(
            sql: """
              CREATE TRIGGER \(table)_no_\(action.lowercased()) BEFORE \(action) ON \(table)
              BEGIN SELECT RAISE(ABORT, '\(appendOnlyMessage)'); END
              """)
        }
      }
    }
    return migrator
  }
}
