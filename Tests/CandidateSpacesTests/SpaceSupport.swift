import Foundation

import CandidateSpaces

/// A space file from text.
func space(_ text: String, folder: String = ".") throws -> SpaceFile {
  try SpaceFile(parsing: Data(text.utf8), file: "space.toml", folder: folder)
}

/// The error that a text gives.
func failure(_ text: String) -> String {
  do {
    _ = try space(text)
    return "no error"
  } catch {
    return "\(error)"
  }
}
