import Foundation
import GRDB

/// Why a campaign store could not be used, with its path and what to do.
public enum CampaignStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(String)
  case exists(String)
  /// Not a database, or the database of another program.
  case foreign(String)
  /// Written by a later version.
  case newer(String)
  case locked(String)
  case diskFull(String)
  case readOnly(String)
  case corrupt(String, reason: String)
  /// Another process added to the history meanwhile; nothing was written.
  case moved(expected: Int, found: Int)
  /// History is only ever added to.
  case appendOnly(String)
  case noSuchEvent(Int, last: Int)
  case failure(String, reason: String)

  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such campaign; make one with `superionic campaign init \(path) CANDIDATES.csv …`"
    case .exists(let path): "\(path): is there already; name another file, or go on with this one"
    case .foreign(let path):
      "\(path): is not a campaign store; nothing was changed; check the name, or choose another for a new one"
    case .newer(let path): "\(path): was written by a later version of this program; update, then try again"
    case .locked(let path):
      "\(path): another process is writing; nothing was recorded; try again, or look for a program that hangs"
    case .diskFull(let path):
      "\(path): the disk is full; nothing of this step was recorded and all earlier entries are safe; make room and repeat it"
    case .readOnly(let path): "\(path): cannot be written to; check its permissions and those of its folder"
    case .corrupt(let path, let reason): "\(path): is damaged (\(reason)); go back to a copy, and verify that"
    case .moved(let expected, let found):
      "another process recorded entries meanwhile (\(found) for \(expected)); nothing was recorded; repeat the step"
    case .appendOnly(let path): "\(path): history is only added to; correct an entry by a new one"
    case .noSuchEvent(let event, let last): "there is no event \(event); the last is \(last)"
    case .failure(let path, let reason): "\(path): \(reason)"
    }
  }

  init(_ error: any Error, path: String) {
    if let error = error as? CampaignStoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failure(path, reason: "\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path)
    case .SQLITE_FULL: self = .diskFull(path)
    case .SQLITE_NOTADB: self = .foreign(path)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .readOnly(path)
    case .SQLITE_CORRUPT: self = .corrupt(path, reason: error.message ?? "SQLite cannot read it")
    case .SQLITE_CONSTRAINT where error.message?.contains(CampaignSchema.appendOnlyMessage) == true:
      self = .appendOnly(path)
    default: self = .failure(path, reason: error.description)
    }
  }
}
