import Foundation
import ModelFiles
import Testing

@Suite struct SafetensorsTests {
  static let archive: TensorArchive = {
    var archive = TensorArchive()
    archive.set("b.matrix", [1.5, -2, .pi, 0, 5e-300, 1e308], shape: [2, 3])
    archive.set("a", [Float(0.1), 3])
    archive.set("integers", [-1, 0, Int.max])
    archive.set("empty", [Double](), shape: [0, 4])
    archive.set("kind", text: "ridge \"quoted\" Li₃N")
    return archive
  }()

  @Test func roundTripIsExact() throws {
    let data = try Safetensors.encode(Self.archive)
    #expect(try Safetensors.decode(data) == Self.archive)
    #expect(try Safetensors.encode(Self.archive) == data)
  }

  /// The layout that other readers rely on.
  @Test func headerIsSafetensorsJSON() throws {
    let data = try Safetensors.encode(Self.archive)
    let length = Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    #expect((8 + length) % 8 == 0)
    let json = try JSONSerialization.jsonObject(with: data[8..<8 + length])
    let header = try #require(json as? [String: [String: Any]])
    #expect(header["__metadata__"]?["kind"] as? String == "ridge \"quoted\" Li₃N")
    #expect(header["a"]?["dtype"] as? String == "F32")
    #expect(header["a"]?["data_offsets"] as? [Int] == [0, 8])
    #expect(header["b.matrix"]?["shape"] as? [Int] == [2, 3])
  }

  @Test func everyAlteredByteIsRefused() throws {
    let data = try Safetensors.encode(Self.archive)
    for i in data.indices {
      var altered = data
      altered[i] ^= 0x04
      #expect(throws: SafetensorsError.self, "byte \(i)") { try Safetensors.decode(altered) }
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try Safetensors.encode(Self.archive)
    for length in 0..<data.count {
      #expect(throws: SafetensorsError.self, "first \(length) bytes") {
        try Safetensors.decode(data.prefix(length))
      }
    }
    #expect(throws: SafetensorsError.truncated) { try Safetensors.decode(data.dropLast()) }
    #expect(throws: SafetensorsError.altered) { try Safetensors.decode(data + Data([0])) }
  }

  @Test func otherAndNewerFilesSaySo() throws {
    func file(_ header: String) -> Data {
      var data = Data()
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
      return data + Data(header.utf8)
    }
    #expect(throws: SafetensorsError.notSuperionic) { try Safetensors.decode(file("{}")) }
    #expect(throws: SafetensorsError.newer(99)) {
      try Safetensors.decode(file(#"{"__metadata__":{"superionic.format":"99"}}"#))
    }
    #expect(throws: SafetensorsError.notSafetensors) { try Safetensors.decode(Data("formula,x\n1,2\n".utf8)) }
    #expect(throws: SafetensorsError.altered) {
      try Safetensors.decode(
        file(
          #"{"__metadata__":{"superionic.format":"1"},"x":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#
        ))
    }
  }
}
