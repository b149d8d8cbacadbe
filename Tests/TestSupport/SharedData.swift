import Foundation

/// Public data that lie beside the repository on some machines and are not part of it.
public enum SharedData {
  /// The file `../shared/datasets/NAME` beside the repository, or nil where it is absent.
  public static func url(_ name: String) -> URL? {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let url = root.deletingLastPathComponent().appendingPathComponent("shared/datasets/\(name)")
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// For `.enabled(if:)`; Swift Testing prints the comment beside the skipped test.
  public static func has(_ names: String...) -> Bool { names.allSatisfy { url($0) != nil } }
}
