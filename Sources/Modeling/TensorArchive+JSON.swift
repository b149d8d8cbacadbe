import Foundation
import ModelFiles

extension TensorArchive {
  /// Keeps a value as JSON text, keys sorted so that equal values give equal bytes.
  mutating func set(_ name: String, json value: some Encodable) throws(ArchiveError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      set(name, text: String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      throw .invalid(name, reason: "cannot be written as JSON")
    }
  }

  func json<T: Decodable>(_ name: String, as type: T.Type) throws(ArchiveError) -> T {
    let text = try text(name)
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .invalid(name, reason: "is not what this version writes there")
    }
  }
}
