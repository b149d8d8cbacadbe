import FileIO
import Foundation
import GRDB

/// The one way in which rows and events become bytes to be hashed and dumped.
enum CanonicalText {
  /// JSON with sorted keys and no spaces.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A row of a table: every value with its type and length, doubles by their bits, so that no two rows
  /// have one text and no double is rounded.
  static func row(_ table: String, _ values: [DatabaseValue]) -> Data {
    var data = Data()
    func put(_ text: String) { data.append(contentsOf: text.utf8) }
    put("\(table)\t")
    for value in values {
      switch value.storage {
      case .null: put("n;")
      case .int64(let integer): put("i\(integer);")
      case .double(let double): put("d\(String(double.bitPattern, radix: 16));")
      case .string(let text):
        put("t\(text.utf8.count):")
        put(text)
        put(";")
      case .blob(let blob):
        put("b\(blob.count):")
        put(blob.base64EncodedString())
        put(";")
      }
    }
    put("\n")
    return data
  }

  static func hash(
    previous: String, seq: Int, time: String, actor: String, kind: String, detail: String, rows: String
  ) -> String {
    Digest.sha256(
      row(
        "events",
        [
          previous.databaseValue, seq.databaseValue, time.databaseValue, actor.databaseValue, kind.databaseValue,
          detail.databaseValue, rows.databaseValue,
        ]))
  }

  /// The hash before the first.
  static let genesis = String(repeating: "0", count: 64)
}
