import Foundation

/// Why a file could not be read or written, with its path and what to do.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(String)
  case isDirectory(String)
  case notReadable(String, reason: String)
  case notWritable(String, reason: String)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): no such file; check the name and the folder"
    case .isDirectory(let path): "\(path): is a folder; name a file in it"
    case .notReadable(let path, let reason): "\(path): cannot be read (\(reason))"
    case .notWritable(let path, let reason): "\(path): cannot be written (\(reason))"
    }
  }
}
