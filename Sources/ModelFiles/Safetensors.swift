import FileIO
import Foundation

/// Model files in the safetensors format: a JSON header, then raw little-endian numbers.
///
/// Nothing in such a file is ever executed. Any safetensors reader opens it; this one also
/// demands the version and the SHA-256 digest that this program writes into the metadata, so a
/// file that is newer, cut short or altered is refused.
///
/// Format: 8 bytes, the length of the header as a little-endian integer; the header, a JSON
/// object of `name: {dtype, shape, data_offsets}` with text under `__metadata__`; the data.
/// See https://huggingface.co/docs/safetensors.
public enum Safetensors {
  /// The version of the contents that this program writes, and the newest it reads.
  public static let formatVersion = 2

  static let versionKey = "superionic.format"
  static let digestKey = "superionic.sha256"
  /// Longer headers are refused before they are read into memory.
  static let headerLimit = 100_000_000

  /// The bytes of a file that holds `archive`; equal archives give equal bytes.
  public static func encode(_ archive: TensorArchive) throws(SafetensorsError) -> Data {
    var payload = Data()
    var header: [String: Entry] = [:]
    for (name, tensor) in archive.tensors.sorted(by: { $0.key < $1.key }) {
      let start = payload.count
      payload.append(tensor.values.littleEndianBytes)
      header[name] = Entry(
        dtype: tensor.values.typeName, shape: tensor.shape, data_offsets: [start, payload.count])
    }
    var metadata = archive.metadata
    metadata[versionKey] = String(formatVersion)
    metadata[digestKey] = nil
    metadata[digestKey] = try digest(header: header, metadata: metadata, payload: payload)
    var text = try json(Header(entries: header, metadata: metadata))
    // Padding keeps the data aligned to eight bytes.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    var file = Data()
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(text)
    file.append(payload)
    return file
  }

  /// The archive in the bytes of a file.
  ///
  /// - Throws: `SafetensorsError`, without ever reading outside `data`.
  public static func decode(_ data: Data) throws(SafetensorsError) -> TensorArchive {
    let data = Data(data)
    guard data.count >= 8 else { throw .notSafetensors }
    let length = data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
    guard length <= headerLimit else { throw .notSafetensors }
    guard data.count >= 8 + Int(length) else { throw .truncated }
    let text = data[8..<8 + Int(length)]
    guard let header = try? JSONDecoder().decode(Header.self, from: text) else { throw .notSafetensors }
    let payload = data[(8 + Int(length))...]

    guard let version = header.metadata[versionKey].flatMap(Int.init) else { throw .notSuperionic }
    guard version <= formatVersion else { throw .newer(version) }
    try checkOffsets(header.entries, payload: payload.count)
    var metadata = header.metadata
    let expected = metadata.removeValue(forKey: digestKey)
    guard try digest(header: header.entries, metadata: metadata, payload: Data(payload)) == expected
    else { throw .altered }
    metadata[versionKey] = nil

    var tensors: [String: TensorArchive.Tensor] = [:]
    for (name, entry) in header.entries {
      let bytes = payload[payload.startIndex + entry.data_offsets[0]..<payload.startIndex + entry.data_offsets[1]]
      guard let values = TensorArchive.Tensor.Values(littleEndian: bytes, typeName: entry.dtype) else {
        throw .unsupportedType(entry.dtype)
      }
      tensors[name] = TensorArchive.Tensor(shape: entry.shape, values: values)
    }
    return TensorArchive(tensors: tensors, metadata: metadata)
  }

  /// Every tensor lies inside the data, has the size its shape says, and the data has no gaps.
  private static func checkOffsets(_ entries: [String: Entry], payload: Int) throws(SafetensorsError) {
    var end = 0
    let inOrder = entries.values.sorted { $0.data_offsets.lexicographicallyPrecedes($1.data_offsets) }
    for entry in inOrder {
      guard let size = TensorArchive.Tensor.Values.size(of: entry.dtype) else {
        throw .unsupportedType(entry.dtype)
      }
      var bytes = size
      for dimension in entry.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else { throw .altered }
        bytes = product
      }
      let (next, overflow) = end.addingReportingOverflow(bytes)
      guard !overflow, entry.data_offsets == [end, next] else { throw .altered }
      end = next
    }
    if end > payload { throw .truncated }
    if end < payload { throw .altered }
  }

  private static func digest(
    header: [String: Entry], metadata: [String: String], payload: Data
  ) throws(SafetensorsError) -> String {
    var digest = Digest()
    digest.update(try json(Header(entries: header, metadata: metadata)))
    digest.update(payload)
    return digest.hexadecimal
  }

  private static func json(_ header: Header) throws(SafetensorsError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(header)
    } catch {
      throw .notEncodable(String(describing: error))
    }
  }

  struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The JSON object, with its two kinds of value under one level of keys.
  struct Header: Codable {
    var entries: [String: Entry]
    var metadata: [String: String]

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(_ text: String) { stringValue = text }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(entries: [String: Entry], metadata: [String: String]) {
      self.entries = entries
      self.metadata = metadata
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      entries = [:]
      metadata = [:]
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(metadata, forKey: Key("__metadata__"))
      for (name, entry) in entries { try container.encode(entry, forKey: Key(name)) }
    }
  }
}

/// Why a model file was refused.
public enum SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  case notSafetensors
  case notSuperionic
  case newer(Int)
  case truncated
  case altered
  case unsupportedType(String)
  case notEncodable(String)

  public var description: String {
    switch self {
    case .notSafetensors: "not a model file; give a file that `superionic train` wrote"
    case .notSuperionic:
      "a safetensors file of another program; give a file that `superionic train` wrote"
    case .newer(let version):
      "the file has format \(version) and this program reads up to \(Safetensors.formatVersion); "
        + "update superionic or train again"
    case .truncated: "the file is cut short; copy it again or train again"
    case .altered: "the file was altered since it was written (its digest does not match); train again"
    case .unsupportedType(let name): "numbers of type \(name) are not supported; train again"
    case .notEncodable(let reason): "the model cannot be written (\(reason))"
    }
  }
}
