import Foundation

/// Whole files in and out.
public enum FileContents {
  /// The name that stands for standard input or output.
  public static let standardStream = "-"

  /// The bytes of a file, or of standard input for `-`.
  ///
  /// - Throws: `FileError.notFound`, `.isDirectory`, `.notReadable`.
  public static func read(_ path: String) throws(FileError) -> Data {
    if path == standardStream {
      do {
        return try FileHandle.standardInput.readToEnd() ?? Data()
      } catch {
        throw .notReadable("standard input", reason: error.localizedDescription)
      }
    }
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .notFound(path)
    }
    if isDirectory.boolValue { throw .isDirectory(path) }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .notReadable(path, reason: error.localizedDescription)
    }
  }

  /// Writes a file whole or not at all: to a temporary name beside it, then renamed.
  ///
  /// A reader never sees a part of the file, and a killed writer leaves the old one. Missing
  /// folders are made. `-` writes to standard output.
  /// - Throws: `FileError.notWritable`.
  public static func write(_ data: Data, to path: String) throws(FileError) {
    if path == standardStream {
      try writeToStandardOutput(data)
      return
    }
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(
      ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: temporary)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw .notWritable(path, reason: reason(error))
    }
    guard rename(temporary.path, url.path) == 0 else {
      let reason = String(cString: strerror(errno))
      try? FileManager.default.removeItem(at: temporary)
      throw .notWritable(path, reason: reason)
    }
  }

  private static func writeToStandardOutput(_ data: Data) throws(FileError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      // A closed pipe, as in `superionic rank … -o - | head`, is no error of ours.
      if errno != EPIPE { throw .notWritable("standard output", reason: reason(error)) }
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? (error as NSError)).localizedDescription
  }
}
