import Foundation

extension TensorArchive.Tensor.Values {
  /// The name of the number type in safetensors.
  var typeName: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .int64: "I64"
    }
  }

  /// Bytes in one number of a type, or nil for a type that is not supported.
  static func size(of typeName: String) -> Int? {
    switch typeName {
    case "F64", "I64": 8
    case "F32": 4
    default: nil
    }
  }

  var littleEndianBytes: Data {
    switch self {
    case .float64(let values): Self.bytes(values.map(\.bitPattern.littleEndian))
    case .float32(let values): Self.bytes(values.map(\.bitPattern.littleEndian))
    case .int64(let values): Self.bytes(values.map(\.littleEndian))
    }
  }

  init?(littleEndian data: Data, typeName: String) {
    switch typeName {
    case "F64": self = .float64(Self.words(data, as: UInt64.self).map { Double(bitPattern: .init(littleEndian: $0)) })
    case "F32": self = .float32(Self.words(data, as: UInt32.self).map { Float(bitPattern: .init(littleEndian: $0)) })
    case "I64": self = .int64(Self.words(data, as: Int64.self).map { Int64(littleEndian: $0) })
    default: return nil
    }
  }

  private static func bytes<T: BitwiseCopyable>(_ words: [T]) -> Data {
    words.withUnsafeBytes { Data($0) }
  }

  private static func words<T: BitwiseCopyable>(_ data: Data, as type: T.Type) -> [T] {
    let stride = MemoryLayout<T>.stride
    return data.withUnsafeBytes { buffer in
      (0..<buffer.count / stride).map { buffer.loadUnaligned(fromByteOffset: $0 * stride, as: T.self) }
    }
  }
}
